/* A long computation lets its host live: it yields now and then, and can be interrupted. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static bool is_prime(int n)
{
  for (int divisor = 2; divisor * divisor <= n; divisor++) {
    if (n % divisor == 0) return false;
  }
  return n > 1;
}

static int count_primes(void *arg)
{
  int limit = *(int *)arg, count = 0, error = 0;
  for (int n = 0; error == 0 && n < limit; n++) {
    if (n > 0 && n % (limit / 4) == 0) printf("%d primes below %d\n", count, n);
    if (n % 1000 == 0) error = sp_sleep(0); /* the page and the other tasks have their turn */
    count += is_prime(n);
  }
  return error < 0 ? error : count;
}

int main(int argc, char **argv)
{
  int limit = argc > 1 ? atoi(argv[1]) : 0;
  if (limit < 4) limit = 40000;
  int count = sp_run(count_primes, &limit);
  if (count < 0) {
    printf("%s\n", sp_error_message());
    return 1;
  }
  printf("%d primes below %d\n", count, limit);
  return 0;
}
