/* Asking the server for something, in a turn of the downloader's semaphore, again where that may help. */
#ifndef GET_H
#define GET_H

#include "downloader.h"

/* Gets what is at `path` below the server: 0 with all of it in `response`, to be freed with
 * sp_response_free; more than `limit` bytes are an error. Suspends. */
int get_body(download *self, const char *path, size_t limit, sp_response *response);

/* The same into a file of that name in the downloader's directory, piece by piece, which threads
 * of the loop's executor write: 0 with all of it in *file, which is still to be committed, and to be
 * freed. Suspends. */
int get_file(download *self, const char *path, const char *name, sp_file **file);

/* Where the downloader saves a file of that name: self->file, which the download keeps. NULL: out of
 * memory. */
const char *path_of_file(download *self, const char *name);

#endif
