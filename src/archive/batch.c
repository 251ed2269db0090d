// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/batch.h"

#include "archive/albums.h"
#include "archive/batch_priv.h"
#include "archive/may.h"
#include "archive/search.h"
#include "archive/shown.h"
#include "base/clock.h"
#include <string.h>

// An item takes one to three milliseconds; the text is written now and then meanwhile.
enum { SLICE_MS = 20, MIRROR_MS = 400, PAGE = 500 };

// How far an act has come.
struct work {
    struct kr_store *store;
    struct kr_arena *mem;
    struct kr_tx tx;
    int64_t began_ms, mirrored_ms;
    bool (*go_on)(void *context);
    void *context;
    const char *act, *who;
    double certain;
    int64_t changed;
    struct kr_buf skips;
};

static void undo_work(struct work *work)
{
    kr_tx_undo(&work->tx);
    kr_buf_finish(&work->skips);
}

static bool begin_slice(struct work *work, struct kr_err *err)
{
    if (work->tx.db)
        return true;
    if (work->go_on && !work->go_on(work->context))
        return kr_fail(err, KR_E_INTERRUPTED, "stopped; the act %s can be ended or undone",
                       work->act);
    work->began_ms = kr_monotonic_ms();
    return kr_tx_begin(work->store->db, &work->tx, err);
}

static bool end_slice(struct work *work, bool last, struct kr_err *err)
{
    int64_t now = kr_monotonic_ms();
    if (!last && now - work->began_ms < SLICE_MS)
        return true;
    if (work->tx.db && !kr_tx_commit(&work->tx, err))
        return false;
    work->tx = KR_TX_NONE;
    if (!last && now - work->mirrored_ms < MIRROR_MS)
        return true;
    work->mirrored_ms = now;
    return kr_claims_mirror(work->store, err);
}

static void skip(struct work *work, const char *item, const char *why)
{
    struct kr_batch_skip one = {.why = why};
    kr_format(one.item, sizeof one.item, "%.36s", item);
    kr_buf_add(&work->skips, &one, sizeof one);
}

static bool said_by_act(const struct work *work, const struct kr_claim_list *claims)
{
    for (size_t i = 0; i < claims->n; i++)
        if (strcmp(claims->at[i].act, work->act) == 0)
            return true;
    return false;
}

// All steps for one item; *why tells why none said anything.
static bool say_steps(struct work *work, struct kr_arena *mem, const char *item,
                      const struct kr_todo *todo, const struct kr_claim_list *claims,
                      const char **why, struct kr_err *err)
{
    bool said = false;
    *why = "already";
    for (size_t i = 0; i < todo->n; i++) {
        KR_AUTO(kr_saying_drop) struct kr_saying saying = {0};
        const char *this_why;
        if (!kr_step_saying(mem, &todo->steps[i], claims, work->who, &saying, &this_why, err))
            return false;
        if (this_why) {
            *why = this_why;
            continue;
        }
        double certain = todo->steps[i].kind == KR_STEP_STATE ? 1.0 : work->certain;
        if (!kr_saying_state(work->store, item, &saying, work->who, certain, work->act, err))
            return false;
        said = true;
    }
    if (!said)
        return true;
    *why = NULL;
    return kr_said_show(work->store, item, err);
}

static bool do_item(struct work *work, const char *item, const struct kr_todo *todo,
                    struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim_list claims;
    struct kr_item there;
    struct kr_err none = {0};
    const char *why = NULL;
    if (!kr_item_may_get(work->store, mem, item, &KR_VIEW_HOME, &there, &none)) {
        skip(work, item, "gone");
        return none.code == KR_E_NOT_FOUND || kr_fail(err, none.code, "%s", none.text);
    }
    if (!kr_claims_of(work->store, mem, item, &claims, err))
        return false;
    bool done = said_by_act(work, &claims); // (3)
    if (!done && !say_steps(work, mem, item, todo, &claims, &why, err))
        return false;
    if (why)
        skip(work, item, why);
    work->changed += !why;
    return true;
}

static void tell_done(struct work *work, struct kr_batch_done *out)
{
    kr_format(out->act, sizeof out->act, "%.36s", work->act);
    out->changed = work->changed;
    out->skip_count = work->skips.n / sizeof *out->skips;
    out->skips = (const struct kr_batch_skip *)(const void *)kr_arena_copy(
        work->mem, work->skips.at, work->skips.n);
}

static bool may_run(const struct kr_batch *batch, struct kr_err *err)
{
    struct kr_uuid id;
    if (batch->n > KR_BATCH_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "more than %d items at once", KR_BATCH_MOST);
    if (!(batch->certain >= 0 && batch->certain <= 1))
        return kr_fail(err, KR_E_INVALID, "a certainty from 0 to 1 is wanted");
    if (batch->act && !kr_uuid_parse(batch->act, &id))
        return kr_fail(err, KR_E_INVALID, "the id of an act is wanted");
    return true;
}

static const char *new_act(struct kr_arena *mem)
{
    char *act = kr_arena_alloc(mem, KR_UUID_TEXT);
    kr_uuid_new_text(act);
    return act;
}

