// SPDX-License-Identifier: AGPL-3.0-or-later
// said_test.h: persons for a test, and what they say of themselves.
#pragma once
#include "archive/persons.h"
#include "archive_test.h"

static inline const char *test_person(struct kr_test *t, struct kr_store *store, const char *name)
{
    KR_AUTO(kr_json_drop) json_t *value = json_string(name);
    char *id = kr_arena_alloc(t->mem, KR_UUID_TEXT);
    EXPECT_OK(kr_person_add(store, value, "owner", 1, id, &t->err));
    return id;
}

// Says one thing of a person; swallows the value.
static inline void test_say(struct kr_test *t, struct kr_store *store, const char *person,
                            const char *predicate, json_t *value, const char *who)
{
    KR_AUTO(kr_json_drop) json_t *own = value;
    EXPECT_OK(kr_person_say(store, person, predicate, own, who, 1, &t->err));
}

static inline json_t *test_consent(const char *audience, const char *purpose, bool allow,
                                   const char *given, const char *until)
{
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, "audience", audience);
    kr_json_set_str(value, "purpose", purpose);
    kr_json_set_take(value, "allow", json_boolean(allow));
    kr_json_set_str(value, "given", given);
    if (until)
        kr_json_set_str(value, "until", until);
    return value;
}

static inline void test_avoid(struct kr_test *t, struct kr_store *store, const char *sitter,
                              const char *kind, const char *what)
{
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, "kind", kind);
    kr_json_set_str(value, "value", what);
    test_say(t, store, sitter, "avoid", value, "owner");
}
