/* Terminals: what the host knows of them. */
#include "core/core.h"

int sp_terminal_columns(int fd) { return sp__host_columns(fd); }
