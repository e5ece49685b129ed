/* What went wrong with a transfer: libcurl's errors as spindle's. */
#include <errno.h>
#include <string.h>

#include "core/error.h"
#include "host/uv/http/http.h"
#include "spindle.h"

/* There is no socket: mostly because too many are open, or as many are watched as the user may. */
static int socket_error(int number)
{
  if (number == ENOMEM) return SP_ENOMEM;
  return number == EMFILE || number == ENFILE || number == ENOSPC ? SP_EIO : SP_ENETWORK;
}

static const char *socket_words(int number)
{
  if (number == EMFILE) return "too many open files (ulimit -n)";
  if (number == ENOSPC) return "too many watched sockets (fs.epoll.max_user_watches)";
  return strerror(number);
}

static int connect_error(const transfer *self)
{
  long number = 0;
  if (self->socket_errno) return socket_error(self->socket_errno);
  if (curl_easy_getinfo(self->easy, CURLINFO_OS_ERRNO, &number) != CURLE_OK) return SP_ENETWORK;
  switch (number) {
    case ECONNREFUSED:
      return SP_ECONNREFUSED;
    case ECONNRESET:
      return SP_ECONNRESET;
    case ETIMEDOUT:
      return SP_ETIMEDOUT;
    default:
      return SP_ENETWORK;
  }
}

/* Whether its head is whole. */
static bool has_head(const transfer *self)
{
  return self->status > 0 && !self->in_head && !self->expects_line;
}

static bool has_response(const transfer *self)
{
  return has_head(self) && !sp__curl_is_redirect(self->status);
}

/* libcurl has no code of its own for invalid chunks, but a text. */
static bool is_chunk_wrong(const transfer *self) { return strstr(self->error, "chunk") != NULL; }

/* libcurl reports this for the URL asked for, for one redirected to, and for a response that is not
 * HTTP. */
static int unsupported_error(const transfer *self)
{
  long sent = 0;
  if (sp__curl_is_redirect(self->status)) return SP_EREDIRECT;
  CURLcode code = curl_easy_getinfo(self->easy, CURLINFO_REQUEST_SIZE, &sent);
  return code == CURLE_OK && sent > 0 ? SP_EPROTOCOL : SP_EINVAL;
}

/* libcurl keeps a line whose end never comes, up to some size. */
static bool is_line_too_long(const transfer *self, CURLcode result)
{
  enum { TOO_LARGE = 100 }; /* since libcurl 8.6 */
  bool is_said = result == CURLE_OUT_OF_MEMORY || (int)result == TOO_LARGE;
  return is_said && self->in_head;
}

int sp__curl_code_of(const transfer *self, CURLcode result)
{
  if (self->failure) return self->failure;
  if (is_line_too_long(self, result)) return SP_ETOOLARGE;
  switch (result) {
    case CURLE_OK: /* also when the connection closed within the head */
      if (!has_head(self)) return SP_ECONNRESET;
      return sp__codings_are_whole(self) ? 0 : SP_ETRUNCATED;
    case CURLE_OUT_OF_MEMORY:
      return SP_ENOMEM;
    case CURLE_COULDNT_CONNECT:
      return connect_error(self);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return SP_EDNS;
    case CURLE_OPERATION_TIMEDOUT:
      return SP_ETIMEDOUT;
    case CURLE_PARTIAL_FILE: /* libcurl knew the length, maybe from a head that is not whole */
      return has_head(self) ? SP_ETRUNCATED : SP_ECONNRESET;
    case CURLE_RECV_ERROR:
      if (is_chunk_wrong(self)) return SP_EPROTOCOL;
      return has_response(self) ? SP_ETRUNCATED : SP_ECONNRESET;
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_FAIL_REWIND: /* an old connection was closed meanwhile */
    case CURLE_HTTP2_STREAM:
      return has_response(self) ? SP_ETRUNCATED : SP_ECONNRESET;
    case CURLE_TOO_MANY_REDIRECTS:
      return SP_EREDIRECT;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return unsupported_error(self);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:  /* too many of them */
    case CURLE_BAD_FUNCTION_ARGUMENT: /* a line of a head that is no header */
    case CURLE_HTTP2:
      return SP_EPROTOCOL;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
      return SP_ETLS;
    default:
      return SP_ENETWORK;
  }
}

char *sp__curl_explain(const transfer *self, CURLcode result)
{
  if (self->failure) return NULL;
  if (is_line_too_long(self, result)) return sp__message_copy("a header line is too long");
  if (!sp__codings_are_whole(self)) return sp__message_copy("the compressed body ended early");
  if (result == CURLE_OK)
    return sp__message_copy("the connection closed before the headers were complete");
  if (result == CURLE_COULDNT_CONNECT && self->socket_errno) {
    return sp__message_copy(socket_words(self->socket_errno));
  }
  return sp__message_copy(*self->error ? self->error : curl_easy_strerror(result));
}
