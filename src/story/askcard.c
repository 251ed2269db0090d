// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/askcard.h"

#include "archive/treat.h"
#include "base/file.h"
#include "store/cache.h"
#include "store/items.h"
#include "story/qr.h"

const char *kr_ask_link(struct kr_arena *mem, const char *address, const char *code)
{
    return *address ? kr_arena_format(mem, "%s/a#%s", address, code) : "";
}

static bool picture_of(struct kr_store *store, struct kr_wall *wall, const struct kr_item *item,
                       int *fd, struct kr_err *err)
{
    uint64_t length;
    if (item->width <= 0 || *item->damaged)
        return kr_fail(err, KR_E_NOT_FOUND, "an item without a picture");
    return kr_cache_thumb(store, &item->blob, KR_THUMB_2048, fd, &length, NULL) ||
           (kr_treat_thumbs(store, wall, item->id, err) &&
            kr_cache_thumb(store, &item->blob, KR_THUMB_2048, fd, &length, err));
}

static void set_qr(struct kr_arena *mem, json_t *args, const struct kr_qr *qr)
{
    size_t n = (size_t)qr->size * (size_t)qr->size;
    char *dark = kr_arena_alloc(mem, n + 1);
    for (size_t i = 0; i < n; i++)
        dark[i] = qr->dark[i] ? '1' : '0';
    dark[n] = '\0';
    kr_json_set_int(args, "qr_size", qr->size);
    kr_json_set_str(args, "qr_dark", dark);
}

static void set_region(json_t *args, const json_t *question)
{
    static const char *const names[] = {"x", "y", "w", "h"};
    const json_t *region = kr_json_get(question, "region");
    json_t *out = kr_json_new_array();
    for (size_t i = 0; region && i < KR_COUNT(names); i++)
        kr_json_append_take(out, json_real(kr_json_real(region, names[i], 0)));
    kr_json_set_take(args, "region", out);
}

// In the language of the question, where it is one of ours.
static enum kr_lang language_of(const json_t *question, enum kr_lang lang)
{
    const char *told = kr_json_str(question, "lang", "");
    return *told ? kr_lang_of(told) : lang;
}

bool kr_ask_card_make(struct kr_store *store, struct kr_wall *wall, const struct kr_ask *ask,
                      const char *link, const char *code, enum kr_lang lang, int out,
                      struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object(), *answer = NULL;
    KR_AUTO(kr_fd_close) int picture = -1;
    struct kr_item item;
    struct kr_qr qr;
    if (!kr_item_get(store, mem, ask->item, &item, err) ||
        !picture_of(store, wall, &item, &picture, err) || (*link && !kr_qr_of(mem, link, &qr, err)))
        return kr_within(err, "make a card");
    enum kr_lang spoken = language_of(ask->value, lang);
    const char *text = kr_json_str(ask->value, "text", "");
    kr_json_set_str(args, "question", *text ? text : kr_word(spoken, "ask.card.spoken"));
    kr_json_set_str(args, "lang", kr_lang_tag(spoken));
    kr_json_set_str(args, "hint", kr_word(spoken, *link ? "ask.card.hint" : "ask.card.code"));
    kr_json_set_str(args, "code", kr_arena_format(mem, "%.4s %.4s %.4s", code, code + 4, code + 8));
    set_region(args, ask->value);
    if (*link)
        set_qr(mem, args, &qr);
    const int fds[] = {picture, out};
    const struct kr_question question = {.task = "card",
                                         .task_class = KR_TASK_PICTURE,
                                         .args = args,
                                         .fds = fds,
                                         .fd_count = KR_COUNT(fds)};
    return kr_wall_ask(wall, &question, &answer, err) || kr_within(err, "make a card");
}
