/* What is sent again. A reused connection may die while a request is on its way: libcurl then sends
 * the request once more, whatever its method. RFC 9110, 9.2.2: without knowing what became of it
 * only an idempotent one may be repeated, and once. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/error.h"
#include "host/uv/http/http.h"
#include "spindle.h"

static bool is_idempotent(const char *method)
{
  static const char *const names[] = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(method, names[i]) == 0) return true;
  }
  return false;
}

bool sp__curl_may_repeat(const transfer *self)
{
  return !self->repeated && is_idempotent(self->method);
}

static void refuse(transfer *self)
{
  char text[100];
  self->failure = SP_ECONNRESET;
  snprintf(text, sizeof text, "the connection closed before a response; a%s %.20s is not retried",
           self->repeated ? " retried" : "", self->method);
  self->fetch->message = sp__message_copy(text);
}

/* From 8.22 on libcurl looks only once a second whether a connection that it keeps has ended. One that
 * has is shut down, so that nothing can be sent there: libcurl then takes another. */
static void leave_ended(const transfer *self)
{
  curl_socket_t socket = CURL_SOCKET_BAD;
  char next;
  CURLcode answered = curl_easy_getinfo(self->easy, CURLINFO_ACTIVESOCKET, &socket);
  if (answered != CURLE_OK || socket == CURL_SOCKET_BAD) return;
  if (recv(socket, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0) shutdown(socket, SHUT_WR);
}

/* Called before each sending. A request that failed before a byte of it was given to the connection
 * has not been sent. */
int sp__curl_before_sending(void *arg, char *remote, char *local, int remote_port, int local_port)
{
  (void)remote, (void)local, (void)remote_port, (void)local_port;
  transfer *self = arg;
  long sent = 0;
  if (curl_easy_getinfo(self->easy, CURLINFO_REQUEST_SIZE, &sent) != CURLE_OK)
    return CURL_PREREQFUNC_ABORT;
  bool repeats = self->sending && sent > self->sent;
  bool allowed = !repeats || sp__curl_may_repeat(self);
  if (!allowed) refuse(self);
  self->repeated = self->repeated || repeats;
  self->sending = self->expects_line = true;
  self->sent = sent;
  if (self->curl->peeks) leave_ended(self);
  return allowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}
