/* Terminals: what the host knows of them. */

#include "host/host.h"
#include "spindle.h"

int sp_terminal_columns(int fd) { return sp__host_columns(fd); }
