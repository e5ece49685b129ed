/* Behaviours of futures: a result that arrives later, and who is told of it. */
#include <stdlib.h>
#include <string.h>

#include "behaviours.h"

static void fulfil(void *future) { CHECK_EQ(sp_future_set_result(future, 42), 0); }

static int await_it(void *future) { return sp_await(future); }

/* --- making one --- */

BEHAVIOUR(future_begins_pending, "a new future is neither done nor cancelled, but can be")
{
  sp_future *future = sp_future_new();
  CHECK(!sp_future_done(future));
  CHECK(!sp_future_cancelled(future));
  CHECK(sp_future_cancel(future, NULL));
  CHECK(sp_future_cancelled(future));
  sp_future_free(future);
}

BEHAVIOUR_OUTSIDE(future_needs_a_loop, "where no loop runs no future is made")
{
  CHECK(sp_future_new() == NULL);
  CHECK_STR(sp_error_message(), "no running event loop");
}

static int make_future(void *made)
{
  *(sp_future **)made = sp_future_new();
  return 0;
}

BEHAVIOUR_OUTSIDE(future_belongs_to_the_running_loop, "it can be run for when its task has ended")
{
  sp_loop *loop = new_loop();
  sp_future *future = NULL;
  CHECK_EQ(sp_loop_run(loop, make_future, &future), 0);
  sp_loop_call_soon(loop, fulfil, future);
  CHECK_EQ(sp_loop_run_until_complete(loop, future), 42);
  sp_future_free(future);
  sp_loop_free(loop);
}

BEHAVIOUR_OUTSIDE(future_can_be_made_for_a_loop_that_does_not_run, "it is that loop's")
{
  sp_loop *loop = new_loop();
  sp_future *future = sp_loop_create_future(loop);
  sp_loop_call_soon(loop, fulfil, future);
  CHECK_EQ(sp_loop_run_until_complete(loop, future), 42);
  sp_future_free(future);
  sp_loop_free(loop);
}

/* --- how it ends --- */

static void check_nothing_can_be_set(sp_future *future)
{
  CHECK_EQ(sp_future_set_result(future, 1), SP_EINVALIDSTATE);
  CHECK_EQ(sp_future_set_error(future, SP_EUSER, NULL), SP_EINVALIDSTATE);
  CHECK(!sp_future_cancel(future, NULL));
}

BEHAVIOUR(result_is_set_once, "a result ends the future, and nothing changes it")
{
  sp_future *future = sp_future_new();
  CHECK_EQ(sp_future_result(future), SP_EINVALIDSTATE);
  CHECK_EQ(sp_future_set_result(future, 42), 0);
  CHECK(sp_future_done(future));
  CHECK(!sp_future_cancelled(future));
  CHECK_EQ(sp_future_error(future), 0);
  check_nothing_can_be_set(future);
  CHECK_EQ(sp_future_result(future), 42);
  sp_future_free(future);
}

BEHAVIOUR(error_is_set_once, "an error ends the future, and nothing changes it")
{
  sp_future *future = sp_future_new();
  CHECK_EQ(sp_future_error(future), SP_EINVALIDSTATE);
  CHECK_EQ(sp_future_set_error(future, SP_EUSER, "boom"), 0);
  CHECK(sp_future_done(future));
  CHECK(!sp_future_cancelled(future));
  CHECK_ERROR(sp_future_result(future), SP_EUSER, "boom");
  check_nothing_can_be_set(future);
  CHECK_ERROR(sp_future_error(future), SP_EUSER, "boom");
  sp_future_free(future);
}

BEHAVIOUR(cancelled_future_is_done_for_good, "a cancellation ends the future, nothing changes it")
{
  sp_future *future = sp_future_new();
  CHECK(sp_future_cancel(future, NULL));
  CHECK(sp_future_done(future));
  CHECK_EQ(sp_future_result(future), SP_ECANCELED);
  CHECK_EQ(sp_future_error(future), SP_ECANCELED);
  check_nothing_can_be_set(future);
  CHECK(sp_future_cancelled(future));
  sp_future_free(future);
}

BEHAVIOUR(error_without_a_message_has_the_text_of_its_code, "an error always says something")
{
  sp_future *future = sp_future_new();
  CHECK_EQ(sp_future_set_error(future, SP_ETIMEDOUT, NULL), 0);
  CHECK_ERROR(sp_future_error(future), SP_ETIMEDOUT, "timed out");
  sp_future_free(future);
}

