// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/json.h"

#include "base/file.h"
#include <stdlib.h>
#include <string.h>

void kr_json_drop(json_t **value)
{
    json_decref(*value);
    *value = NULL;
}

bool kr_json_parse(struct kr_str text, size_t most, json_t **out, struct kr_err *err)
{
    if (text.n > most)
        return kr_fail(err, KR_E_TOO_BIG, "JSON of %zu bytes, at most %zu", text.n, most);
    json_error_t why;
    json_t *value =
        json_loadb(text.at ? text.at : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!value)
        return kr_fail(err, KR_E_INVALID, "JSON, line %d, column %d: not understood", why.line,
                       why.column);
    *out = value;
    return true;
}

bool kr_json_read_file(int dir, const char *path, size_t most, json_t **out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_str text;
    if (!kr_read_file(mem, dir, path, most, &text, err))
        return false;
    return kr_json_parse(text, most, out, err) || kr_within(err, "read '%s'", path);
}

static void drop_thing(void *value)
{
    json_decref(value);
}

const json_t *kr_json_lend(struct kr_arena *mem, json_t *value)
{
    kr_arena_defer(mem, drop_thing, value);
    return value;
}

static const char *dumped(struct kr_arena *mem, const json_t *value, size_t flags)
{
    flags |= JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15);
    char *text = json_dumps(value, flags);
    if (!text)
        abort(); // out of memory: our values are always valid
    const char *copy = kr_arena_strdup(mem, text);
    free(text);
    return copy;
}

const char *kr_json_text(struct kr_arena *mem, const json_t *value)
{
    return dumped(mem, value, JSON_PRESERVE_ORDER);
}

const char *kr_json_canonical(struct kr_arena *mem, const json_t *value)
{
    return dumped(mem, value, JSON_SORT_KEYS);
}

const json_t *kr_json_get(const json_t *object, const char *name)
{
    return json_object_get(object, name);
}

const char *kr_json_str(const json_t *object, const char *name, const char *fallback)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? json_string_value(value) : fallback;
}

int64_t kr_json_int(const json_t *object, const char *name, int64_t fallback)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

double kr_json_real(const json_t *object, const char *name, double fallback)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : fallback;
}

bool kr_json_bool(const json_t *object, const char *name, bool fallback)
{
    const json_t *value = json_object_get(object, name);
    return json_is_boolean(value) ? json_boolean_value(value) : fallback;
}

// jansson fails only without memory or on text that is no UTF-8: both are ours.
static void must(int result)
{
    if (result != 0)
        abort();
}

void kr_json_set_str(json_t *object, const char *name, const char *value)
{
    must(json_object_set_new(object, name, value ? json_string(value) : json_null()));
}

void kr_json_set_int(json_t *object, const char *name, int64_t value)
{
    must(json_object_set_new(object, name, json_integer(value)));
}

void kr_json_set_real(json_t *object, const char *name, double value)
{
    must(json_object_set_new(object, name, json_real(value)));
}

void kr_json_set_bool(json_t *object, const char *name, bool value)
{
    must(json_object_set_new(object, name, json_boolean(value)));
}

void kr_json_set_take(json_t *object, const char *name, json_t *value)
{
    must(json_object_set_new(object, name, value));
}

void kr_json_append_take(json_t *array, json_t *value)
{
    must(json_array_append_new(array, value));
}

json_t *kr_json_new_object(void)
{
    json_t *value = json_object();
    if (!value)
        abort();
    return value;
}

json_t *kr_json_new_array(void)
{
    json_t *value = json_array();
    if (!value)
        abort();
    return value;
}
