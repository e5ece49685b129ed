/* The floor: raw libuv with a client for just this server, made by hand. A connection asks for one
 * path after the other; each answer has a Content-Length and is saved by one job of libuv's pool.
 *   uv_http LIST PORT CONCURRENT FOLDER */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

enum { ROOM = 65536, PATH_ROOM = 512 };

typedef struct saving {
  uv_work_t work;
  char path[PATH_ROOM];
  size_t size;
  char data[];
} saving;

typedef struct connection {
  uv_tcp_t tcp;
  uv_connect_t connect;
  uv_write_t write;
  const char *path; /* asked for */
  size_t size;
  char request[PATH_ROOM];
  char answer[ROOM];
} connection;

static char *next_path; /* of those that nobody asked for yet */
static const char *folder;

static void fail(const char *what, const char *why)
{
  fprintf(stderr, "uv_http: %s: %s\n", what, why);
  exit(1);
}

static void check(int error, const char *what)
{
  if (error < 0) fail(what, uv_strerror(error));
}

/* --- saving --- */

static void save_in_thread(uv_work_t *work)
{
  saving *self = work->data;
  char draft[PATH_ROOM + 5];
  snprintf(draft, sizeof draft, "%s.part", self->path);
  int file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0 || write(file, self->data, self->size) != (ssize_t)self->size || close(file) < 0 ||
      rename(draft, self->path) < 0) {
    fail(self->path, "not saved");
  }
}

static void saved(uv_work_t *work, int status)
{
  (void)status;
  free(work->data);
}

static void save(uv_loop_t *loop, const char *path, const char *data, size_t size)
{
  saving *self = malloc(sizeof *self + size);
  if (!self) abort();
  snprintf(self->path, sizeof self->path, "%s/%s", folder, path);
  memcpy(self->data, data, size);
  self->size = size;
  self->work.data = self;
  check(uv_queue_work(loop, &self->work, save_in_thread, saved), "a job");
}

/* --- asking --- */

static const char *take_path(void)
{
  char *path = next_path;
  if (!*path) return NULL;
  next_path = strchr(path, '\n');
  if (!next_path) fail("the list", "its last line has no end");
  *next_path++ = '\0';
  return path;
}

static void on_written(uv_write_t *write, int status)
{
  (void)write;
  check(status, "writing");
}

static void ask(connection *self)
{
  self->path = take_path();
  self->size = 0;
  if (!self->path) {
    uv_close((uv_handle_t *)&self->tcp, NULL);
    return;
  }
  int size = snprintf(self->request, sizeof self->request,
                      "GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n", self->path);
  uv_buf_t buffer = uv_buf_init(self->request, (unsigned)size);
  check(uv_write(&self->write, (uv_stream_t *)&self->tcp, &buffer, 1, on_written), "writing");
}

/* --- the answer --- */

static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
  (void)suggested;
  connection *self = handle->data;
  *buffer = uv_buf_init(self->answer + self->size, (unsigned)(ROOM - 1 - self->size));
}

static size_t length_in(const char *head)
{
  const char *line = strstr(head, "\r\nContent-Length: ");
  if (strncmp(head, "HTTP/1.1 200 ", 13) != 0 || !line) fail("an answer", head);
  return strtoull(line + strlen("\r\nContent-Length: "), NULL, 10);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
  (void)buffer;
  connection *self = stream->data;
  check((int)size, "reading");
  self->size += (size_t)size;
  self->answer[self->size] = '\0';
  const char *body = strstr(self->answer, "\r\n\r\n");
  if (!body) return;
  body += 4;
  size_t body_size = length_in(self->answer);
  if (self->answer + self->size < body + body_size) return;
  save(stream->loop, self->path, body, body_size);
  ask(self);
}

static void on_connect(uv_connect_t *request, int status)
{
  check(status, "connecting");
  connection *self = request->data;
  check(uv_read_start((uv_stream_t *)&self->tcp, allocate, on_read), "reading");
  ask(self);
}

static void open_connection(connection *self, int port)
{
  struct sockaddr_in address;
  uv_ip4_addr("127.0.0.1", port, &address);
  check(uv_tcp_init(uv_default_loop(), &self->tcp), "a socket");
  uv_tcp_nodelay(&self->tcp, 1);
  self->tcp.data = self->connect.data = self;
  check(uv_tcp_connect(&self->connect, &self->tcp, (const struct sockaddr *)&address, on_connect),
        "connecting");
}

static char *read_list(const char *path)
{
  enum { MOST = 1 << 20 };
  FILE *file = fopen(path, "r");
  char *text = calloc(1, MOST);
  if (!file || !text || fread(text, 1, MOST - 1, file) == 0) fail(path, "not read");
  fclose(file);
  return text;
}

int main(int argc, char **argv)
{
  if (argc != 5) fail("usage", "uv_http LIST PORT CONCURRENT FOLDER");
  char *list = next_path = read_list(argv[1]);
  int port = (int)strtol(argv[2], NULL, 10);
  size_t concurrent = strtoul(argv[3], NULL, 10);
  folder = argv[4];
  connection *connections = calloc(concurrent, sizeof *connections);
  if (!connections) abort();
  for (size_t i = 0; i < concurrent; i++) open_connection(&connections[i], port);
  int left = uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  free(connections);
  free(list);
  return left;
}
