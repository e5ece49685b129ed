/* Content codings: gzip and deflate are unpacked by zlib as they come, so that a body that is cut
 * off can be told from a whole one, and a damaged one from both. libcurl's own unpacking takes what
 * has come for the whole.
 *
 * Codings that are listed were applied in that order, and are undone from the last to the first.
 * When one of them is not known the body is passed on as it came. What is unpacked is passed on in
 * pieces, each of which needs capacity: a small body that unpacks to a large one is held back, or
 * refused, as the large one would be. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "core/error.h"
#include "core/exchange.h"
#include "core/text.h"
#include "host/uv/http/http.h"
#include "spindle.h"

enum { GZIP, DEFLATE, PIECE = 16384 };

/* One coding that is undone. */
typedef struct stage {
  z_stream z;
  int kind;
  enum { BEFORE, WITHIN, BEHIND } where; /* before the first member, in one, after one */
  bool padded;                           /* zeros followed it */
  bool holds; /* zlib may have more output for what it was given already */
} stage;

struct unpacking {
  size_t skip; /* how much was consumed of what libcurl will pass once more */
  int count;
  stage stages[SP__CODINGS_MAX];  /* in the order of undoing */
  unsigned char between[][PIECE]; /* what all stages but the first have from the one before */
};

/* --- which ones --- */

static int add_coding(codings *self, const char *name, size_t size)
{
  bool is_gzip = (size == 4 && strncasecmp(name, "gzip", 4) == 0) ||
                 (size == 6 && strncasecmp(name, "x-gzip", 6) == 0);
  bool is_deflate = size == 7 && strncasecmp(name, "deflate", 7) == 0;
  bool is_none = size == 0 || (size == 8 && strncasecmp(name, "identity", 8) == 0);
  if (is_none) return 0;
  if (self->count == SP__CODINGS_MAX) return SP_EPROTOCOL;
  self->unknown = self->unknown || (!is_gzip && !is_deflate);
  self->kinds[self->count++] = is_gzip ? GZIP : DEFLATE;
  return 0;
}

static bool separates(char c) { return c == ',' || c == ' ' || c == '\t'; }

int sp__codings_add(transfer *self, const char *list, size_t size)
{
  const char *end = list + size;
  int error = 0;
  while (list < end && error == 0) {
    const char *name = list;
    while (list < end && !separates(*list)) list++;
    error = add_coding(&self->codings, name, (size_t)(list - name));
    list++;
  }
  if (error < 0) self->fetch->message = sp__message_copy("more than 5 content codings");
  return error;
}

bool sp__codings_apply(const transfer *self)
{
  return self->codings.count > 0 && !self->codings.unknown;
}

void sp__codings_reset(transfer *self)
{
  struct unpacking *unpacking = self->codings.unpacking;
  for (int i = 0; unpacking && i < unpacking->count; i++) {
    if (unpacking->stages[i].where != BEFORE) inflateEnd(&unpacking->stages[i].z);
  }
  free(unpacking);
  self->codings = (codings){.count = 0};
}

static struct unpacking *begin(codings *self)
{
  struct unpacking *unpacking = calloc(1, sizeof *unpacking + (size_t)(self->count - 1) * PIECE);
  if (!unpacking) return NULL;
  unpacking->count = self->count;
  for (int i = 0; i < self->count; i++) {
    unpacking->stages[i].kind = self->kinds[self->count - 1 - i];
  }
  return self->unpacking = unpacking;
}

/* --- one coding --- */

/* Servers send "deflate" with zlib's header or without. */
static int begin_member(stage *self)
{
  bool has_head = (*self->z.next_in & 0x0f) == 8;
  int bits = self->kind == GZIP ? MAX_WBITS + 16 : has_head ? MAX_WBITS : -MAX_WBITS;
  int result = self->where == BEFORE ? inflateInit2(&self->z, bits) : inflateReset(&self->z);
  if (result != Z_OK) return SP_ENOMEM;
  self->where = WITHIN;
  return 0;
}

