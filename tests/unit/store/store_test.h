// SPDX-License-Identifier: AGPL-3.0-or-later
// store_test.h: an archive of one's own for a test, and the words it needs often.
#pragma once
#include "harness.h"
#include "store/claims.h"
#include <sys/stat.h>
#include <unistd.h>

static inline struct kr_store *test_archive(struct kr_test *t, const char *name)
{
    struct kr_store *store = NULL;
    const char *path = kr_arena_format(t->mem, "%s/%s", t->dir, name);
    EXPECT_OK(kr_store_init(path, true, &t->err));
    EXPECT_OK(kr_store_open(path, KR_STORE_WRITE, &store, &t->err));
    return store;
}

static inline struct kr_blob_id test_keep(struct kr_test *t, struct kr_store *store,
                                          const char *text)
{
    struct kr_blob_id id = {{0}};
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes(text, strlen(text));
    EXPECT_OK(kr_blobs_keep(store->blobs, fd, 1 << 20, &id, NULL, &t->err));
    return id;
}

// Says of a subject (a new one when it is empty) one thing with a text as value.
static inline void test_say(struct kr_test *t, struct kr_store *store,
                            char subject[static KR_UUID_TEXT], const char *predicate,
                            const char *name, const char *value)
{
    struct kr_claim claim = {.predicate = predicate, .who = "owner", .certain = 0.9};
    KR_AUTO(kr_json_drop) json_t *object = kr_json_new_object();
    kr_json_set_str(object, name, value);
    claim.value = object;
    if (!subject[0])
        kr_uuid_new_text(subject);
    kr_format(claim.subject, KR_UUID_TEXT, "%s", subject);
    EXPECT_OK(kr_claim_add(store, &claim, &t->err));
    EXPECT(claim.seq > 0 && claim.id[0] && strcmp(claim.home, store->home) == 0);
}

// A blob and the claim that speaks of it.
static inline struct kr_blob_id test_item(struct kr_test *t, struct kr_store *store,
                                          const char *text, char subject[static KR_UUID_TEXT])
{
    char hex[KR_SHA256_HEX];
    struct kr_blob_id id = test_keep(t, store, text);
    kr_blob_hex(&id, hex);
    subject[0] = '\0';
    test_say(t, store, subject, "kept", "sha256", hex);
    return id;
}

static inline const char *test_blob_path(struct kr_test *t, const char *archive,
                                         const struct kr_blob_id *id)
{
    char hex[KR_SHA256_HEX];
    kr_blob_hex(id, hex);
    return kr_arena_format(t->mem, "%s/%s/blobs/%.2s/%s", t->dir, archive, hex, hex + 2);
}

// What a dying disk does: other bytes of the same length, behind our back.
static inline void test_damage(struct kr_test *t, const char *path)
{
    (void)t;
    EXPECT(chmod(path, 0644) == 0);
    FILE *file = fopen(path, "r+");
    EXPECT(file && fputc('X', file) == 'X');
    fclose(file);
}
