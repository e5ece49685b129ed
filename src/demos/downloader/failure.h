/* The programs' own error codes: HTTP responses that are no success; and names for all codes. */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdbool.h>
#include <stddef.h>

int code_of_status(int status);
bool is_not_found(int code);

/* The status that is in the code, or 0. */
int status_of_code(int code);

/* "SP_ETIMEDOUT", "HTTP 503" */
enum { KIND_SIZE = 32 };
void write_kind(int code, char kind[KIND_SIZE]);

#endif
