// SPDX-License-Identifier: AGPL-3.0-or-later
// archive_test.h: an archive for a test, items by their claims alone, pictures on the disk.
#pragma once
#include "archive/shown.h"
#include "harness.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static inline const char *test_path(struct kr_test *t, const char *name)
{
    return kr_arena_format(t->mem, "%s/%s", t->dir, name);
}

static inline struct kr_store *test_store(struct kr_test *t, const char *name)
{
    struct kr_store *store = NULL;
    EXPECT_OK(kr_store_init(test_path(t, name), true, &t->err));
    EXPECT_OK(kr_store_open(test_path(t, name), KR_STORE_WRITE, &store, &t->err));
    return store;
}

// Says one thing of an item; swallows the value. Nothing is shown yet.
static inline void test_claim(struct kr_test *t, struct kr_store *store, const char *id,
                              const char *predicate, json_t *value, const char *who, double certain)
{
    struct kr_claim claim = {
        .predicate = predicate, .value = value, .who = who, .certain = certain, .retracts = ""};
    kr_format(claim.subject, sizeof claim.subject, "%s", id);
    EXPECT_OK(kr_claim_add(store, &claim, &t->err));
    kr_json_drop(&value);
}

static inline json_t *test_date(const char *edtf, const char *wall)
{
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, "edtf", edtf);
    if (wall)
        kr_json_set_str(value, "wall", wall);
    return value;
}

static inline struct kr_item test_shown(struct kr_test *t, struct kr_store *store, const char *id)
{
    struct kr_item item;
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    EXPECT_OK(kr_tx_begin(store->db, &tx, &t->err));
    EXPECT_OK(kr_shown_refresh(store, id, &t->err));
    EXPECT_OK(kr_tx_commit(&tx, &t->err));
    EXPECT_OK(kr_item_get(store, t->mem, id, &item, &t->err));
    return item;
}

static inline void test_found(struct kr_test *t, struct kr_store *store, const char *id,
                              const char *path, int64_t mtime_ns)
{
    json_t *value = kr_json_new_object();
    kr_json_set_take(value, "path", json_string(kr_path_escape(t->mem, kr_str_of(path))));
    kr_json_set_int(value, "size", 7);
    kr_json_set_int(value, "mtime_ns", mtime_ns);
    test_claim(t, store, id, "found", value, "kinreel", 1);
    EXPECT_OK(kr_found_put(store, id, kr_str_of(path), 7, mtime_ns, &t->err));
}

// An item whose original is the text `bytes`, as ingest would have made it.
static inline const char *test_kept(struct kr_test *t, struct kr_store *store, const char *bytes,
                                    const char *kind, const char *path)
{
    char *id = kr_arena_alloc(t->mem, KR_UUID_TEXT);
    char hex[KR_SHA256_HEX];
    struct kr_blob_id blob;
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes(bytes, strlen(bytes));
    EXPECT_OK(kr_blobs_keep(store->blobs, fd, 1 << 20, &blob, NULL, &t->err));
    kr_blob_hex(&blob, hex);
    kr_uuid_new_text(id);
    json_t *kept = kr_json_new_object();
    kr_json_set_str(kept, "sha256", hex);
    kr_json_set_int(kept, "size", (int64_t)strlen(bytes));
    kr_json_set_str(kept, "kind", kind);
    kr_json_set_str(kept, "mime", "image/jpeg");
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    EXPECT_OK(kr_tx_begin(store->db, &tx, &t->err));
    test_claim(t, store, id, "kept", kept, "kinreel", 1);
    test_found(t, store, id, path, 1);
    EXPECT_OK(kr_shown_refresh(store, id, &t->err));
    EXPECT_OK(kr_tx_commit(&tx, &t->err));
    return id;
}

static inline struct kr_item_list test_line(struct kr_test *t, struct kr_store *store)
{
    struct kr_item_list list;
    struct kr_items_query query = {.limit = 500};
    EXPECT_OK(kr_items_page(store, t->mem, &query, &list, &t->err));
    return list;
}

// Writes a file below the test's folder, making the folders before it.
static inline const char *test_write(struct kr_test *t, const char *name, const void *bytes,
                                     size_t n)
{
    const char *path = test_path(t, name), *slash = strrchr(path, '/');
    KR_AUTO(kr_fd_close) int folder = -1;
    EXPECT_OK(kr_open_folder(AT_FDCWD, kr_arena_copy(t->mem, path, (size_t)(slash - path)), true,
                             &folder, &t->err));
    KR_AUTO(kr_fd_close)
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    EXPECT(fd >= 0);
    EXPECT_OK(kr_write_all(fd, bytes, n, &t->err));
    return path;
}

// A BMP of 48 x 32 pixels; each number gives another picture.
static inline const char *test_picture(struct kr_test *t, const char *name, unsigned number)
{
    enum { WIDTH = 48, HEIGHT = 32, HEAD = 54, SIZE = HEAD + WIDTH * HEIGHT * 3 };
    static const uint8_t head[HEAD] = {'B',  'M', SIZE & 0xFF, SIZE >> 8, 0,  0, 0, 0, 0,     0,
                                       HEAD, 0,   0,           0,         40, 0, 0, 0, WIDTH, 0,
                                       0,    0,   HEIGHT,      0,         0,  0, 1, 0, 24};
    uint8_t bytes[SIZE];
    memcpy(bytes, head, HEAD);
    for (unsigned i = HEAD; i < SIZE; i++) {
        unsigned pixel = (i - HEAD) / 3, block = pixel % WIDTH / 8 * 7 + pixel / WIDTH / 8 * 13;
        bytes[i] = (uint8_t)((block * (number * 2 + 1) * 37 + number * 59) & 0xFF);
    }
    return test_write(t, name, bytes, sizeof bytes);
}
