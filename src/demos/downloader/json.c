#include "json.h"

#include <stdint.h>
#include <string.h>

/* --- writing --- */

/* The length of the UTF-8 character that `text` begins with, 0 if it is none. */
static size_t character_length(const unsigned char *text)
{
  static const unsigned char least_second[] = {[0xe0] = 0xa0, [0xf0] = 0x90, [0xf4] = 0x80};
  unsigned char first = *text;
  size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xc2) || first > 0xf4) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((text[i] & 0xc0) != 0x80) return 0;
  }
  if (length > 1 && first < sizeof least_second && text[1] < least_second[first]) return 0;
  if ((first == 0xed && text[1] > 0x9f) || (first == 0xf4 && text[1] > 0x8f)) return 0;
  return length;
}

static void write_ascii(FILE *to, char c)
{
  static const char plain[] = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";
  const char *found = strchr(plain, c);
  if (found) {
    fprintf(to, "\\%c", letters[found - plain]);
  } else if ((unsigned char)c < ' ' || c == 0x7f) {
    fprintf(to, "\\u%04x", (unsigned)c);
  } else {
    fputc(c, to);
  }
}

void json_write_string(FILE *to, const char *text)
{
  fputc('"', to);
  while (*text) {
    size_t length = character_length((const unsigned char *)text);
    if (length == 1) {
      write_ascii(to, *text);
    } else if (length > 1) {
      fwrite(text, 1, length, to);
    } else {
      fputs("\\ufffd", to);
    }
    text += length > 0 ? length : 1;
  }
  fputc('"', to);
}

/* --- reading: each function takes something from the text, or returns false --- */

typedef struct reader {
  const char *at;
  char *value; /* where a string goes, NULL: nowhere */
  size_t capacity;
} reader;

static void skip_blanks(reader *self) { self->at += strspn(self->at, " \t\r\n"); }

static bool take(reader *self, char c)
{
  skip_blanks(self);
  if (*self->at != c) return false;
  self->at++;
  return true;
}

static bool put(reader *self, unsigned byte)
{
  if (!self->value) return true;
  if (self->capacity < 2) return false;
  *self->value++ = (char)byte;
  *self->value = '\0';
  self->capacity--;
  return true;
}

static bool put_character(reader *self, uint32_t c)
{
  if (c == 0) return false; /* would end a C string */
  if (c < 0x80) return put(self, c);
  if (c < 0x800) return put(self, 0xc0 | c >> 6) && put(self, 0x80 | (c & 0x3f));
  if (c < 0x10000) {
    return put(self, 0xe0 | c >> 12) && put(self, 0x80 | (c >> 6 & 0x3f)) &&
           put(self, 0x80 | (c & 0x3f));
  }
  return put(self, 0xf0 | c >> 18) && put(self, 0x80 | (c >> 12 & 0x3f)) &&
         put(self, 0x80 | (c >> 6 & 0x3f)) && put(self, 0x80 | (c & 0x3f));
}

static bool take_hex(reader *self, uint32_t *number)
{
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  *number = 0;
  for (int i = 0; i < 4; i++) {
    const char *digit = *self->at ? strchr(digits, *self->at) : NULL;
    if (!digit) return false;
    *number = *number << 4 | (uint32_t)((digit - digits) & 15);
    self->at++;
  }
  return true;
}

static bool is_half(uint32_t c, uint32_t from) { return c >= from && c < from + 0x400; }

/* After "\u". A character beyond 16 bits is two of them. */
static bool take_code(reader *self)
{
  uint32_t high;
  uint32_t low;
  if (!take_hex(self, &high)) return false;
  if (is_half(high, 0xdc00)) return false;
  if (!is_half(high, 0xd800)) return put_character(self, high);
  if (self->at[0] != '\\' || self->at[1] != 'u') return false;
  self->at += 2;
  if (!take_hex(self, &low) || !is_half(low, 0xdc00)) return false;
  return put_character(self, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
}

static bool take_escape(reader *self)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char plain[] = "\"\\/\b\f\n\r\t";
  char c = *self->at;
  const char *found = c ? strchr(letters, c) : NULL;
  if (c) self->at++;
  if (c == 'u') return take_code(self);
  return found && put(self, (unsigned char)plain[found - letters]);
}

static bool take_string(reader *self)
{
  if (!take(self, '"')) return false;
  while (*self->at != '"') {
    unsigned char c = (unsigned char)*self->at;
    if (c < ' ') return false;
    self->at++;
    if (c == '\\' ? !take_escape(self) : !put(self, c)) return false;
  }
  self->at++;
  return true;
}

/* A number or a word. What it says is not looked at. */
static bool take_word(reader *self)
{
  size_t length = strspn(self->at, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");
  self->at += length;
  return length > 0;
}

/* Values inside others are passed over, their brackets counted. */
static bool take_value(reader *self)
{
  int depth = 0;
  do {
    skip_blanks(self);
    if (*self->at == '{' || *self->at == '[') {
      depth++, self->at++;
    } else if (*self->at == '}' || *self->at == ']') {
      depth--, self->at++;
    } else if (depth > 0 && (*self->at == ',' || *self->at == ':')) {
      self->at++;
    } else if (*self->at == '"' ? !take_string(self) : !take_word(self)) {
      return false;
    }
  } while (depth > 0);
  return depth == 0;
}

static bool take_name(reader *self, char *name, size_t size)
{
  *name = '\0';
  reader named = {.at = self->at, .value = name, .capacity = size};
  bool fits = take_string(&named);
  if (!take_string(self)) return false;
  if (!fits) *name = '\0'; /* longer than what is looked for */
  return take(self, ':');
}

bool json_find_string(const char *text, const char *name, char *value, size_t size)
{
  char found[64];
  reader self = {.at = text};
  if (!take(&self, '{')) return false;
  do {
    if (!take_name(&self, found, sizeof found)) return false;
    if (strcmp(found, name) == 0) {
      self.value = value;
      self.capacity = size;
      if (size > 0) *value = '\0';
      return take_string(&self);
    }
    if (!take_value(&self)) return false;
  } while (take(&self, ','));
  return false;
}
