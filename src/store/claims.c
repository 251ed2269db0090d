// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/claims.h"

#include "base/clock.h"
#include "store/claims_priv.h"
#include "store/mirror.h"
#include <assert.h>
#include <fcntl.h>

enum { PAGE = 500, MOST_VALUE = KR_CLAIM_LINE_MOST / 2 };

bool kr_claim_add(struct kr_store *store, struct kr_claim *claim, struct kr_err *err)
{
    assert(claim->certain >= 0 && claim->certain <= 1 && claim->subject[0] && *claim->predicate);
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!claim->id[0])
        kr_uuid_new_text(claim->id);
    if (!claim->home[0])
        kr_format(claim->home, sizeof claim->home, "%s", store->home);
    if (!claim->at_ms)
        claim->at_ms = kr_now_ms();
    const char *value = kr_claim_value_text(mem, claim->value);
    if (strlen(value) > MOST_VALUE)
        return kr_fail(err, KR_E_TOO_BIG, "a claim of %zu bytes", strlen(value));
    if (!kr_db_query(store->db, KR_SQL_CLAIM_ADD, &rows, err, KR_TEXT(claim->id),
                     KR_TEXT(claim->home), KR_TEXT(claim->subject), KR_TEXT(claim->predicate),
                     KR_TEXT(value), KR_TEXT(claim->who), KR_REAL(claim->certain),
                     KR_INT(claim->at_ms), KR_TEXT(claim->retracts ? claim->retracts : ""),
                     KR_TEXT(claim->act ? claim->act : "")) ||
        !kr_rows_next(rows, &more, err))
        return kr_within(err, "add a claim");
    claim->seq = kr_row_int(rows, 0);
    return true;
}

// One row, its text and value in the arena.
static bool claim_of_row(const struct kr_rows *rows, struct kr_arena *mem, struct kr_claim *out,
                         struct kr_err *err)
{
    json_t *value;
    const char *text = kr_row_text(rows, 5);
    if (!kr_json_parse(kr_str_of(text), KR_CLAIM_LINE_MOST, &value, err))
        return kr_within(err, "read claim %jd", (intmax_t)kr_row_int(rows, 0));
    *out = (struct kr_claim){
        .seq = kr_row_int(rows, 0),
        .predicate = kr_arena_strdup(mem, kr_row_text(rows, 4)),
        .value = kr_json_lend(mem, value),
        .who = kr_arena_strdup(mem, kr_row_text(rows, 6)),
        .certain = kr_row_real(rows, 7),
        .at_ms = kr_row_int(rows, 8),
        .retracts = kr_arena_strdup(mem, kr_row_text(rows, 9)),
        .act = kr_arena_strdup(mem, kr_row_text(rows, 10)),
        .rests = kr_row_int(rows, 11) != 0,
    };
    kr_format(out->id, sizeof out->id, "%.36s", kr_row_text(rows, 1));
    kr_format(out->home, sizeof out->home, "%.36s", kr_row_text(rows, 2));
    kr_format(out->subject, sizeof out->subject, "%.36s", kr_row_text(rows, 3));
    return true;
}

static bool claims_of_rows(struct kr_rows *rows, struct kr_arena *mem, struct kr_claim_list *out,
                           struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf list = {0};
    for (bool more = true;;) {
        struct kr_claim claim;
        if (!kr_rows_next(rows, &more, err))
            return false;
        if (!more)
            break;
        if (!claim_of_row(rows, mem, &claim, err))
            return false;
        kr_buf_add(&list, &claim, sizeof claim);
    }
    out->n = list.n / sizeof(struct kr_claim);
    out->at = (struct kr_claim *)(void *)kr_arena_copy(mem, list.at, list.n);
    out->retracted = kr_arena_array(mem, bool, out->n);
    return true;
}

// From the last word to the first: who was taken back takes nothing back.
static void mark_retracted(struct kr_claim_list *list)
{
    for (size_t i = list->n; i-- > 0;)
        for (size_t j = 0; *list->at[i].retracts && !list->retracted[i] && j < i; j++)
            if (strcmp(list->at[j].id, list->at[i].retracts) == 0)
                list->retracted[j] = true;
}

bool kr_claims_of(struct kr_store *store, struct kr_arena *mem, const char *subject,
                  struct kr_claim_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!kr_db_query(store->db, KR_SQL_CLAIMS_OF, &rows, err, KR_TEXT(subject)) ||
        !claims_of_rows(rows, mem, out, err))
        return kr_within(err, "read what was said");
    mark_retracted(out);
    return true;
}

bool kr_claims_after(struct kr_store *store, struct kr_arena *mem, int64_t seq, int64_t most,
                     struct kr_claim_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_CLAIMS_AFTER, &rows, err, KR_INT(seq), KR_INT(most)) &&
           claims_of_rows(rows, mem, out, err);
}

bool kr_claim_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                  struct kr_claim *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_CLAIM_GET, &rows, err, KR_TEXT(id)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_NOT_FOUND, "no claim %.36s", id);
    return claim_of_row(rows, mem, out, err);
}

