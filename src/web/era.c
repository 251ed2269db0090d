// SPDX-License-Identifier: AGPL-3.0-or-later
// The years around a family: era cards, the public line, things marked in pictures.
#include "archive/marks.h"
#include "web/handlers.h"
#include "web/shapes.h"

#include <string.h>
#include <sys/stat.h>

static bool open_era(struct kr_request *request, struct kr_store **store, struct kr_era *era,
                     struct kr_err *err)
{
    return kr_desk_read(request->desk, store, err) && kr_era_open(request->mem, *store, era, err);
}

// A field that tells a year; `fallback` where it is empty.
static bool year_of(const struct kr_request *request, const char *field, int fallback, int *out)
{
    const char *text = kr_request_field(request, field);
    int64_t year = fallback;
    if (*text && !kr_parse_int(text, 1, 9998, &year))
        return false;
    *out = (int)year;
    return true;
}

// Without years there is no bound; with one of them the other is open.
static bool read_query(const struct kr_request *request, struct kr_era_query *query)
{
    bool bound = *kr_request_field(request, "from") || *kr_request_field(request, "to");
    *query = (struct kr_era_query){.q = kr_request_field(request, "q"),
                                   .pack = kr_request_field(request, "pack"),
                                   .calm = strcmp(kr_request_field(request, "calm"), "1") == 0};
    return year_of(request, "from", 1, &query->from) &&
           year_of(request, "to", bound ? 9998 : 0, &query->to);
}

static json_t *new_pack(const struct kr_era_pack *pack, enum kr_lang lang)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "name", pack->name);
    kr_json_set_str(out, "title", pack->title[lang]);
    kr_json_set_bool(out, "own", pack->own);
    kr_json_set_int(out, "cards", (int64_t)pack->count);
    return out;
}

KR_HANDLER(era)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    const struct kr_era_card **found;
    struct kr_era_query query;
    struct kr_store *store;
    struct kr_era era;
    if (!read_query(request, &query))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (!open_era(request, &store, &era, err))
        return false;
    json_t *cards = kr_json_new_array(), *packs = kr_json_new_array();
    kr_json_set_take(out, "cards", cards);
    kr_json_set_take(out, "packs", packs);
    size_t n = kr_era_find(request->mem, &era, &query, &found);
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(cards, kr_era_new_json(request->mem, request->lang, found[i]));
    for (size_t i = 0; i < era.pack_count; i++)
        kr_json_append_take(packs, new_pack(&era.packs[i], request->lang));
    return kr_answer_tell(answer, 200, out);
}

static void add_to_year(json_t *years, const struct kr_era_card *card, enum kr_lang lang)
{
    size_t n = json_array_size(years);
    json_t *year = json_array_get(years, n ? n - 1 : 0);
    if (!n || kr_json_int(year, "year", 0) != kr_era_year(card)) {
        year = kr_json_new_object();
        kr_json_set_int(year, "year", kr_era_year(card));
        kr_json_set_take(year, "cards", kr_json_new_array());
        kr_json_append_take(years, year);
    }
    json_t *one = kr_json_new_object();
    kr_json_set_str(one, "id", card->id);
    kr_json_set_str(one, "kind", card->kind);
    kr_json_set_str(one, "title", card->title[lang]);
    kr_json_set_str(one, "edtf", card->date.text);
    kr_json_append_take(json_object_get(year, "cards"), one);
}

KR_HANDLER(era_line)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    const struct kr_era_card **found;
    struct kr_era_query query;
    struct kr_store *store;
    struct kr_era era;
    if (!read_query(request, &query))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (!open_era(request, &store, &era, err))
        return false;
    json_t *years = kr_json_new_array();
    kr_json_set_take(out, "years", years);
    query.line = true;
    size_t n = kr_era_find(request->mem, &era, &query, &found);
    for (size_t i = 0; i < n; i++)
        add_to_year(years, found[i], request->lang);
    return kr_answer_tell(answer, 200, out);
}

KR_HANDLER(era_card)
{
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    const struct kr_era_card *card;
    struct kr_store *store;
    struct kr_era era;
    if (!open_era(request, &store, &era, err) || !kr_era_card(&era, request->params[0], &card, err))
        return false;
    out = kr_era_new_json(request->mem, request->lang, card);
    return kr_answer_tell(answer, 200, out);
}

