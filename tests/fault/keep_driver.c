// SPDX-License-Identifier: AGPL-3.0-or-later
// keep_driver --backup ARCHIVE COPY: brings a backup up to date, then tells
//   copied COPY       it is good, and holds nothing forgotten
// keep_driver ARCHIVE FILE...: keeps files, says so of each, and tells on
// standard output what it promises from then on, one line for each promise:
//   kept SHA256       the blob and its claim are safe
//   written SUBJECT   its claim stands in the text too
//   forgot SUBJECT    nothing said of it is left
//   made ID           the rendition is safe
// What fails is told on standard error; then it goes on with the next.

#include "base/file.h"
#include "store/backup.h"
#include "store/cache.h"
#include "store/claims.h"
#include <fcntl.h>
#include <unistd.h>

static int failures;

static void complain(const struct kr_err *err)
{
    dprintf(STDERR_FILENO, "%s\n", err->text);
    failures++;
}

static bool say_kept(struct kr_store *store, const char *hex, char subject[static KR_UUID_TEXT],
                     struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    struct kr_claim claim = {.predicate = "kept", .value = value, .who = "test", .certain = 1};
    kr_json_set_str(value, "sha256", hex);
    kr_uuid_new_text(subject);
    kr_format(claim.subject, KR_UUID_TEXT, "%s", subject);
    return kr_tx_begin(store->db, &tx, err) && kr_claim_add(store, &claim, err) &&
           kr_tx_commit(&tx, err);
}

static bool keep(struct kr_store *store, const char *file, char subject[static KR_UUID_TEXT])
{
    struct kr_err err = {0};
    struct kr_blob_id id;
    char hex[KR_SHA256_HEX];
    KR_AUTO(kr_fd_close) int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (!kr_blobs_keep(store->blobs, fd, 1 << 30, &id, NULL, &err)) {
        complain(&err);
        return false;
    }
    kr_blob_hex(&id, hex);
    if (!say_kept(store, hex, subject, &err)) {
        complain(&err);
        subject[0] = '\0';
        return false;
    }
    dprintf(STDOUT_FILENO, "kept %s\n", hex);
    return true;
}

static void write_down(struct kr_store *store, const char *subject)
{
    struct kr_err err = {0};
    if (!kr_claims_mirror(store, &err))
        complain(&err);
    else if (*subject)
        dprintf(STDOUT_FILENO, "written %s\n", subject);
}

static void forget(struct kr_store *store, const char *subject)
{
    struct kr_err err = {0};
    if (!kr_claims_forget(store, subject, &err))
        complain(&err);
    else
        dprintf(STDOUT_FILENO, "forgot %s\n", subject);
}

static void make(struct kr_store *store, const char *file, const char *subject)
{
    struct kr_err err = {0};
    struct kr_rendition one = {.kind = "kit", .mime = "video/mp4", .ending = "mp4"};
    KR_AUTO(kr_fd_close) int fd = open(file, O_RDONLY | O_CLOEXEC);
    kr_format(one.subject, sizeof one.subject, "%s", subject);
    if (!kr_rendition_keep(store, &one, fd, &err))
        complain(&err);
    else
        dprintf(STDOUT_FILENO, "made %s\n", one.id);
}

static int back_up(const char *archive, const char *copy)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_backup_report report;
    struct kr_err err = {0};
    if (!kr_store_open(archive, KR_STORE_WRITE, &store, &err) ||
        !kr_backup(store, copy, false, NULL, NULL, &report, &err)) {
        complain(&err);
        return 1;
    }
    dprintf(STDOUT_FILENO, "copied %s\n", copy);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--backup") == 0)
        return back_up(argv[2], argv[3]);
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_err err = {0};
    char first[KR_UUID_TEXT] = "", last[KR_UUID_TEXT] = "";
    if (argc < 3)
        return 2;
    if (!kr_store_open(argv[1], KR_STORE_WRITE, &store, &err)) {
        complain(&err);
        return 1;
    }
    for (int i = 2; i < argc; i++) {
        bool kept = keep(store, argv[i], i == 2 ? first : last);
        write_down(store, i > 2 && kept ? last : ""); // the first will be forgotten
    }
    if (last[0])
        make(store, argv[2], last);
    if (first[0])
        forget(store, first);
    return failures ? 1 : 0;
}