BEHAVIOUR(cancel_message_reaches_the_awaiter, "who awaits the future learns why it was cancelled")
{
  sp_future *future = sp_future_new();
  sp_task *waiter = sp_create_task(await_it, future);
  iterate(1);
  CHECK(sp_future_cancel(future, "no need"));
  CHECK_ERROR(sp_await(waiter), SP_ECANCELED, "no need");
  CHECK_ERROR(sp_await(future), SP_ECANCELED, "no need");
  sp_future_free(future);
}

static void note_word(void *word) { note("%s", (const char *)word); }

BEHAVIOUR(future_can_be_awaited_again, "one that is done is not suspended for")
{
  sp_future *future = sp_future_new();
  sp_loop_call_soon(sp_loop_running(), fulfil, future);
  CHECK_EQ(sp_await(future), 42);
  sp_loop_call_soon(sp_loop_running(), note_word, "suspended");
  CHECK_EQ(sp_await(future), 42);
  SAW("");
  iterate(1);
  SAW("suspended");
  sp_future_free(future);
}

BEHAVIOUR(repr_shows_state_and_outcome, "pending, cancelled, a result, an error with its message")
{
  sp_future *fulfilled = sp_future_new(), *failed = sp_future_new(), *cancelled = sp_future_new();
  CHECK_STR(repr_of(fulfilled), "<Future pending>");
  sp_future_set_result(fulfilled, 4);
  CHECK_STR(repr_of(fulfilled), "<Future finished result=4>");
  sp_future_set_error(failed, SP_EINVAL, "too slow");
  CHECK_STR(repr_of(failed), "<Future finished exception=SP_EINVAL(-8, 'too slow')>");
  sp_future_cancel(cancelled, "no need");
  CHECK_STR(repr_of(cancelled), "<Future cancelled>");
  CHECK_EQ(sp_future_error(failed), SP_EINVAL);
  sp_future_free(fulfilled);
  sp_future_free(failed);
  sp_future_free(cancelled);
}

/* --- what is reported when nobody asked --- */

BEHAVIOUR(pending_future_let_go_reports_nothing, "there is nothing to tell yet")
{
  sp_future_free(sp_future_new());
  CHECK_EQ(reports_left(), 0);
}

BEHAVIOUR(result_is_never_reported, "whether somebody took it or not")
{
  sp_future *taken = sp_future_new(), *left = sp_future_new();
  sp_future_set_result(taken, 42);
  sp_future_set_result(left, 42);
  CHECK_EQ(sp_future_result(taken), 42);
  sp_future_free(taken);
  sp_future_free(left);
  CHECK_EQ(reports_left(), 0);
}

static sp_future *failed_future(void)
{
  sp_future *future = sp_future_new();
  CHECK_EQ(sp_future_set_error(future, SP_EUSER, "boom"), 0);
  return future;
}

static void check_report(void)
{
  const kept_report *report = REPORTED("Future exception was never retrieved");
  CHECK_EQ(report->code, SP_EUSER);
  CHECK_STR(report->error_message, "boom");
  CHECK_STR(report->repr, "<Future finished exception=error(-1000, 'boom')>");
}

BEHAVIOUR(error_nobody_took_is_reported, "once, when the future is let go")
{
  sp_future *future = failed_future();
  iterate(1);
  CHECK_EQ(reports_left(), 0);
  sp_future_free(future);
  check_report();
}

BEHAVIOUR(error_nobody_took_is_reported_in_debug_mode, "the same with debugging on")
{
  sp_loop_set_debug(sp_loop_running(), true);
  sp_future_free(failed_future());
  check_report();
}

BEHAVIOUR(error_asked_for_is_not_reported, "who asks for the error has it")
{
  sp_future *future = failed_future();
  CHECK_ERROR(sp_future_error(future), SP_EUSER, "boom");
  sp_future_free(future);
  CHECK_EQ(reports_left(), 0);
}

BEHAVIOUR(error_taken_as_result_is_not_reported, "who asks for the result has the error")
{
  sp_future *future = failed_future();
  CHECK_ERROR(sp_future_result(future), SP_EUSER, "boom");
  sp_future_free(future);
  CHECK_EQ(reports_left(), 0);
}

BEHAVIOUR(cancelling_a_failed_future_takes_its_error, "it stays failed, and is not reported")
{
  sp_future *future = failed_future();
  CHECK(!sp_future_cancel(future, NULL));
  CHECK(!sp_future_cancelled(future));
  sp_future_free(future);
  CHECK_EQ(reports_left(), 0);
}