bool kr_batch_run(struct kr_store *store, struct kr_arena *mem, const struct kr_batch *batch,
                  struct kr_batch_done *out, struct kr_err *err)
{
    struct kr_todo *todo = kr_arena_new(mem, struct kr_todo);
    if (!may_run(batch, err) || !kr_todo_read(mem, batch->todo, todo, err) ||
        !kr_todo_bind(store, mem, todo, err))
        return false;
    KR_AUTO(undo_work)
    struct work work = {.store = store,
                        .mem = mem,
                        .tx = KR_TX_NONE,
                        .mirrored_ms = kr_monotonic_ms(),
                        .go_on = batch->go_on,
                        .context = batch->context,
                        .act = batch->act ? batch->act : new_act(mem),
                        .who = batch->who,
                        .certain = batch->certain};
    bool fine = true;
    for (size_t i = 0; fine && i < batch->n; i++)
        fine = begin_slice(&work, err) && do_item(&work, batch->items[i], todo, err) &&
               end_slice(&work, false, err);
    tell_done(&work, out);
    return fine && end_slice(&work, true, err);
}

// The act that takes back the whole of another one, of which this claim is a part; else "".
static const char *undone_by(const struct kr_claim *claim)
{
    return strcmp(claim->predicate, "retract") == 0 ? kr_json_str(claim->value, "act", "") : "";
}

// The undo that has begun to take this act back, or NULL.
static bool undo_begun(struct kr_store *store, struct kr_arena *mem,
                       const struct kr_claim_list *claims, const char *act, const char **out,
                       struct kr_err *err)
{
    *out = NULL;
    for (size_t i = 0; i < claims->n && !*out; i++) {
        struct kr_claim back;
        const char *by;
        if (!claims->retracted[i])
            continue;
        if (!kr_claim_against(store, mem, claims->at[i].id, &by, err) ||
            !kr_claim_get(store, mem, by, &back, err))
            return false;
        if (strcmp(undone_by(&back), act) == 0)
            *out = back.act;
    }
    return true;
}

// Of an item or of an album: whichever the subject is.
static bool show_subject(struct kr_store *store, const char *subject, struct kr_err *err)
{
    struct kr_err why = {0};
    if (kr_said_show(store, subject, &why))
        return true;
    if (why.code != KR_E_NOT_FOUND)
        return kr_fail(err, why.code, "%s", why.text);
    return kr_album_refresh(store, subject, err);
}

// All that the act said of one subject: claims->at[*i] and what follows of the same.
static bool undo_subject(struct work *work, const struct kr_claim_list *claims, size_t *i,
                         const json_t *undoes, struct kr_err *err)
{
    const char *subject = claims->at[*i].subject;
    bool said = false;
    for (; *i < claims->n && strcmp(claims->at[*i].subject, subject) == 0; (*i)++) {
        struct kr_claim back = {.predicate = "retract",
                                .value = undoes,
                                .who = work->who,
                                .certain = 1,
                                .retracts = claims->at[*i].id,
                                .act = work->act};
        if (claims->retracted[*i])
            continue;
        kr_format(back.subject, sizeof back.subject, "%s", subject);
        if (!kr_claim_add(work->store, &back, err))
            return false;
        said = true;
    }
    work->changed += said;
    return !said || show_subject(work->store, subject, err);
}

bool kr_batch_undo(struct kr_store *store, struct kr_arena *mem, const char *act, const char *who,
                   bool (*go_on)(void *context), void *context, struct kr_batch_done *out,
                   struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *undoes = kr_json_new_object();
    struct kr_claim_list claims;
    const char *begun;
    if (!kr_claims_of_act(store, mem, act, &claims, err) ||
        !undo_begun(store, mem, &claims, act, &begun, err))
        return false;
    if (!claims.n)
        return kr_fail(err, KR_E_NOT_FOUND, "no act %.36s", act);
    kr_json_set_str(undoes, "act", claims.at[0].act);
    KR_AUTO(undo_work)
    struct work work = {.store = store,
                        .mem = mem,
                        .tx = KR_TX_NONE,
                        .mirrored_ms = kr_monotonic_ms(),
                        .go_on = go_on,
                        .context = context,
                        .act = begun ? begun : new_act(mem),
                        .who = who};
    bool fine = true;
    for (size_t i = 0; fine && i < claims.n;)
        fine = begin_slice(&work, err) && undo_subject(&work, &claims, &i, undoes, err) &&
               end_slice(&work, false, err);
    tell_done(&work, out);
    return fine && end_slice(&work, true, err);
}

bool kr_batch_find(struct kr_store *store, struct kr_arena *mem, const char *question,
                   const char *const **items, size_t *n, struct kr_err *err)
{
    const char **ids = kr_arena_array(mem, const char *, KR_BATCH_MOST);
    struct kr_search search = {0};
    struct kr_item_list list = {0};
    kr_search_parse(mem, question, &search);
    search.limit = PAGE;
    *n = 0;
    do {
        search.cursor = kr_arena_strdup(mem, list.next);
        if (!kr_items_search(store, mem, &search, &list, err))
            return false;
        if (list.total > KR_BATCH_MOST || *n + list.n > KR_BATCH_MOST)
            return kr_fail(err, KR_E_TOO_BIG, "%jd items at once, at most %d", (intmax_t)list.total,
                           KR_BATCH_MOST);
        for (size_t i = 0; i < list.n; i++)
            ids[(*n)++] = list.at[i].id;
    } while (*list.next);
    *items = ids;
    return true;
}
