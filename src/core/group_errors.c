/* The outcome of a task group: success, or its errors in one. */
#include "core/cancel.h"
#include "core/error.h"
#include "core/task_group.h"
#include "spindle.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT_CAPACITY = 96 };

void sp__group_keep(sp__message *message, int code)
{
  sp__detail *before = message->detail;
  *message = (sp__message){.code = code, .detail = sp__detail_ref(sp__detail_of(code))};
  sp__detail_unref(before);
}

void sp__group_keep_interruption(struct sp__task_group *group, int code, sp__detail *detail)
{
  if (code != SP_EINTERRUPTED || group->interruption.code != 0) return;
  group->interruption = (sp__message){.code = code, .detail = sp__detail_ref(detail)};
}

static bool body_failed(const struct sp__task_group *group)
{
  return group->body.code < 0 && group->body.code != SP_ECANCELED;
}

static void write_errors(const struct sp__task_group *group, int *codes, sp__detail **details)
{
  size_t at = 0;
  for (const sp__member *one = group->failed.first; one; one = one->next, at++) {
    codes[at] = one->code;
    details[at] = one->detail;
  }
  if (!body_failed(group)) return;
  codes[at] = group->body.code;
  details[at] = group->body.detail;
}

/* Without memory for the group, only its code is returned. */
static sp__detail *errors_of(const struct sp__task_group *group)
{
  size_t count = group->failed.count + (body_failed(group) ? 1 : 0);
  int *codes = calloc(count, sizeof *codes);
  sp__detail **details = calloc(count, sizeof *details);
  sp__detail *errors = NULL;
  if (codes && details) {
    char text[TEXT_CAPACITY];
    snprintf(text, sizeof text, "unhandled errors in a TaskGroup (%zu sub-exception%s)", count,
             count == 1 ? "" : "s");
    write_errors(group, codes, details);
    errors = sp__detail_of_group(text, count, codes, details);
  }
  free(codes);
  free(details);
  return errors;
}

/* If the parent was also cancelled from outside, it is cancelled again: the errors come first. */
static int fail(struct sp__task_group *group)
{
  sp_task *parent = &group->parent->future;
  if (sp_task_cancelling(parent) > 0) {
    sp_task_uncancel(parent);
    sp__future_cancel(parent, NULL);
  }
  sp__detail *errors = errors_of(group);
  sp__fail_with(SP_EGROUP, errors);
  sp__detail_unref(errors);
  return SP_EGROUP;
}

/* An interruption is returned as it is, whatever else went wrong. */
int sp__group_outcome(struct sp__task_group *group)
{
  const sp__message *interruption = &group->interruption;
  if (interruption->code != 0) return sp__fail_with(interruption->code, interruption->detail);
  const sp__message *cancelled = &group->cancelled;
  bool is_cancelled = cancelled->code == SP_ECANCELED;
  if (group->parent_cancel_requested && sp_task_uncancel(&group->parent->future) == 0) {
    is_cancelled = false;
  }
  bool failed = group->failed.count > 0;
  if (is_cancelled && !failed) return sp__fail_with(SP_ECANCELED, cancelled->detail);
  return failed || body_failed(group) ? fail(group) : group->body.code;
}
