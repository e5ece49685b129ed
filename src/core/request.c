/* The check of a request, before anything is sent. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "core/fetch.h"
#include "spindle.h"

bool sp__same_name(const char *a, const char *b)
{
  while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b)) a++, b++;
  return tolower((unsigned char)*a) == tolower((unsigned char)*b);
}

static bool is_token(const char *text)
{
  if (!*text) return false;
  for (const char *c = text; *c; c++) {
    if (*c <= ' ' || *c > '~' || strchr("()<>@,;:\\\"/[]?={}", *c)) return false;
  }
  return true;
}

/* RFC 9110, 5.5. A line break in a header would start another header. */
static bool is_value(const char *text)
{
  for (const char *c = text; *c; c++) {
    unsigned char byte = (unsigned char)*c;
    if ((byte < ' ' && byte != '\t') || byte == 0x7f) return false;
  }
  return true;
}

static bool is_header(const sp_header *header)
{
  return header->name && header->value && is_token(header->name) && is_value(header->value);
}

static bool has_body(const sp_fetch_options *options)
{
  return options->body || options->read_body;
}

const char *sp__method_of(const sp_fetch_options *options)
{
  if (options->method) return options->method;
  return has_body(options) ? "POST" : "GET";
}

static bool takes_no_body(const char *method)
{
  return sp__same_name(method, "GET") || sp__same_name(method, "HEAD");
}

/* As in the fetch standard: tunnels and traces are for proxies. */
static bool is_forbidden(const char *method)
{
  return sp__same_name(method, "CONNECT") || sp__same_name(method, "TRACE") ||
         sp__same_name(method, "TRACK");
}

static int check_method(const sp_fetch_options *options, const char *method)
{
  if (!is_token(method)) return sp_fail(SP_EINVAL, "invalid HTTP method '%s'", method);
  if (is_forbidden(method)) return sp_fail(SP_EINVAL, "HTTP method %s is not allowed", method);
  if (has_body(options) && takes_no_body(method)) {
    return sp_fail(SP_EINVAL, "a %s request cannot have a body", method);
  }
  return 0;
}

static int check_numbers(const sp_fetch_options *options)
{
  if (options->body && options->read_body) {
    return sp_fail(SP_EINVAL, "set either body or read_body, not both");
  }
  if (isnan(options->timeout) || options->timeout < 0) {
    return sp_fail(SP_EINVAL, "timeout must be >= 0 seconds (0: none), not %g", options->timeout);
  }
  if (options->max_redirects < 0) return sp_fail(SP_EINVAL, "max_redirects must be >= 0 (0: 20)");
  return 0;
}

static int check_headers(const sp_fetch_options *options)
{
  for (size_t i = 0; i < options->header_count; i++) {
    if (!is_header(&options->headers[i])) {
      const char *name = options->headers[i].name;
      return sp_fail(SP_EINVAL, "header %zu (%s) has an invalid name or value", i,
                     name ? name : "NULL");
    }
  }
  return 0;
}

int sp__request_check(const sp_fetch_options *options, const char *method)
{
  int error = check_method(options, method);
  if (error == 0) error = check_numbers(options);
  return error < 0 ? error : check_headers(options);
}