// Done, undone, redone, undone …: as deep as somebody changed their mind.
bool kr_claim_against(struct kr_store *store, struct kr_arena *mem, const char *id, const char **by,
                      struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    const char *const *at;
    size_t n;
    *by = "";
    if (!kr_db_query(store->db, KR_SQL_CLAIMS_AGAINST, &rows, err, KR_TEXT(id)) ||
        !kr_rows_texts(&rows, mem, &at, &n, err))
        return false;
    for (size_t i = 0; i < n && !**by; i++) {
        const char *undone;
        if (!kr_claim_against(store, mem, at[i], &undone, err))
            return false;
        *by = *undone ? "" : at[i];
    }
    return true;
}

bool kr_claims_of_act(struct kr_store *store, struct kr_arena *mem, const char *act,
                      struct kr_claim_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!kr_db_query(store->db, KR_SQL_CLAIMS_OF_ACT, &rows, err, KR_TEXT(store->home),
                     KR_TEXT(act)) ||
        !claims_of_rows(rows, mem, out, err))
        return kr_within(err, "read what an act said");
    kr_rows_end(&rows);
    for (size_t i = 0; i < out->n; i++) {
        const char *by;
        if (!kr_claim_against(store, mem, out->at[i].id, &by, err))
            return false;
        out->retracted[i] = *by;
    }
    return true;
}

bool kr_acts_before(struct kr_store *store, struct kr_arena *mem, const char *before, int limit,
                    const char *const **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_ACTS_BEFORE, &rows, err, KR_TEXT(store->home),
                       KR_TEXT(before && *before ? before : "g"),
                       KR_INT(limit)) && // after every id
           kr_rows_texts(&rows, mem, out, n, err);
}

bool kr_items_said_of(struct kr_store *store, struct kr_arena *mem, const char *person,
                      const char *const **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_ITEMS_SAID_OF, &rows, err, KR_TEXT(person),
                       KR_TEXT(store->home)) &&
           kr_rows_texts(&rows, mem, out, n, err);
}

struct place { // after which claim a page begins
    char subject[KR_UUID_TEXT];
    int64_t seq;
};

// A page is read and let go before anyone hears of it: `see` may write, and
// another process may too.
static bool read_page(struct kr_store *store, struct kr_arena *mem, const char *predicate,
                      bool every, const struct place *after, struct kr_claim_list *out,
                      struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool begun = every ? kr_db_query(store->db, KR_SQL_CLAIMS_EVERY, &rows, err, KR_TEXT(predicate),
                                     KR_TEXT(after->subject), KR_INT(after->seq), KR_INT(PAGE))
                       : kr_db_query(store->db, KR_SQL_CLAIMS_EACH, &rows, err, KR_TEXT(predicate),
                                     KR_TEXT(after->subject), KR_INT(PAGE));
    return begun && claims_of_rows(rows, mem, out, err);
}

static bool each(struct kr_store *store, const char *predicate, bool every,
                 bool (*see)(void *context, const struct kr_claim *claim, struct kr_err *err),
                 void *context, struct kr_err *err)
{
    struct place after = {0};
    for (bool more = true; more;) {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_claim_list page;
        if (!read_page(store, mem, predicate, every, &after, &page, err))
            return false;
        for (size_t i = 0; i < page.n; i++)
            if (!see(context, &page.at[i], err))
                return false;
        more = page.n == PAGE;
        if (page.n) {
            after.seq = page.at[page.n - 1].seq;
            kr_format(after.subject, sizeof after.subject, "%s", page.at[page.n - 1].subject);
        }
    }
    return true;
}

bool kr_claims_each(struct kr_store *store, const char *predicate,
                    bool (*see)(void *context, const struct kr_claim *claim, struct kr_err *err),
                    void *context, struct kr_err *err)
{
    return each(store, predicate, false, see, context, err);
}

bool kr_claims_every(struct kr_store *store, const char *predicate,
                     bool (*see)(void *context, const struct kr_claim *claim, struct kr_err *err),
                     void *context, struct kr_err *err)
{
    return each(store, predicate, true, see, context, err);
}

bool kr_claims_mirror(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(kr_mirror_end) struct kr_mirror mirror = KR_MIRROR_NONE;
    return kr_mirror_begin(store->dir, &mirror, err) && kr_mirror_catch_up(&mirror, store, err);
}

// The text goes first: were it last, a crash between the two would leave on the
// disk what a person was told is forgotten. So it leaves a claim the person still sees.
bool kr_claims_forget(struct kr_store *store, const char *subject, struct kr_err *err)
{
    KR_AUTO(kr_mirror_end) struct kr_mirror mirror = KR_MIRROR_NONE;
    return kr_mirror_begin(store->dir, &mirror, err) && kr_mirror_forget(&mirror, subject, err) &&
           kr_db_run(store->db, KR_SQL_CLAIMS_FORGET, err, KR_TEXT(subject));
}

