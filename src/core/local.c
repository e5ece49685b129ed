/* Task-locals: values that belong to a task, and that tasks and callbacks inherit.
 *
 * They are a list of bindings. A new task or call takes a reference to the list as it is at that
 * moment, which allocates nothing; a binding that others can see never changes. So lists are shared
 * between threads, too, and only the references are counted atomically. */
#include <stdlib.h>

#include "core/error.h"
#include "core/local.h"
#include "core/loop.h"
#include "spindle.h"

struct sp__binding {
  atomic_uint refs; /* to this one and, through it, to the next */
  const sp_local *local;
  void *value;
  sp__binding *next;
};

/* The bindings of a function that runs in this thread outside any loop; borrowed. */
static _Thread_local sp__binding *of_thread;

void sp__locals_lend(sp__binding *bindings) { of_thread = bindings; }

/* Returns where the list of the running task or callback begins; NULL if no loop runs. */
static sp__binding **here(void)
{
  sp_loop *loop = sp__loop_current;
  if (!loop) return NULL;
  return loop->current ? &loop->current->locals : &loop->locals.current;
}

static sp__binding *seen_here(void)
{
  sp__binding **bindings = here();
  return bindings ? *bindings : of_thread;
}

sp__binding *sp__locals_ref(sp__binding *bindings)
{
  if (bindings) atomic_fetch_add_explicit(&bindings->refs, 1, memory_order_relaxed);
  return bindings;
}

sp__binding *sp__locals_inherit(void) { return sp__locals_ref(seen_here()); }

static bool unref(sp__binding *binding)
{
  return atomic_fetch_sub_explicit(&binding->refs, 1, memory_order_acq_rel) == 1;
}

void sp__bindings_unref(sp__binding *bindings)
{
  while (bindings && unref(bindings)) {
    sp__binding *next = bindings->next;
    free(bindings);
    bindings = next;
  }
}

void sp__locals_enter(sp_loop *loop, sp__binding *bindings)
{
  sp__locals_unref(loop->locals.current);
  loop->locals.current = bindings;
}

static sp__binding *find(sp__binding *bindings, const sp_local *local)
{
  while (bindings && bindings->local != local) bindings = bindings->next;
  return bindings;
}

static bool has_one_ref(const sp__binding *binding)
{
  return atomic_load_explicit(&binding->refs, memory_order_acquire) == 1;
}

/* Whether nobody else sees the binding, which is in the list. */
static bool is_own(const sp__binding *bindings, const sp__binding *binding)
{
  while (bindings != binding && has_one_ref(bindings)) bindings = bindings->next;
  return bindings == binding && has_one_ref(binding);
}

static sp__binding *binding_new(const sp_local *local, void *value)
{
  sp__binding *binding = malloc(sizeof *binding);
  if (!binding) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  *binding = (sp__binding){.local = local, .value = value};
  atomic_init(&binding->refs, 1);
  return binding;
}

/* Puts `made` at the front of the list and leaves `old` out: what was before `old` is copied, and
 * what was after it shared, so a list is never longer than there are variables. */
static int replace(sp__binding **bindings, sp__binding *made, const sp__binding *old)
{
  sp__binding *last = made;
  for (const sp__binding *each = *bindings; each != old; each = each->next) {
    last->next = binding_new(each->local, each->value);
    if (!last->next) {
      sp__locals_unref(made);
      return SP_ENOMEM;
    }
    last = last->next;
  }
  last->next = sp__locals_ref(old->next);
  sp__locals_unref(*bindings);
  *bindings = made;
  return 0;
}

void *sp_local_get(const sp_local *local)
{
  const sp__binding *found = find(seen_here(), local);
  return found ? found->value : local->fallback;
}

int sp_local_set(const sp_local *local, void *value)
{
  sp__binding **bindings = here();
  if (!bindings) return sp__fail(SP_ENOTASK, "no running event loop");
  sp__binding *found = find(*bindings, local);
  if (found && is_own(*bindings, found)) {
    found->value = value;
    return 0;
  }
  sp__binding *made = binding_new(local, value);
  if (!made) return SP_ENOMEM;
  if (found) return replace(bindings, made, found);
  made->next = *bindings;
  *bindings = made;
  return 0;
}
