// SPDX-License-Identifier: AGPL-3.0-or-later
// fill ARCHIVE COUNT: an archive with COUNT made-up items, for the numbers that
// depend on size. Rows come from claims by the same road as any other.
#include "archive/shown.h"
#include "base/json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool say(struct kr_store *store, const char *item, const char *predicate, json_t *value,
                const char *who, struct kr_err *err)
{
    struct kr_claim claim = {
        .predicate = predicate, .value = value, .who = who, .certain = 0.9, .retracts = ""};
    kr_format(claim.subject, sizeof claim.subject, "%s", item);
    bool fine = kr_claim_add(store, &claim, err);
    kr_json_drop(&value);
    return fine;
}

static json_t *new_kept(int n)
{
    uint8_t hash[KR_SHA256_SIZE];
    char hex[KR_SHA256_HEX];
    kr_sha256(&n, sizeof n, hash);
    kr_hex(hash, sizeof hash, hex);
    return json_pack("{s:s,s:i,s:s,s:s}", "sha256", hex, "size", 3600000, "kind", "photo", "mime",
                     "image/jpeg");
}

static json_t *new_face(int n)
{
    return json_pack("{s:s,s:s,s:f,s:f,s:f,s:f}", "name", "", "kind", "face", "x", n % 50 / 100.0,
                     "y", 0.25, "w", 0.125, "h", 0.125);
}

static bool fill_one(struct kr_store *store, int n, struct kr_err *err)
{
    static const char *const captions[] = {"奶奶在老屋门前", "婚礼", "At the bridge", "春节回家",
                                           "Summer, the river"};
    char item[KR_UUID_TEXT], edtf[16], wall[40], path[80];
    kr_uuid_new_text(item);
    kr_format(edtf, sizeof edtf, "%04d-%02d-%02d", 1960 + n % 64, n / 64 % 12 + 1,
              n / 768 % 28 + 1);
    kr_format(wall, sizeof wall, "%sT%02d:%02d:%02d", edtf, n % 24, n % 60, n / 60 % 60);
    kr_format(path, sizeof path, "/home/family/%04d/IMG_%06d.jpg", 1960 + n % 64, n);
    int width = n % 3 ? 4000 : 3000, height = n % 3 ? 3000 : 4000;
    return say(store, item, "kept", new_kept(n), "kinreel", err) &&
           say(store, item, "seen",
               json_pack("{s:s,s:i,s:i,s:s}", "kind", "photo", "width", width, "height", height,
                         "mime", "image/jpeg"),
               "kinreel", err) &&
           say(store, item, "found", json_pack("{s:s}", "path", path), "kinreel", err) &&
           say(store, item, "date", json_pack("{s:s,s:s}", "edtf", edtf, "wall", wall), "exif",
               err) &&
           say(store, item, "caption", json_string(captions[n % 5]), "xmp", err) &&
           (n % 2 || say(store, item, "region", new_face(n), "xmp", err)) &&
           kr_shown_refresh(store, item, err);
}

static bool fill(struct kr_store *store, int count, struct kr_err *err)
{
    for (int n = 0; n < count;) {
        KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
        if (!kr_tx_begin(store->db, &tx, err))
            return false;
        for (int end = n + 500; n < count && n < end; n++)
            if (!fill_one(store, n, err))
                return false;
        if (!kr_tx_commit(&tx, err))
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct kr_err err = {0};
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    int64_t count;
    if (argc != 3 || !kr_parse_int(argv[2], 1, 10000000, &count))
        return 2;
    if (!kr_store_init(argv[1], true, &err) ||
        !kr_store_open(argv[1], KR_STORE_WRITE, &store, &err) || !fill(store, (int)count, &err)) {
        fprintf(stderr, "fill: %s\n", err.text);
        return 1;
    }
    return 0;
}
