// SPDX-License-Identifier: AGPL-3.0-or-later
// house.h: around what is fuzzed lies an archive of three items and two persons, with fixed ids, so
// that what fuzzing finds is found again.
#pragma once
#include "archive/persons.h"
#include "archive/shown.h"
#include "base/file.h"
#include "base/uuid.h"
#include "store/claims.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define ID(n) "0192f0a0-0000-7000-8000-00000000000" n
#define SHA256(n) "\"sha256\":\"" n n n n n n n n "\""

static inline void must(bool ok)
{
    if (!ok)
        abort();
}

static inline void claim(struct kr_store *store, const char *id, const char *predicate,
                         const char *json)
{
    KR_AUTO(kr_json_drop) json_t *value = NULL;
    must(kr_json_parse(kr_str_of(json), 1 << 16, &value, NULL));
    struct kr_claim claim = {
        .predicate = predicate, .value = value, .who = "kinreel", .certain = 1, .retracts = ""};
    kr_format(claim.subject, sizeof claim.subject, "%s", id);
    must(kr_claim_add(store, &claim, NULL));
}

static inline void fill(struct kr_store *store)
{
    static const char *const kept[][2] = {
        {ID("1"), "{\"kind\":\"photo\",\"mime\":\"image/jpeg\"," SHA256("11111111") "}"},
        {ID("2"), "{\"kind\":\"video\",\"mime\":\"video/mp4\"," SHA256("22222222") "}"},
        {ID("3"), "{\"kind\":\"audio\",\"mime\":\"audio/wav\"," SHA256("33333333") "}"}};
    static const char *const persons[] = {ID("4"), ID("8")};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    must(kr_tx_begin(store->db, &tx, NULL));
    for (size_t i = 0; i < KR_COUNT(kept); i++) {
        claim(store, kept[i][0], "kept", kept[i][1]);
        must(kr_shown_refresh(store, kept[i][0], NULL));
    }
    for (size_t i = 0; i < KR_COUNT(persons); i++) {
        claim(store, persons[i], "name", "{\"text\":\"a\",\"kind\":\"full\"}");
        must(kr_person_refresh(store, persons[i], NULL));
    }
    must(kr_tx_commit(&tx, NULL));
}

// Made once. From then on nothing is written that stays, so its folder need not either.
static inline struct kr_store *archive(void)
{
    static struct kr_store *store;
    char path[] = "/tmp/kinreel-fuzz-XXXXXX";
    if (store)
        return store;
    must(mkdtemp(path) && kr_store_init(path, true, NULL) &&
         kr_store_open(path, KR_STORE_WRITE, &store, NULL));
    fill(store);
    must(kr_remove_tree(AT_FDCWD, path, NULL));
    return store;
}