// From text back into the database, some lines to a transaction.
struct reading {
    struct kr_store *store;
    struct kr_tx tx;
    int in_tx;
    int64_t count, damaged, last_bare;
    const char *file;
    char first_damage[64];
};

static bool put_again(struct reading *work, const struct kr_claim *claim, struct kr_arena *mem,
                      struct kr_err *err)
{
    if (!work->tx.db && !kr_tx_begin(work->store->db, &work->tx, err))
        return false;
    if (!kr_db_run(work->store->db, KR_SQL_CLAIM_AGAIN, err, KR_TEXT(claim->id),
                   KR_TEXT(claim->home), KR_TEXT(claim->subject), KR_TEXT(claim->predicate),
                   KR_TEXT(kr_claim_value_text(mem, claim->value)), KR_TEXT(claim->who),
                   KR_REAL(claim->certain), KR_INT(claim->at_ms), KR_TEXT(claim->retracts),
                   KR_INT(claim->seq), KR_TEXT(claim->act)))
        return false;
    work->count += kr_db_changes(work->store->db) > 0;
    if (++work->in_tx < PAGE)
        return true;
    work->in_tx = 0;
    return kr_tx_commit(&work->tx, err);
}

// A damaged line costs one claim, not all of them; it is told at the end.
static bool read_line(void *context, int64_t number, struct kr_str line, struct kr_err *err)
{
    struct reading *work = context;
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim claim;
    bool forgotten;
    if (!kr_claim_of_line(mem, line, &claim, &forgotten, NULL)) {
        if (work->damaged++ == 0)
            kr_format(work->first_damage, sizeof work->first_damage, "%s:%jd", work->file,
                      (intmax_t)number);
        return true;
    }
    if (forgotten) {
        work->last_bare = claim.seq > work->last_bare ? claim.seq : work->last_bare;
        return true;
    }
    return put_again(work, &claim, mem, err);
}

static void undo_reading(struct reading *work)
{
    kr_tx_undo(&work->tx);
}

bool kr_claims_last(struct kr_store *store, int64_t *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query_values(store->db, KR_SQL_CLAIM_LAST, NULL, 0, &rows, err) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = more ? kr_row_int(rows, 0) : 0;
    return true;
}

bool kr_claims_since(struct kr_store *store, int64_t seq, int most,
                     void (*see)(void *context, int64_t seq, const char *home, const char *subject,
                                 const char *predicate),
                     void *context, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!kr_db_query(store->db, KR_SQL_CLAIMS_SINCE, &rows, err, KR_INT(seq), KR_INT(most)))
        return false;
    for (bool more = true;;) {
        if (!kr_rows_next(rows, &more, err))
            return false;
        if (!more)
            return true;
        see(context, kr_row_int(rows, 0), kr_row_text(rows, 1), kr_row_text(rows, 2),
            kr_row_text(rows, 3));
    }
}

// Later claims must not take numbers that the text has seen already, or the
// text would think it holds them.
bool kr_claims_reach(struct kr_store *store, int64_t seq, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    int64_t last = 0;
    if (!kr_claims_last(store, &last, err))
        return false;
    return last >= seq || (kr_tx_begin(store->db, &tx, err) &&
                           kr_db_run(store->db, KR_SQL_CLAIM_REACH, err, KR_INT(seq)) &&
                           kr_db_run_values(store->db, KR_SQL_CLAIM_REACHED, NULL, 0, err) &&
                           kr_tx_commit(&tx, err));
}

static bool is_empty(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query_values(store->db, KR_SQL_CLAIMS_ANY, NULL, 0, &rows, err) ||
        !kr_rows_next(rows, &more, err))
        return false;
    return !more || kr_fail(err, KR_E_EXISTS, "the database holds claims already");
}

bool kr_claims_from_text(struct kr_store *store, int64_t *count, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_mirror_end) struct kr_mirror mirror = KR_MIRROR_NONE;
    KR_AUTO(undo_reading) struct reading work = {.store = store, .tx = KR_TX_NONE};
    const char *const *files;
    size_t n;
    if (!is_empty(store, err) || !kr_mirror_begin(store->dir, &mirror, err) ||
        !kr_mirror_files(mirror.dir, mem, &files, &n, err))
        return kr_within(err, "read the claims back");
    for (size_t i = 0; i < n; i++) {
        work.file = files[i];
        if (!kr_mirror_lines(mirror.dir, files[i], read_line, &work, err))
            return kr_within(err, "read the claims back");
    }
    if ((work.tx.db && !kr_tx_commit(&work.tx, err)) ||
        !kr_claims_reach(store, work.last_bare, err))
        return kr_within(err, "read the claims back");
    *count = work.count;
    if (work.damaged)
        return kr_fail(err, KR_E_DAMAGED, "%jd lines of claims are damaged, the first is %s",
                       (intmax_t)work.damaged, work.first_damage);
    return true;
}
