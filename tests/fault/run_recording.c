// SPDX-License-Identifier: AGPL-3.0-or-later
// A recording on the worst day of its disk. Afterwards: what was begun is found, every piece that
// was acknowledged is there as it was, and tending makes an item that begins with all of them;
// once the whole was acknowledged as an item, the item is whole.
#include "drive.h"

#include "archive/recordings.h"
#include "recorded.h"
#include "store/items.h"
#include <fcntl.h>
#include <unistd.h>

static int promised_pieces(const struct work *work)
{
    int n = 0;
    for (int i = 0; i < work->promise_n; i++)
        n += kr_starts_with(work->promises[i], "piece ");
    return n;
}

static const char *last_promised(const struct work *work, const char *what)
{
    const char *found = "";
    for (int i = 0; i < work->promise_n; i++)
        if (kr_starts_with(work->promises[i], what))
            found = work->promises[i] + strlen(what);
    return found;
}

// Whether the item's original begins with `n` pieces.
static bool begins_with_pieces(struct kr_store *store, const char *id, int n)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_fd_close) int fd = -1;
    struct kr_item item;
    struct kr_str bytes;
    if (!kr_item_get(store, mem, id, &item, NULL) ||
        !kr_blobs_verify(store->blobs, &item.blob, NULL, NULL) ||
        !kr_blobs_read(store->blobs, &item.blob, &fd, NULL) ||
        !kr_read_all(mem, fd, 1 << 20, &bytes, NULL) || bytes.n < (size_t)n * RECORDED_PIECE)
        return false;
    for (uint32_t i = 0; i < (uint32_t)n; i++) {
        char want[RECORDED_PIECE];
        recorded_fill(i, want);
        if (memcmp(bytes.at + i * RECORDED_PIECE, want, RECORDED_PIECE) != 0)
            return false;
    }
    return true;
}

static void look_at_recording(struct work *work, const char *media)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    const char *const tend[] = {"--tend", work->archive, media, NULL};
    const char *begun = last_promised(work, "begun ");
    char id[KR_UUID_TEXT], was[KR_UUID_TEXT];
    struct kr_err err = {0};
    int n = promised_pieces(work);
    kr_format(id, sizeof id, "%.36s", begun);
    kr_format(was, sizeof was, "%.36s", last_promised(work, "item "));
    if (drive(work, tend, false) != 0)
        violated(work, "recordings cannot be tended", id);
    must(kr_store_open(work->archive, KR_STORE_WRITE, &store, &err), &err);
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    if (*id && !kr_recording_see(store->dir, mem, id, &recording, &err))
        violated(work, "a recording that was begun is lost", id);
    const char *item = last_promised(work, "item ");
    if (n && !*item)
        violated(work, "no item was made of", id);
    else if (n && !begins_with_pieces(store, item, n))
        violated(work, "an acknowledged piece is lost of", id);
    if (*was && (strcmp(was, item) != 0 || !begins_with_pieces(store, was, RECORDED_PIECES)))
        violated(work, "an acknowledged item is lost", was);
}

void go_through_recordings(struct work *work, const struct plan *plan, long first, long step)
{
    static const char media[] = "/bin/false";
    const char *keeper = work->driver;
    int before = work->violations, runs = work->runs;
    const char *const args[] = {work->archive, media, NULL};
    work->plan = plan;
    work->driver = work->recorder;
    work->under_fault = work->archive;
    for (work->at = first, work->hit = true; work->hit; work->at += step) {
        struct kr_err err = {0};
        must(kr_remove_tree(AT_FDCWD, work->archive, &err), &err);
        must(kr_store_init(work->archive, true, &err), &err);
        work->promise_n = 0;
        int status = drive(work, args, true);
        bool hit = work->hit;
        if (!hit && status != 0)
            violated(work, "a recording without a fault", "fails");
        look_at_recording(work, media);
        work->hit = hit;
    }
    work->driver = keeper;
    printf("%-9s %-20s %4d runs, %d violations\n", plan->kind, "of a recording", work->runs - runs,
           work->violations - before);
}
