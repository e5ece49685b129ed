/* flags2 with a second request: the country's name, which the file gets. Each request waits for a
 * turn of its own. */
#include <stdio.h>
#include <stdlib.h>

#include "downloader/events.h"
#include "downloader/get.h"
#include "downloader/json.h"
#include "downloader/paths.h"

enum { FLAG_MAX = 16 << 20, METADATA_MAX = 65536, COUNTRY_SIZE = 128 };

/* `path` is given away; NULL: there was no memory for it. */
static int get(download *self, char *path, size_t limit, sp_response *response)
{
  int result = path ? get_body(self, path, limit, response) : SP_ENOMEM;
  free(path);
  return result;
}

static int get_country(download *self, char *country)
{
  sp_response metadata;
  int result = get(self, path_of_metadata(self->name), METADATA_MAX, &metadata);
  if (result < 0) return result;
  if (!json_find_string(metadata.body, "country", country, COUNTRY_SIZE) || !*country) {
    result = sp_fail(SP_EPROTOCOL, "%s: no country's name that fits is in it", metadata.url);
  }
  sp_response_free(&metadata);
  return result;
}

static int save(download *self, const char *country, const sp_response *image)
{
  char *name = file_name_of_country(country);
  const char *path = name ? path_of_file(self, name) : NULL;
  free(name);
  if (!path) return SP_ENOMEM;
  const download *other = downloader_find_file(self);
  if (other) return sp_fail(SP_EINVAL, "%s: that name has the flag of %s", path, other->name);
  event_phase(self, "saving");
  self->bytes = image->body_size;
  return sp_write_file(path, image->body, image->body_size);
}

static int download_flag(download *self)
{
  char country[COUNTRY_SIZE];
  sp_response image;
  int result = get(self, path_of_flag(self->name), FLAG_MAX, &image);
  if (result < 0) return result;
  result = get_country(self, country);
  if (result == 0) result = save(self, country, &image);
  sp_response_free(&image);
  return result;
}

int main(int argc, char **argv)
{
  return downloader_main("flags3", false, argc, argv, download_flag);
}
