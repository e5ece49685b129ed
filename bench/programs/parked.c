/* What a task costs that is parked in sp_sleep, TASKS of them at once: of the process's resident
 * memory, or of the kernel's page tables. On the web: of the module's memory. Prints bytes a task. */
#include <spindle.h>
#include <string.h>

#include "measure.h"
#include "memory.h"

static int tasks = 1000000;
static sp_task_options options = {.stack_size = 1024};
static double (*measured)(void) = resident_bytes;
static double grown;

static int park(void *arg)
{
  (void)arg;
  return sp_sleep(1e6);
}

static int run(void *arg)
{
  (void)arg;
  double before = measured();
  for (int i = 0; i < tasks; i++) {
    if (!sp_create_task_with(park, NULL, &options)) return SP_ENOMEM;
  }
  int error = sp_sleep(0);
  grown = measured() - before;
  return error;
}

int main(int count, char **words)
{
  const char *what = count > 1 ? words[1] : "";
  if (strcmp(what, "tables") == 0) measured = page_table_bytes;
  if (count > 2) tasks = atoi(words[2]);
  if (count > 3) options.stack_size = (size_t)atol(words[3]);
  bool known = measured == page_table_bytes || strcmp(what, "resident") == 0;
  if (!known || tasks < 1 || count > 4) return usage("parked resident|tables [TASKS [STACK]]");
  if (sp_run(run, NULL) < 0) return EXIT_FAILURE;
  return print_figure(grown / tasks);
}
