/* The little of JSON that the downloaders need: writing strings, reading one. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes a string of UTF-8 with its quotes. What is no UTF-8 becomes U+FFFD. */
void json_write_string(FILE *to, const char *text);

/* Finds the member `name` of the object that `text` is, and copies its value, a string, to `value`
 * as UTF-8 with a NUL; what follows is not looked at. False if there is none, what comes before is
 * not JSON, or `size` is too small. */
bool json_find_string(const char *text, const char *name, char *value, size_t size);

#endif