/* RFC 1952, 2.2: members follow each other. Zeros may pad what is after them, as gzip allows. */
static int leave_member(stage *self)
{
  while (self->z.avail_in > 0 && *self->z.next_in == 0) {
    self->z.next_in++;
    self->z.avail_in--;
    self->padded = true;
  }
  if (self->z.avail_in == 0) return 0;
  return self->padded || self->kind != GZIP ? SP_EPROTOCOL : begin_member(self);
}

static int unpack_some(stage *self)
{
  int error = 0;
  self->holds = false;
  if (self->where == BEFORE) error = begin_member(self);
  if (self->where == BEHIND) error = leave_member(self);
  if (error < 0 || self->where != WITHIN) return error;
  switch (inflate(&self->z, Z_NO_FLUSH)) {
    case Z_STREAM_END:
      self->where = BEHIND;
      return 0;
    case Z_OK:
    case Z_BUF_ERROR: /* it needs more input */
      self->holds = self->z.avail_out == 0;
      return 0;
    case Z_MEM_ERROR:
      return SP_ENOMEM;
    default:
      return SP_EPROTOCOL;
  }
}

/* Writes a stage's output to `to`. Returns its size: 0 when all of the input is used up. */
static int pull(struct unpacking *self, int index, unsigned char *to)
{
  stage *from = &self->stages[index];
  for (;;) {
    if (from->z.avail_in == 0 && !from->holds) {
      int given = index > 0 ? pull(self, index - 1, self->between[index - 1]) : 0;
      if (given <= 0) return given;
      from->z.next_in = self->between[index - 1];
      from->z.avail_in = (unsigned)given;
    }
    from->z.next_out = to;
    from->z.avail_out = PIECE;
    int error = unpack_some(from);
    if (error < 0) return error;
    if (from->z.avail_out < PIECE) return (int)(PIECE - from->z.avail_out);
  }
}

/* --- the body --- */

static int say_what(transfer *self, int error)
{
  const struct unpacking *unpacking = self->codings.unpacking;
  if (error != SP_EPROTOCOL || self->fetch->message) return error;
  const char *reason = "data after its end";
  for (int i = 0; i < unpacking->count; i++) {
    if (unpacking->stages[i].z.msg) reason = unpacking->stages[i].z.msg;
  }
  const char *const pieces[] = {"the compressed body is damaged: ", reason, NULL};
  char text[120];
  sp__text made = sp__text_into(text, sizeof text);
  sp__text_add_all(&made, pieces);
  self->fetch->message = sp__message_copy(text);
  return error;
}

/* What libcurl passes again, once there is capacity, may have been consumed in part. */
size_t sp__codings_unpack(transfer *self, const char *data, size_t size)
{
  struct unpacking *unpacking = self->codings.unpacking;
  if (!unpacking) unpacking = begin(&self->codings);
  if (!unpacking) {
    self->failure = SP_ENOMEM;
    return 0;
  }
  unsigned char piece[PIECE];
  z_stream *input = &unpacking->stages[0].z;
  size_t skipped = unpacking->skip < size ? unpacking->skip : size;
  input->next_in = (unsigned char *)data + skipped;
  input->avail_in = (unsigned)(size - skipped);
  unpacking->skip -= skipped;
  while (sp__fetch_has_capacity(self->fetch, PIECE)) {
    int given = pull(unpacking, unpacking->count - 1, piece);
    if (given > 0) self->failure = sp__fetch_on_body(self->fetch, piece, (size_t)given);
    if (given < 0) self->failure = say_what(self, given);
    if (self->failure) return 0;
    if (given == 0) return size;
  }
  unpacking->skip += size - input->avail_in;
  self->paused = true;
  return CURL_WRITEFUNC_PAUSE;
}

bool sp__codings_are_whole(const transfer *self)
{
  const struct unpacking *unpacking = self->codings.unpacking;
  for (int i = 0; unpacking && i < unpacking->count; i++) {
    if (unpacking->stages[i].where == WITHIN) return false;
  }
  return true;
}
