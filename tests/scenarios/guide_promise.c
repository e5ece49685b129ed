/* A promise of JavaScript's becomes a function that is awaited; nothing can stop the promise.
 * @targets node chromium firefox */
#include <emscripten.h>
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

typedef struct question {
  sp_future *answer;
  bool answered, abandoned; /* whichever side is second frees it */
} question;

EMSCRIPTEN_KEEPALIVE void on_answer(question *self, int value)
{
  if (self->abandoned) {
    free(self);
    return;
  }
  self->answered = true;
  sp_future_set_result(self->answer, value);
}

// clang-format off
EM_JS(void, ask_js, (question *self, int milliseconds), {
  const promise = new Promise((resolve) => setTimeout(resolve, milliseconds, 42));
  promise.then((value) => _on_answer(self, value));
})
// clang-format on

static int ask(int milliseconds)
{
  question *self = calloc(1, sizeof *self);
  sp_future *answer = sp_future_new();
  if (!self || !answer) {
    free(self);
    sp_future_free(answer);
    return SP_ENOMEM;
  }
  self->answer = answer;
  ask_js(self, milliseconds);
  int value = sp_await(answer);
  if (self->answered)
    free(self);
  else
    self->abandoned = true;
  sp_future_free(answer);
  return value;
}

static int run(void *arg)
{
  (void)arg;
  printf("the answer: %d\n", ask(10));
  sp_timeout limit;
  int result = sp_timeout_open(&limit, 0); /* over before JavaScript has its turn */
  if (result == 0) result = ask(10);
  result = sp_timeout_close(&limit, result);
  printf("%s\n", sp_error_name(result));
  return sp_sleep(0.1); /* the promise is fulfilled meanwhile */
}

int main(void) { return sp_run(run, NULL); }
