// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/tell.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static void add_char(struct kr_buf *out, char c)
{
    kr_buf_add(out, &c, 1);
}

// Whether a byte can stand in a JSON text as it is (RFC 8259 section 7).
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static void add_quoted(struct kr_buf *out, const char *text)
{
    add_char(out, '"');
    for (const char *at = text; *at;) {
        const char *from = at;
        while (*at && is_plain((unsigned char)*at))
            at++;
        kr_buf_add(out, from, (size_t)(at - from));
        if (!*at)
            break;
        if (*at == '"' || *at == '\\') {
            char pair[2] = {'\\', *at};
            kr_buf_add(out, pair, 2);
        } else {
            kr_buf_format(out, "\\u%04x", (unsigned)(unsigned char)*at);
        }
        at++;
    }
    add_char(out, '"');
}

// A comma is due unless something was just opened; then the member's name.
static void lead_in(struct kr_buf *out, const char *name)
{
    if (out->n > 0) {
        char last = out->at[out->n - 1];
        if (last != '{' && last != '[' && last != ':')
            add_char(out, ',');
    }
    if (name) {
        add_quoted(out, name);
        add_char(out, ':');
    }
}

void kr_tell_open(struct kr_buf *out, const char *name, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    lead_in(out, name);
    add_char(out, bracket);
}

void kr_tell_close(struct kr_buf *out, char bracket)
{
    add_char(out, bracket);
}

void kr_tell_text(struct kr_buf *out, const char *name, const char *value)
{
    lead_in(out, name);
    add_quoted(out, value);
}

static void add_raw(struct kr_buf *out, const char *name, const char *raw)
{
    lead_in(out, name);
    kr_buf_add(out, raw, strlen(raw));
}

void kr_tell_int(struct kr_buf *out, const char *name, int64_t value)
{
    char digits[24];
    kr_format(digits, sizeof digits, "%jd", (intmax_t)value);
    add_raw(out, name, digits);
}

void kr_tell_real(struct kr_buf *out, const char *name, double value)
{
    char digits[40];
    if (!isfinite(value)) {
        kr_tell_null(out, name);
        return;
    }
    kr_format(digits, sizeof digits, "%.9g", value);
    for (char *c = digits; *c; c++)
        if (*c == ',') // whatever the locale says
            *c = '.';
    add_raw(out, name, digits);
}

void kr_tell_bool(struct kr_buf *out, const char *name, bool value)
{
    add_raw(out, name, value ? "true" : "false");
}

void kr_tell_null(struct kr_buf *out, const char *name)
{
    add_raw(out, name, "null");
}

void kr_tell_json(struct kr_buf *out, const char *name, const json_t *value)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    add_raw(out, name, value ? kr_json_text(mem, value) : "null");
}
