/* A server that is far away: it answers each request after 50 to 200 ms, which depend on the path
 * alone, with 2,000 bytes. It prints its port and serves until it is ended.
 * Only for GET requests without a body, one at a time a connection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { BODY = 2000, FASTEST = 50, SLOWEST = 200, ROOM = 4096 };

typedef struct client {
  uv_tcp_t tcp;
  uv_timer_t timer;
  uv_write_t write;
  int open_handles;
  size_t size;
  char request[ROOM];
} client;

static char answer[ROOM];
static size_t answer_size;

static void check(int error, const char *what)
{
  if (error >= 0) return;
  fprintf(stderr, "slow_server: %s: %s\n", what, uv_strerror(error));
  exit(1);
}

static void on_close(uv_handle_t *handle)
{
  client *self = handle->data;
  if (--self->open_handles == 0) free(self);
}

static void drop(client *self)
{
  if (uv_is_closing((uv_handle_t *)&self->tcp)) return;
  uv_close((uv_handle_t *)&self->tcp, on_close);
  uv_close((uv_handle_t *)&self->timer, on_close);
}

static uint64_t delay_of(const char *path)
{
  unsigned hash = 2166136261U;
  for (; *path && *path != ' ' && *path != '\r'; path++) {
    hash = (hash ^ (unsigned char)*path) * 16777619U;
  }
  return FASTEST + hash % (SLOWEST - FASTEST + 1);
}

static void on_written(uv_write_t *write, int status)
{
  if (status < 0) drop(write->data);
}

static void on_timer(uv_timer_t *timer)
{
  client *self = timer->data;
  uv_buf_t buffer = uv_buf_init(answer, (unsigned)answer_size);
  self->write.data = self;
  if (uv_write(&self->write, (uv_stream_t *)&self->tcp, &buffer, 1, on_written) < 0) drop(self);
}

static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
  (void)suggested;
  client *self = handle->data;
  *buffer = uv_buf_init(self->request + self->size, (unsigned)(ROOM - 1 - self->size));
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
  (void)buffer;
  client *self = stream->data;
  if (size < 0) {
    drop(self);
    return;
  }
  self->size += (size_t)size;
  self->request[self->size] = '\0';
  if (!strstr(self->request, "\r\n\r\n")) return;
  self->size = 0;
  const char *path = strchr(self->request, ' ');
  if (path) uv_timer_start(&self->timer, on_timer, delay_of(path + 1), 0);
}

static void on_connection(uv_stream_t *server, int status)
{
  check(status, "a connection");
  client *self = calloc(1, sizeof *self);
  if (!self) abort();
  self->open_handles = 2;
  check(uv_tcp_init(server->loop, &self->tcp), "a socket");
  uv_timer_init(server->loop, &self->timer);
  self->tcp.data = self->timer.data = self;
  check(uv_accept(server, (uv_stream_t *)&self->tcp), "accepting");
  uv_tcp_nodelay(&self->tcp, 1);
  check(uv_read_start((uv_stream_t *)&self->tcp, allocate, on_read), "reading");
}

static void make_answer(void)
{
  int head = snprintf(answer, sizeof answer,
                      "HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\n"
                      "Content-Length: %d\r\nConnection: keep-alive\r\n\r\n",
                      BODY);
  memset(answer + head, 'x', BODY);
  answer_size = (size_t)head + BODY;
}

static int port_of(const uv_tcp_t *server)
{
  struct sockaddr_in name;
  int size = sizeof name;
  check(uv_tcp_getsockname(server, (struct sockaddr *)&name, &size), "the port");
  return ntohs(name.sin_port);
}

int main(void)
{
  uv_tcp_t server;
  struct sockaddr_in address;
  make_answer();
  uv_tcp_init(uv_default_loop(), &server);
  uv_ip4_addr("127.0.0.1", 0, &address);
  check(uv_tcp_bind(&server, (const struct sockaddr *)&address, 0), "binding");
  check(uv_listen((uv_stream_t *)&server, 4096, on_connection), "listening");
  printf("%d\n", port_of(&server));
  fflush(stdout);
  return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
