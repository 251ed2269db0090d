// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/members.h"

#include "story/story.h"
#include <ctype.h>
#include <math.h>

bool kr_members_fail(const struct kr_members *of, struct kr_err *err, const char *format, ...)
{
    char what[320];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (*of->where)
        return kr_fail(err, KR_E_INVALID, "%s: %s", of->where, what);
    return kr_fail(err, KR_E_INVALID, "%s", what);
}

// A stranger's name may hold anything and be of any length.
static const char *shown(struct kr_arena *mem, const char *name)
{
    size_t n = strlen(name);
    return kr_text_in(mem, (struct kr_str){name, n < 60 ? n : 60});
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

bool kr_members_open(struct kr_arena *mem, const json_t *value, const char *where,
                     const char *const *names, struct kr_members *out, struct kr_err *err)
{
    struct kr_members of = {mem, value, where};
    if (!json_is_object(value))
        return kr_members_fail(&of, err, "must be an object");
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)value, name, member)
    {
        if (!kr_starts_with(name, "x-") && !is_among(name, names))
            return kr_members_fail(&of, err, "nobody knows the member '%s'", shown(mem, name));
    }
    *out = of;
    return true;
}

bool kr_members_has(const struct kr_members *of, const char *name)
{
    return kr_json_get(of->object, name) != NULL;
}

static bool is_blank(const char *text)
{
    for (; *text; text++)
        if (!isspace((unsigned char)*text))
            return false;
    return true;
}

bool kr_members_as_text(const struct kr_members *of, const json_t *value, const char *name,
                        size_t most, const char **out, struct kr_err *err)
{
    if (!json_is_string(value))
        return kr_members_fail(of, err, "'%s' must be text", name);
    struct kr_str told = {json_string_value(value), json_string_length(value)};
    if (told.n > most)
        return kr_members_fail(of, err, "'%s' has %zu bytes, at most %zu", name, told.n, most);
    const char *text = kr_text_in(of->mem, told);
    if (is_blank(text))
        return kr_members_fail(of, err, "'%s' is empty", name);
    *out = text;
    return true;
}

bool kr_members_text(const struct kr_members *of, const char *name, size_t most, const char **out,
                     struct kr_err *err)
{
    const json_t *value = kr_json_get(of->object, name);
    return !value || kr_members_as_text(of, value, name, most, out, err);
}

bool kr_members_real(const struct kr_members *of, const char *name, double least, double most,
                     const char *unit, double *out, struct kr_err *err)
{
    const json_t *value = kr_json_get(of->object, name);
    if (!value)
        return true;
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    if (!(number >= least && number <= most)) // also catches what is no number
        return kr_members_fail(of, err, "'%s' must be %g to %g%s%s", name, least, most,
                               *unit ? " " : "", unit);
    *out = number;
    return true;
}

bool kr_members_bool(const struct kr_members *of, const char *name, bool *out, struct kr_err *err)
{
    const json_t *value = kr_json_get(of->object, name);
    if (!value)
        return true;
    if (!json_is_boolean(value))
        return kr_members_fail(of, err, "'%s' must be true or false", name);
    *out = json_is_true(value);
    return true;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

// Whether a part between slashes is "..": then the way leads out of the folder.
static bool climbs(const char *path)
{
    while (*path) {
        size_t n = strcspn(path, "/");
        if (n == 2 && path[0] == '.' && path[1] == '.')
            return true;
        path += n + (path[n] == '/');
    }
    return false;
}

bool kr_members_reference(const struct kr_members *of, const char *name, const char **out,
                          struct kr_err *err)
{
    const json_t *value = kr_json_get(of->object, name);
    if (!value)
        return true;
    const char *inside = NULL;
    if (!kr_members_as_text(of, value, name, KR_STORY_REFERENCE, &inside, err))
        return false;
    const char *path = json_string_value(value);
    if (strlen(path) != json_string_length(value) || has_control(path))
        return kr_members_fail(of, err, "'%s' holds control characters", name);
    if (*path == '/')
        return kr_members_fail(of, err, "'%s' must be relative to the story, not start with '/'",
                               name);
    if (strstr(path, "://"))
        return kr_members_fail(of, err, "'%s' must be a file or an item, never an address", name);
    if (climbs(path))
        return kr_members_fail(of, err, "'%s' must stay below the story's folder (no '..')", name);
    *out = kr_arena_strdup(of->mem, path); // not inside text: a file's name stays as it is
    return true;
}
