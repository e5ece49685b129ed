/* Downloads flags as a program that people use does it: a task a flag, a semaphore that lets only
 * so many at the server at once, a progress bar, and files that threads of the loop's executor
 * write, so that the loop never waits for a disk. On the web, where a program may have no threads,
 * Node or the page writes them meanwhile. */
#include <stdlib.h>

#include "downloader/events.h"
#include "downloader/get.h"
#include "downloader/paths.h"

static int get_and_save(download *self, const char *path)
{
  sp_file *file;
  int result = get_file(self, path, last_part(path), &file);
  if (result == 0) {
    event_phase(self, "saving");
    result = sp_file_commit(file);
  }
  sp_file_free(file);
  return result;
}

static int download_flag(download *self)
{
  if (self->downloader->options.list) return get_and_save(self, self->name);
  char *path = path_of_flag(self->name);
  int result = path ? get_and_save(self, path) : SP_ENOMEM;
  free(path);
  return result;
}

int main(int argc, char **argv)
{
  return downloader_main("flags2", true, argc, argv, download_flag);
}
