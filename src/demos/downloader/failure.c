#include "failure.h"

#include <stdio.h>

#include "spindle.h"

int code_of_status(int status) { return SP_EUSER - status; }

int status_of_code(int code) { return code < SP_EUSER ? SP_EUSER - code : 0; }

bool is_not_found(int code) { return status_of_code(code) == 404; }

void write_kind(int code, char kind[KIND_SIZE])
{
  int status = status_of_code(code);
  if (status) {
    snprintf(kind, KIND_SIZE, "HTTP %d", status);
  } else {
    snprintf(kind, KIND_SIZE, "%s", sp_error_name(code));
  }
}
