/* How much memory this process has: memory_linux.c, memory_web.c. */
#ifndef MEMORY_H
#define MEMORY_H

/* What is in memory of it; on the web, how large the module's memory is. */
double resident_bytes(void);

/* What the kernel keeps for its page tables; on the web 0. */
double page_table_bytes(void);

#endif
