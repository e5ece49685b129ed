/* An HTTP exchange, as core and host share it. */
#ifndef SP_CORE_EXCHANGE_H
#define SP_CORE_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buffer.h"
#include "core/op.h"
#include "host/host.h"
#include "spindle.h"

/* A body that is sent in pieces: the host asks for one, the task gives it. */
typedef struct sp__upload {
  sp__buffer piece; /* what was given; the host takes it out */
  size_t given;     /* bytes in all */
  bool asked;       /* the host wants the next */
  bool ended;       /* there is none after this one */
} sp__upload;

struct sp__fetch {
  sp__op op;
  const char *url; /* the request, without a name and a password; borrowed until the call that
                      began it returns, or own_url */
  const char *method;
  sp_fetch_options options;
  sp_response response; /* the answer so far */
  struct sp__headers *headers;
  size_t body_capacity;
  size_t received;  /* bytes of the body, in all */
  bool in_pieces;   /* the body is not gathered, but read piece by piece */
  bool answered;    /* the head that counts has come */
  bool reading;     /* a task waits for a piece */
  sp__buffer piece; /* what was not read yet */
  sp__upload upload;
  double deadline; /* on the loop's clock; INFINITY: none */
  sp_handle timer;
  char *asked;   /* "GET http://...", for errors that come after that call; freed with it */
  char *message; /* for an error; freed with it */
  char *own_url; /* made of one with a password, and freed with it; so are the headers */
  sp_header *own_headers;
  void *host;
};

/* How many bytes of headers an answer may have, and of trailers; more are SP_ETOOLARGE. */
enum { SP__HEAD_MAX = 65536 };

/* The message for it. */
int sp__fetch_refuse_head(sp__fetch *fetch);

/* Whether a request's header is for the origin that was asked, and for no other that it redirects
 * to. */
bool sp__is_for_origin(const char *name);

/* The host tells what arrives. A head begins the answer anew: the last one, after redirects,
 * counts. Names and values need not end in a NUL. 0, or SP_ENOMEM or SP_ETOOLARGE: then the host
 * ends the exchange. */
int sp__fetch_on_head(sp__fetch *fetch, int status, const char *url);
int sp__fetch_on_header(sp__fetch *fetch, const char *name, size_t name_size, const char *value,
                        size_t value_size);

/* The value of the last header goes on, as a folded one does. */
int sp__fetch_on_folded(sp__fetch *fetch, const char *text, size_t size);

/* That head is the one that counts, and has come whole. */
int sp__fetch_on_head_end(sp__fetch *fetch);

int sp__fetch_on_body(sp__fetch *fetch, const void *data, size_t size);

/* Whether so much more of the body can be taken now. If not, the host keeps it back, and the rest,
 * until sp__host_fetch_want. */
bool sp__fetch_has_capacity(const sp__fetch *fetch, size_t size);

/* The same in two steps, for a host that fills the memory itself: capacity for `size` bytes more, and
 * how many of them were filled. */
int sp__fetch_body_reserve(sp__fetch *fetch, size_t size, void **capacity);
void sp__fetch_body_filled(sp__fetch *fetch, size_t size);

/* The host wants the next piece of the body that is sent; sp__host_fetch_send says when it is
 * there. */
void sp__fetch_ask_piece(sp__fetch *fetch);

#endif
