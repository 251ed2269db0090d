// SPDX-License-Identifier: AGPL-3.0-or-later
// What anybody asks about a picture, or answers: read in one form or refused with a sentence, and
// told again whoever wrote it into the claims.
#include "archive/asks_priv.h"
#include "house.h"

#include <assert.h>

static struct kr_ask question_of(const struct kr_store *store, const json_t *value)
{
    struct kr_ask ask = {.id = ID("5"), .item = ID("1"), .claim = ID("6"), .who = ID("4")};
    kr_format(ask.home, sizeof ask.home, "%s", store->home);
    ask.value = value;
    return ask;
}

static struct kr_reply reply_of(const json_t *value)
{
    return (struct kr_reply){.claim = ID("7"),
                             .who = ID("4"),
                             .kind = kr_json_str(value, "kind", "text"),
                             .media = kr_json_str(value, "media", ""),
                             .person = kr_json_str(value, "for", ""),
                             .value = value};
}

// Puts both into the index, and tells what is read there.
static void tell(struct kr_store *store, struct kr_arena *mem, const json_t *question,
                 const json_t *answer)
{
    const struct kr_listener to = {ID("4"), ID("4")};
    const struct kr_ask asked = question_of(store, question);
    const struct kr_reply reply = reply_of(answer);
    KR_AUTO(kr_json_drop) json_t *page = NULL;
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_reply *replies;
    struct kr_ask ask;
    size_t n;
    must(kr_tx_begin(store->db, &tx, NULL) && kr_ask_put(store, asked.id, &asked, &reply, 1, NULL));
    must(kr_ask_get(store, mem, asked.id, &to, &ask, NULL));
    must(kr_replies_of(store, mem, ask.id, &to, &replies, &n, NULL));
    must(kr_ask_annotation(store, mem, &ask, &to, &page, NULL));
    assert(ask.answers == (int64_t)n && json_array_size(kr_json_get(page, "items")) == n + 1);
    KR_AUTO(kr_json_drop) json_t *told = kr_ask_new_json(store, mem, &ask);
    KR_AUTO(kr_json_drop) json_t *heard = n ? kr_reply_new_json(store, mem, replies) : NULL;
    assert(kr_json_text(mem, page) && kr_json_text(mem, told) && json_is_object(told));
    assert(!n || json_is_string(kr_json_get(heard, "text")));
}

typedef bool reader(struct kr_store *store, struct kr_arena *mem, const json_t *from, json_t *out,
                    struct kr_err *err);

// What was read is read again, and says the same.
static bool reads(reader *read, struct kr_store *store, struct kr_arena *mem, const json_t *from,
                  json_t *out)
{
    KR_AUTO(kr_json_drop) json_t *again = kr_json_new_object();
    struct kr_err err = {0};
    if (!read(store, mem, from, out, &err)) {
        assert((err.code == KR_E_INVALID || err.code == KR_E_TOO_BIG) && err.text[0]);
        return false;
    }
    must(read(store, mem, out, again, NULL));
    assert(json_equal(out, again));
    return true;
}

static void check_question(const json_t *question)
{
    const json_t *region = kr_json_get(question, "region"), *span = kr_json_get(question, "span");
    assert(kr_json_get(question, "voice") || *kr_json_str(question, "text", ""));
    assert(strlen(kr_json_str(question, "text", "")) <= 4 * KR_ASK_TEXT_MOST);
    assert(!span || kr_json_int(span, "from_ms", -1) < kr_json_int(span, "to_ms", -1));
    assert(!region || (kr_json_real(region, "x", -1) >= 0 && kr_json_real(region, "y", -1) >= 0 &&
                       kr_json_real(region, "x", 1) + kr_json_real(region, "w", 1) < 1 + 1e-9 &&
                       kr_json_real(region, "y", 1) + kr_json_real(region, "h", 1) < 1 + 1e-9));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    KR_AUTO(kr_json_drop) json_t *question = kr_json_new_object();
    KR_AUTO(kr_json_drop) json_t *answer = kr_json_new_object();
    struct kr_store *store = archive();
    if (!kr_json_parse((struct kr_str){(const char *)data, size}, 1 << 16, &body, NULL))
        return 0;
    if (reads(kr_ask_read, store, mem, body, question)) {
        check_question(question);
        tell(store, mem, question, body);
    }
    if (reads(kr_answer_read, store, mem, body, answer))
        tell(store, mem, body, answer);
    else
        tell(store, mem, body, body); // as an archive may have got it from elsewhere
    return 0;
}
