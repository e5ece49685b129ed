#include "targets.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "spindle.h"

static const char most_populous[] = "CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR";

/* ISO 3166-1 */
static const char every_country[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
    "BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM "
    "DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS "
    "GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
    "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS YE YT ZA ZM ZW";

static bool grow(struct targets *self)
{
  size_t capacity = self->capacity ? self->capacity * 2 : 64;
  char **names = realloc(self->names, capacity * sizeof *names);
  if (!names) return false;
  self->names = names;
  self->capacity = capacity;
  return true;
}

int targets_add(struct targets *self, const char *name, size_t length)
{
  bool fits = self->count < self->capacity || grow(self);
  char *copy = fits ? malloc(length + 1) : NULL;
  if (!copy) return SP_ENOMEM;
  memcpy(copy, name, length);
  copy[length] = '\0';
  self->names[self->count++] = copy;
  return 0;
}

static bool is_letter(char c) { return isalpha((unsigned char)c) != 0; }
static char capital(char c) { return (char)toupper((unsigned char)c); }

int targets_add_code(struct targets *self, const char *word)
{
  if (strlen(word) != 2 || !is_letter(word[0]) || !is_letter(word[1])) return SP_EINVAL;
  return targets_add(self, (char[]){capital(word[0]), capital(word[1])}, 2);
}

int targets_add_letter(struct targets *self, const char *word)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  int result = 0;
  if (strlen(word) != 1 || !is_letter(*word)) return SP_EINVAL;
  for (const char *second = letters; *second && result == 0; second++) {
    result = targets_add(self, (char[]){capital(*word), *second}, 2);
  }
  return result;
}

int targets_add_every(struct targets *self)
{
  int result = 0;
  for (char first = 'A'; first <= 'Z' && result == 0; first++) {
    result = targets_add_letter(self, (char[]){first, '\0'});
  }
  return result;
}

/* Codes with a blank between them. */
static int add_codes(struct targets *self, const char *codes, size_t size)
{
  int result = 0;
  for (const char *code = codes; code < codes + size && result == 0; code += 3) {
    result = targets_add(self, code, 2);
  }
  return result;
}

int targets_add_all(struct targets *self)
{
  return add_codes(self, every_country, sizeof every_country);
}

int targets_add_most_populous(struct targets *self)
{
  return add_codes(self, most_populous, sizeof most_populous);
}

int targets_add_lines(struct targets *self, const char *text, size_t size)
{
  int result = 0;
  const char *end = text + size;
  while (text < end && result == 0) {
    const char *newline = memchr(text, '\n', (size_t)(end - text));
    const char *next = newline ? newline + 1 : end;
    size_t length = (size_t)((newline ? newline : end) - text);
    if (length > 0 && text[length - 1] == '\r') length--;
    if (length > 0) result = targets_add(self, text, length);
    text = next;
  }
  return result;
}

static int compare(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

void targets_settle(struct targets *self, size_t limit)
{
  size_t kept = 0;
  if (self->count > 0) qsort(self->names, self->count, sizeof *self->names, compare);
  for (size_t i = 0; i < self->count; i++) {
    char *name = self->names[i];
    bool again = kept > 0 && strcmp(self->names[kept - 1], name) == 0;
    if (again || kept == limit) {
      free(name);
    } else {
      self->names[kept++] = name;
    }
  }
  self->count = kept;
}

static int compare_last_parts(const void *a, const void *b)
{
  return strcmp(last_part(*(char *const *)a), last_part(*(char *const *)b));
}

static int check_neighbours(char *const *names, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const char *name = last_part(names[i]);
    if (!*name) return sp_fail(SP_EINVAL, "%s: the path names no file", names[i]);
    if (i == 0 || strcmp(last_part(names[i - 1]), name) != 0) continue;
    return sp_fail(SP_EINVAL, "%s and %s: both would be saved as %s", names[i - 1], names[i], name);
  }
  return 0;
}

int targets_check_last_parts(const struct targets *self)
{
  size_t size = self->count * sizeof *self->names;
  char **sorted = malloc(size);
  if (!sorted) return SP_ENOMEM;
  memcpy(sorted, self->names, size);
  qsort(sorted, self->count, sizeof *sorted, compare_last_parts);
  int result = check_neighbours(sorted, self->count);
  free(sorted);
  return result;
}

void targets_free(struct targets *self)
{
  for (size_t i = 0; i < self->count; i++) free(self->names[i]);
  free(self->names);
  *self = (struct targets){.names = NULL};
}
