/* An HTTP exchange, as shared by core and host. */
#ifndef SP_CORE_EXCHANGE_H
#define SP_CORE_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buffer.h"
#include "core/op.h"
#include "host/host.h"
#include "spindle.h"

/* A request body sent in pieces: the host asks for one, the task supplies it. */
typedef struct sp__upload {
  sp__buffer piece; /* what was supplied; the host consumes it */
  size_t given;     /* bytes in all */
  bool asked;       /* the host wants the next piece */
  bool ended;       /* no piece follows */
} sp__upload;

struct sp__fetch {
  sp__op op;
  const char *url; /* the request, without user name and password; borrowed until the call that
                      began it returns, or own_url */
  const char *method;
  sp_fetch_options options;
  sp_response response; /* the response so far */
  struct sp__headers *headers;
  size_t body_capacity;
  size_t received;  /* total bytes of the body */
  bool in_pieces;   /* the body is not collected, but read piece by piece */
  bool has_head;    /* the final head has arrived */
  bool reading;     /* a task waits for a piece */
  sp__buffer piece; /* what has not been read yet */
  sp__upload upload;
  double deadline; /* on the loop's clock; INFINITY: none */
  sp_handle timer;
  char *asked;   /* "GET http://...", for errors after that call; freed with it */
  char *message; /* of an error; freed with it */
  char *own_url; /* made from one with a password, and freed with it, as are the headers */
  sp_header *own_headers;
  void *host;
};

/* The limit on the bytes of a response's headers, and on those of its trailers; more are
 * SP_ETOOLARGE. */
enum { SP__HEAD_MAX = 65536 };

/* Sets the message for that and returns SP_ETOOLARGE. */
int sp__fetch_refuse_head(sp__fetch *fetch);

/* Whether a request's header is for the requested origin only, not for others it redirects to. */
bool sp__is_for_origin(const char *name);

/* The host reports what arrives. A head starts the response anew: after redirects the last one
 * counts. Names and values need not end in a NUL.
 * Returns 0 on success, or SP_ENOMEM or SP_ETOOLARGE: then the host ends the exchange. */
int sp__fetch_on_head(sp__fetch *fetch, int status, const char *url);
int sp__fetch_on_header(sp__fetch *fetch, const char *name, size_t name_size, const char *value,
                        size_t value_size);

/* The value of the last header continues, as a folded one does. */
int sp__fetch_on_folded(sp__fetch *fetch, const char *text, size_t size);

/* That head is complete, and is the final one. */
int sp__fetch_on_head_end(sp__fetch *fetch);

int sp__fetch_on_body(sp__fetch *fetch, const void *data, size_t size);

/* Whether `size` more bytes of the body can be accepted now. If not, the host holds them and the
 * rest back until sp__host_fetch_want. */
bool sp__fetch_has_capacity(const sp__fetch *fetch, size_t size);

/* sp__fetch_on_body in two steps, for a host that fills the memory itself: where `size` more bytes can be
 * stored, and how many of them were. */
int sp__fetch_body_reserve(sp__fetch *fetch, size_t size, void **target);
void sp__fetch_body_filled(sp__fetch *fetch, size_t size);

/* The host wants the next piece of the request body; sp__host_fetch_send says when it is there. */
void sp__fetch_ask_piece(sp__fetch *fetch);

#endif
