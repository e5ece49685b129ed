/* Downloads every path of a list and saves each as a file: a task a path, made when a semaphore, which
 * lets so many at the server at once, has a turn for it; files are written by other threads.
 *   download LIST BASE CONCURRENT FOLDER
 * LIST has a path a line, "a0001.gif"; it is asked of BASE/PATH and saved as FOLDER/PATH. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

typedef struct program {
  const char *list, *base, *folder;
  sp_semaphore turns;
} program;

typedef struct download {
  program *program;
  const char *path;
} download;

static char *join(const char *folder, const char *path)
{
  size_t size = strlen(folder) + strlen(path) + 2;
  char *joined = malloc(size);
  if (joined) snprintf(joined, size, "%s/%s", folder, path);
  return joined;
}

static int get(const download *self, sp_response *response)
{
  char *url = join(self->program->base, self->path);
  if (!url) return SP_ENOMEM;
  int result = sp_fetch(url, NULL, response);
  free(url);
  if (result < 0 || result == 200) return result;
  return sp_fail(SP_EIO, "%s: status %d", self->path, result);
}

static int save(const download *self, const sp_response *response)
{
  char *path = join(self->program->folder, self->path);
  if (!path) return SP_ENOMEM;
  int result = sp_write_file(path, response->body, response->body_size);
  free(path);
  return result;
}

static int run(void *arg)
{
  const download *self = arg;
  sp_response response = {.status = 0};
  int result = get(self, &response);
  sp_semaphore_release(&self->program->turns);
  if (result >= 0) result = save(self, &response);
  sp_response_free(&response);
  return result;
}

static size_t count_lines(const char *text)
{
  size_t count = 0;
  for (; *text; text++) count += *text == '\n';
  return count;
}

static int download_all(program *self, char *list)
{
  size_t count = count_lines(list);
  download *downloads = calloc(count + 1, sizeof *downloads);
  sp_task_group group;
  int result = downloads ? sp_task_group_open(&group) : SP_ENOMEM;
  if (result == 0) {
    for (size_t i = 0; i < count && result == 0; i++) {
      downloads[i] = (download){.program = self, .path = list};
      list = strchr(list, '\n');
      *list++ = '\0';
      result = sp_semaphore_acquire(&self->turns);
      if (result == 0) result = sp_task_group_spawn(&group, run, &downloads[i]);
    }
    result = sp_task_group_close(&group, result);
  }
  free(downloads);
  return result;
}

static int supervisor(void *arg)
{
  program *self = arg;
  void *list;
  size_t size;
  int result = sp_read_file(self->list, &list, &size);
  if (result == 0) result = download_all(self, list);
  free(list);
  return result;
}

int main(int argc, char **argv)
{
  if (argc != 5) {
    fputs("usage: download LIST BASE CONCURRENT FOLDER\n", stderr);
    return 2;
  }
  program self = {.list = argv[1], .base = argv[2], .folder = argv[4]};
  int result = sp_semaphore_init(&self.turns, (int)strtol(argv[3], NULL, 10));
  if (result == 0) result = sp_run(supervisor, &self);
  if (result >= 0) return 0;
  fprintf(stderr, "download: %s\n", sp_error_message());
  return 1;
}
