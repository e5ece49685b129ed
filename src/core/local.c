/* Task-locals: values that belong to a task, and that tasks and callbacks inherit.
 *
 * What is set is a list of bindings. Whoever is made or scheduled takes a share of the list as it
 * is at that moment, which costs no memory; a binding that somebody else can see never changes. */
#include <stdlib.h>

#include "core/core.h"

struct sp__binding {
  uint32_t shares; /* of this one and, through it, of the next */
  const sp_local *local;
  void *value;
  sp__binding *next;
};

/* Where the list of the running task or callback begins; NULL where no loop runs. */
static sp__binding **here(void)
{
  sp_loop *loop = sp__loop_current;
  if (!loop) return NULL;
  return loop->current ? &loop->current->locals : &loop->locals;
}

sp__binding *sp__locals_share(sp__binding *bindings)
{
  if (bindings) bindings->shares++;
  return bindings;
}

sp__binding *sp__locals_inherit(void)
{
  sp__binding **bindings = here();
  return bindings ? sp__locals_share(*bindings) : NULL;
}

void sp__locals_drop(sp__binding *bindings)
{
  while (bindings && --bindings->shares == 0) {
    sp__binding *next = bindings->next;
    free(bindings);
    bindings = next;
  }
}

void sp__locals_leave(sp_loop *loop)
{
  sp__locals_drop(loop->locals);
  loop->locals = NULL;
}

static sp__binding *find(sp__binding *bindings, const sp_local *local)
{
  while (bindings && bindings->local != local) bindings = bindings->next;
  return bindings;
}

/* Whether nobody else sees the binding, which is in the list. */
static bool is_own(const sp__binding *bindings, const sp__binding *binding)
{
  while (bindings != binding && bindings->shares == 1) bindings = bindings->next;
  return bindings == binding && binding->shares == 1;
}

static sp__binding *binding_new(const sp_local *local, void *value)
{
  sp__binding *binding = malloc(sizeof *binding);
  if (!binding) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  *binding = (sp__binding){.shares = 1, .local = local, .value = value};
  return binding;
}

/* Puts `made` in front of the list and leaves `old` out: what stood before it is copied, and what
 * stood behind it shared, so a list is never longer than there are variables. */
static int replace(sp__binding **bindings, sp__binding *made, const sp__binding *old)
{
  sp__binding *last = made;
  for (const sp__binding *each = *bindings; each != old; each = each->next) {
    last->next = binding_new(each->local, each->value);
    if (!last->next) {
      sp__locals_drop(made);
      return SP_ENOMEM;
    }
    last = last->next;
  }
  last->next = sp__locals_share(old->next);
  sp__locals_drop(*bindings);
  *bindings = made;
  return 0;
}

void *sp_local_get(const sp_local *local)
{
  sp__binding **bindings = here();
  const sp__binding *found = bindings ? find(*bindings, local) : NULL;
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
