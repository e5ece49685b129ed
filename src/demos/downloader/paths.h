/* Where things are: below the server, and in the directory. What is returned is to be freed; NULL: out
 * of memory. */
#ifndef PATHS_H
#define PATHS_H

/* "br/br.gif", "br/metadata.json" of BR */
char *path_of_flag(const char *code);
char *path_of_metadata(const char *code);

/* "Viet_Nam.gif": no blanks or control characters, and nothing that would name another directory or
 * hide the file. */
char *file_name_of_country(const char *country);

/* "f.bin" of "a/b/f.bin". Part of `path`. */
const char *last_part(const char *path);

#endif
