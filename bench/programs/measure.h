/* What the measured programs share: the time, and how a figure is printed. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double seconds_of(clockid_t clock)
{
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) abort();
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static inline double wall_seconds(void) { return seconds_of(CLOCK_MONOTONIC); }

/* One way, of `rounds` in which each of the coroutines is resumed once, after a fifth as many. */
static inline double nanoseconds_a_switch(void (*resume_all)(int rounds), int rounds,
                                          int coroutines)
{
  resume_all(rounds / 5);
  double began = wall_seconds();
  resume_all(rounds);
  return (wall_seconds() - began) * 1e9 / rounds / coroutines / 2;
}

/* The figure is the last line that a program prints. */
static inline int print_figure(double figure)
{
  printf("%.3f\n", figure);
  return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static inline int usage(const char *line)
{
  fprintf(stderr, "usage: %s\n", line);
  return 2;
}

/* xorshift64: the same numbers in every run. */
static inline unsigned long long draw(unsigned long long *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 7;
  return *state ^= *state << 17;
}

#endif
