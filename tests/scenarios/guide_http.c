/* JSON is sent by a POST, and JSON comes back.
 * @server */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static int post_json(const char *url, const char *json, sp_response *response)
{
  sp_header headers[] = {{"content-type", "application/json"}, {"accept", "application/json"}};
  sp_fetch_options options = {
      .method = "POST",
      .headers = headers,
      .header_count = 2,
      .body = json,
      .body_size = strlen(json),
      .max_body_size = 1 << 20, /* a larger response is SP_ETOOLARGE */
      .timeout = 10,
  };
  int status = sp_fetch(url, &options, response);
  if (status < 0) return status; /* and nothing is to be freed */
  if (status < 400) return status;
  int error = sp_fail(SP_EUSER, "%s: status %d", response->url, status);
  sp_response_free(response);
  return error;
}

static int add_flag(const char *base, const char *path)
{
  char url[200], code[3];
  int population;
  sp_response response;
  snprintf(url, sizeof url, "%s%s", base, path);
  int status = post_json(url, "{\"code\": \"BR\", \"population\": 213}", &response);
  if (status < 0) return status;
  printf("%d, %s\n", status, sp_response_header(&response, "Content-Type"));
  /* A NUL follows the body. sscanf does for this one; a program has a JSON parser. */
  const char *format = "{\"code\": \"%2[A-Z]\", \"population\": %d}";
  int found = sscanf(response.body, format, code, &population);
  sp_response_free(&response);
  if (found != 2) return sp_fail(SP_EPROTOCOL, "%s: unexpected JSON", url);
  printf("%s has a population of %d million\n", code, population);
  return 0;
}

static int run(void *server)
{
  int error = add_flag(server, "echo?raw");
  if (error == 0 && add_flag(server, "status/503") == SP_EUSER) {
    puts(strstr(sp_error_message(), "status/503: status 503"));
  }
  return error;
}

int main(int argc, char **argv)
{
  int error = sp_run(run, argc > 1 ? argv[1] : "http://127.0.0.1:8000/");
  if (error < 0) fprintf(stderr, "%s\n", sp_error_message());
  return error < 0;
}