KR_HANDLER(era_media)
{
    const struct kr_era_card *card;
    const char *mime;
    struct kr_store *store;
    struct kr_era era;
    struct stat about;
    int fd;
    if (!open_era(request, &store, &era, err) ||
        !kr_era_card(&era, request->params[0], &card, err) ||
        !kr_era_media(store, card, &fd, &mime, err))
        return false;
    uint64_t size = fstat(fd, &about) == 0 ? (uint64_t)about.st_size : 0;
    return kr_answer_file_take(request, answer, fd, size, mime, NULL);
}

static bool is_told(const struct kr_mark *marks, size_t n, const char *item)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(marks[i].item, item) == 0)
            return true;
    return false;
}

// Each picture once, in the order of the marks.
static bool items_of(struct kr_request *request, struct kr_store *store,
                     const struct kr_mark *marks, size_t n, struct kr_item_list *out,
                     struct kr_err *err)
{
    *out = (struct kr_item_list){.at = kr_arena_array(request->mem, struct kr_item, n + 1)};
    for (size_t i = 0; i < n; i++)
        if (!is_told(marks, i, marks[i].item) &&
            !kr_item_get(store, request->mem, marks[i].item, &out->at[out->n++], err))
            return false;
    out->total = (int64_t)out->n;
    return true;
}

static bool tell_row(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                     const struct kr_era *era, const char *thing, const char *card_id,
                     struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf leaf = {0};
    KR_AUTO(kr_json_drop) json_t *list = kr_json_new_array(), *told = NULL;
    struct kr_buf out = {0};
    struct kr_mark *marks;
    struct kr_item_list items;
    const struct kr_era_card *card;
    size_t n;
    if (!kr_marks_of(store, request->mem, era, thing, card_id, &marks, &n, &card, err) ||
        !items_of(request, store, marks, n, &items, err))
        return false;
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, kr_mark_new_json(store, request->mem, request->lang, &marks[i]));
    told = card ? kr_era_new_json(request->mem, request->lang, card) : json_null();
    kr_shape_leaf(&leaf, &items, request->lang);
    kr_buf_add(&out, leaf.at, leaf.n - 1); // the leaf without its last bracket
    kr_tell_json(&out, "marks", list);
    kr_tell_json(&out, "card", told);
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

static bool tell_things(struct kr_request *request, struct kr_answer *answer,
                        struct kr_store *store, const struct kr_era *era, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    struct kr_marked_thing *things;
    size_t n;
    if (!kr_marked_things(store, request->mem, &things, &n, err))
        return false;
    json_t *list = kr_json_new_array();
    kr_json_set_take(out, "things", list);
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, kr_marked_new_json(era, request->lang, &things[i]));
    return kr_answer_tell(answer, 200, out);
}

KR_HANDLER(marks)
{
    const char *thing = kr_text_in(request->mem, kr_str_of(kr_request_field(request, "thing")));
    const char *card = kr_request_field(request, "card");
    struct kr_store *store;
    struct kr_era era;
    if (!open_era(request, &store, &era, err))
        return false;
    return *thing || *card ? tell_row(request, answer, store, &era, thing, card, err)
                           : tell_things(request, answer, store, &era, err);
}

static bool is_no_date(const json_t *body)
{
    const char *date = kr_json_str(body, "date", "");
    struct kr_edtf edtf;
    return *date && !kr_edtf_from_phrase(date, &edtf, NULL);
}

// A mark, or {"retract": claim}.
KR_HANDLER(item_marks)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_item item;
    struct kr_era era;
    char claim[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    if (is_no_date(body))
        return kr_answer_problem(request, answer, 422, "date", "web.date");
    const char *retract = kr_json_str(body, "retract", "");
    if (!kr_desk_write(request->desk, &store, err) || !kr_web_item_of(request, store, &item, err) ||
        !kr_era_open(request->mem, store, &era, err))
        return false;
    if (*retract
            ? !kr_mark_take_back(store, item.id, retract, kr_visitor_who(&request->visitor), err)
            : !kr_mark_say(store, &era, item.id, body, kr_visitor_who(&request->visitor),
                           kr_json_real(body, "certain", 0.9), claim, err))
        return false;
    return kr_web_tell_item(request, answer, store, err);
}