/* --- who is told --- */

static char one[] = "one", two[] = "two", three[] = "three"; /* told apart by their addresses */

static void on_done(sp_future *future, void *word)
{
  CHECK(sp_future_done(future));
  note_word(word);
}

static sp_future *future_with_callbacks(void)
{
  sp_future *future = sp_future_new();
  CHECK_EQ(sp_future_add_done_callback(future, on_done, one), 0);
  CHECK_EQ(sp_future_add_done_callback(future, on_done, two), 0);
  CHECK_EQ(sp_future_add_done_callback(future, on_done, three), 0);
  return future;
}

static int take_back(sp_future *future, char *word)
{
  return sp_future_remove_done_callback(future, on_done, word);
}

static void fulfil_and_free(sp_future *future)
{
  SAW("");
  fulfil(future);
  SAW("");
  iterate(1);
  CHECK_EQ(sp_future_result(future), 42);
  sp_future_free(future);
}

BEHAVIOUR(callbacks_are_called_in_order_after_a_result, "in the next iteration, as they were added")
{
  fulfil_and_free(future_with_callbacks());
  SAW("one two three");
}

BEHAVIOUR(callbacks_are_called_after_an_error, "in the next iteration, as after a result")
{
  sp_future *future = future_with_callbacks();
  CHECK_EQ(sp_future_set_error(future, SP_EUSER, "boom"), 0);
  SAW("");
  iterate(1);
  SAW("one two three");
  CHECK_ERROR(sp_future_error(future), SP_EUSER, "boom");
  sp_future_free(future);
}

BEHAVIOUR(first_callback_can_be_taken_back, "the others are called")
{
  sp_future *future = future_with_callbacks();
  CHECK_EQ(take_back(future, one), 1);
  CHECK_EQ(take_back(future, one), 0);
  fulfil_and_free(future);
  SAW("two three");
}

BEHAVIOUR(first_and_second_callback_can_be_taken_back, "the last is called")
{
  sp_future *future = future_with_callbacks();
  CHECK_EQ(take_back(future, one), 1);
  CHECK_EQ(take_back(future, two), 1);
  CHECK_EQ(take_back(future, one), 0);
  fulfil_and_free(future);
  SAW("three");
}

BEHAVIOUR(last_callback_can_be_taken_back, "the others are called")
{
  sp_future *future = future_with_callbacks();
  CHECK_EQ(take_back(future, three), 1);
  CHECK_EQ(take_back(future, three), 0);
  fulfil_and_free(future);
  SAW("one two");
}

BEHAVIOUR(taking_callbacks_back_tells_how_many, "one that was added often is taken back as often")
{
  sp_future *future = sp_future_new();
  sp_future_add_done_callback(future, on_done, one);
  sp_future_add_done_callback(future, on_done, two);
  CHECK_EQ(take_back(future, two), 1);
  CHECK_EQ(take_back(future, three), 0);
  sp_future_add_done_callback(future, on_done, two);
  for (int i = 0; i < 5; i++) sp_future_add_done_callback(future, on_done, one);
  CHECK_EQ(take_back(future, one), 6);
  fulfil_and_free(future);
  SAW("two");
}

static void try_to_take_two_back(sp_future *future, void *arg)
{
  (void)arg;
  CHECK_EQ(take_back(future, two), 0);
}

BEHAVIOUR(scheduled_callback_cannot_be_taken_back,
          "when the future is done all are as good as called")
{
  sp_future *future = sp_future_new();
  sp_future_add_done_callback(future, try_to_take_two_back, NULL);
  sp_future_add_done_callback(future, on_done, two);
  sp_future_add_done_callback(future, on_done, two);
  fulfil_and_free(future);
  SAW("two two");
}

BEHAVIOUR(debug_says_where_a_future_was_created,
          "in debug mode the report of a future says where it was created")
{
  sp_loop_set_debug(sp_loop_running(), true);
  const char *here = SP_HERE;
  sp_future *future = sp_future_new();
  sp_future_set_error(future, SP_EUSER, "lost");
  sp_future_free(future);
  const kept_report *report = REPORTED("Future exception was never retrieved");
  size_t file = strcspn(here, ":");
  CHECK(strncmp(report->created, here, file + 1) == 0);
  CHECK_EQ(atoi(report->created + file + 1), atoi(here + file + 1) + 1);
}
