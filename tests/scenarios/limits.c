/* What the process may not have more of is an error that says so: threads, a file's size, open files.
 * @targets native
 * @without native-asan native-aarch64 native-i386 native-s390x: nor does an emulator limit a program's memory */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "spindle.h"

static struct rlimit before;

/* As little more as a thread's stack does not fit in. */
static void limit_memory(void)
{
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld", &pages) != 1 || fclose(file) != 0) abort();
  getrlimit(RLIMIT_AS, &before);
  rlim_t most = (rlim_t)(pages * sysconf(_SC_PAGESIZE)) + (4 << 20);
  setrlimit(RLIMIT_AS, &(struct rlimit){.rlim_cur = most, .rlim_max = before.rlim_max});
}

static int answer(void *arg)
{
  (void)arg;
  return 42;
}

static void show(const char *what, int result)
{
  printf("%s: %d", what, result);
  printf("%s%s\n", result < 0 ? ", " : "", result < 0 ? sp_error_message() : "");
}

static int without_threads(void *arg)
{
  (void)arg;
  void *data;
  size_t size;
  limit_memory();
  show("a thread", sp_to_thread(answer, NULL));
  show("writing", sp_write_file("saved", "text", 4));
  show("reading", sp_read_file("saved", &data, &size));
  setrlimit(RLIMIT_AS, &before);
  show("a thread now", sp_to_thread(answer, NULL));
  show("writing now", sp_write_file("saved", "text", 4));
  return 0;
}

static int too_large(void *arg)
{
  static char bytes[5000];
  (void)arg;
  getrlimit(RLIMIT_FSIZE, &before);
  setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 1000, .rlim_max = before.rlim_max});
  show("too large", sp_write_file("saved", bytes, sizeof bytes));
  show("small enough", sp_write_file("saved", bytes, 1000));
  setrlimit(RLIMIT_FSIZE, &before);
  return unlink("saved");
}

static int never(void *arg)
{
  (void)arg;
  printf("never\n");
  return 0;
}

static void without_descriptors(void)
{
  int next = open("/dev/null", O_RDONLY);
  getrlimit(RLIMIT_NOFILE, &before);
  for (int more = 0; more < 8; more++) {
    rlim_t most = (rlim_t)(next + more);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){.rlim_cur = most, .rlim_max = before.rlim_max});
    sp_loop *loop = sp_loop_new(NULL);
    if (more == 0) show("no descriptors", sp_run(never, NULL));
    if (!loop && strcmp(sp_error_message(),
                        "cannot open an event loop: too many open files "
                        "(ulimit -n)") != 0) {
      printf("%d more: %s\n", more, sp_error_message());
    }
    sp_loop_free(loop);
  }
  setrlimit(RLIMIT_NOFILE, &before);
  close(next);
}

int main(void)
{
  int result = sp_run(without_threads, NULL);
  if (result == 0) result = sp_run(too_large, NULL);
  without_descriptors();
  return result;
}
