// SPDX-License-Identifier: AGPL-3.0-or-later
// Questions about pictures, and what is answered: for the home, and for a guest the one question
// that their link is about.
#include "archive/asks.h"
#include "archive/may.h"
#include "archive/rounds.h"
#include "archive/small.h"
#include "base/clock.h"
#include "base/file.h"
#include "story/askbeat.h"
#include "story/askcard.h"
#include "web/handlers.h"
#include "web/media.h"

#include <string.h>
#include <sys/stat.h>

enum { LINK_DAYS = 30, LINK_DAYS_MOST = 365 };

struct kr_listener kr_web_listener(const struct kr_request *request)
{
    return (struct kr_listener){request->visitor.person, kr_visitor_who(&request->visitor)};
}

// The question of the route; for a guest it must be the one they were invited to.
static bool find_ask(struct kr_request *request, struct kr_store *store, struct kr_ask *out,
                     struct kr_err *err)
{
    const struct kr_visitor *visitor = &request->visitor;
    const struct kr_listener to = kr_web_listener(request);
    struct kr_uuid id;
    if (!kr_uuid_parse(request->params[0], &id) ||
        (visitor->role == KR_ROLE_GUEST && strcmp(visitor->about, request->params[0]) != 0))
        return kr_fail(err, KR_E_NOT_FOUND, "no such question");
    return kr_ask_get(store, request->mem, request->params[0], &to, out, err);
}

static json_t *new_listed(struct kr_request *request, struct kr_store *store,
                          const struct kr_ask *asks, size_t n)
{
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, kr_ask_new_json(store, request->mem, &asks[i]));
    return list;
}

static bool state_of(const char *text, enum kr_ask_state *out)
{
    *out = strcmp(text, "open") == 0       ? KR_ASKS_OPEN
           : strcmp(text, "answered") == 0 ? KR_ASKS_ANSWERED
                                           : KR_ASKS_ALL;
    return !*text || *out != KR_ASKS_ALL;
}

// What the question is asked of: enough for the page of whoever answers.
static void set_picture(json_t *out, const struct kr_item *item)
{
    kr_json_set_str(out, "kind", item->kind);
    kr_json_set_int(out, "width", item->width);
    kr_json_set_int(out, "height", item->height);
    kr_json_set_bool(out, "has_picture", item->width > 0 && !*item->damaged);
}

// {"ask": …, with "replies"}.
static bool new_told(struct kr_request *request, struct kr_store *store, const struct kr_ask *ask,
                     json_t **out, struct kr_err *err)
{
    const struct kr_listener to = kr_web_listener(request);
    struct kr_reply *replies;
    struct kr_item item;
    size_t n;
    if (!kr_item_may_get(store, request->mem, ask->item, &KR_VIEW_HOME, &item, err) ||
        !kr_replies_of(store, request->mem, ask->id, &to, &replies, &n, err))
        return false;
    *out = kr_ask_new_json(store, request->mem, ask);
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, kr_reply_new_json(store, request->mem, &replies[i]));
    kr_json_set_take(*out, "replies", list);
    set_picture(*out, &item);
    return true;
}

static bool tell_ask(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                     int status, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    const struct kr_listener to = kr_web_listener(request);
    struct kr_ask ask;
    return kr_ask_get(store, request->mem, id, &to, &ask, err) &&
           new_told(request, store, &ask, &out, err) && kr_answer_tell(answer, status, out);
}

KR_HANDLER(asks)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    const struct kr_listener to = kr_web_listener(request);
    const char *item = kr_request_field(request, "item");
    struct kr_store *store;
    struct kr_ask *asks;
    enum kr_ask_state state;
    size_t n;
    if (!state_of(kr_request_field(request, "state"), &state))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (!kr_desk_read(request->desk, &store, err) ||
        !(*item ? kr_asks_of_item(store, request->mem, item, &to, &asks, &n, err)
                : kr_asks_of_home(store, request->mem, state, &to, &asks, &n, err)))
        return false;
    if (!*item) {
        kr_json_set_take(out, "asks", new_listed(request, store, asks, n));
        return kr_answer_tell(answer, 200, out);
    }
    json_t *list = kr_json_new_array();
    kr_json_set_take(out, "asks", list);
    for (size_t i = 0; i < n; i++) { // beside a picture, whole
        json_t *told = NULL;
        if (!new_told(request, store, &asks[i], &told, err))
            return false;
        kr_json_append_take(list, told);
    }
    return kr_answer_tell(answer, 200, out);
}

// One of a round waits for its week and its turn; whatever else is wrong is said where it is read.
static bool is_its_turn(struct kr_store *store, const json_t *body)
{
    const char *round = kr_json_str(body, "round", "");
    struct kr_err why = {0};
    return !*round ||
           kr_round_may_ask(store, round, (int)kr_json_int(body, "place", -1), kr_now_ms(), &why) ||
           why.code != KR_E_REFUSED;
}

KR_HANDLER(ask_say)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    char id[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!kr_desk_write(request->desk, &store, err))
        return false;
    if (!is_its_turn(store, body))
        return kr_answer_problem(request, answer, 409, "not_yet", "web.round.not_yet");
    return kr_ask_say(store, body, kr_visitor_who(&request->visitor), id, err) &&
           tell_ask(request, answer, store, 201, id, err);
}

KR_HANDLER(ask)
{
    struct kr_store *store;
    struct kr_ask ask;
    kr_answer_header(answer, "Cache-Control", "no-store");
    return kr_desk_read(request->desk, &store, err) && find_ask(request, store, &ask, err) &&
           tell_ask(request, answer, store, 200, ask.id, err);
}

KR_HANDLER(ask_take_back)
{
    struct kr_store *store;
    struct kr_ask ask;
    return kr_desk_write(request->desk, &store, err) && find_ask(request, store, &ask, err) &&
           kr_ask_take_back(store, ask.id, kr_visitor_who(&request->visitor), err) &&
           kr_answer_empty(answer, 204);
}

KR_HANDLER(ask_annotation)
{
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    const struct kr_listener to = kr_web_listener(request);
    struct kr_store *store;
    struct kr_ask ask;
    if (!kr_desk_read(request->desk, &store, err) || !find_ask(request, store, &ask, err) ||
        !kr_ask_annotation(store, request->mem, &ask, &to, &out, err) ||
        !kr_answer_tell(answer, 200, out))
        return false;
    kr_answer_header(answer, "Content-Type",
                     "application/ld+json; profile=\"http://www.w3.org/ns/anno.jsonld\"");
    return true;
}

// What a guest brings becomes their answer where it comes in (recordings, uploads): nobody shall
// reach anything of the archive by naming it.
KR_HANDLER(ask_answer)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    const struct kr_visitor *visitor = &request->visitor;
    const struct kr_answerer by = {kr_visitor_who(visitor), visitor->person};
    struct kr_store *store;
    struct kr_ask ask;
    char claim[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!kr_desk_write(request->desk, &store, err) || !find_ask(request, store, &ask, err))
        return false;
    if (visitor->role == KR_ROLE_GUEST && *kr_json_str(body, "media", ""))
        return kr_answer_problem(request, answer, 403, "refused", "error.refused");
    return kr_answer_say(store, ask.id, body, &by, claim, err) &&
           tell_ask(request, answer, store, 201, ask.id, err);
}

static const struct kr_reply *reply_of(struct kr_request *request, const struct kr_reply *replies,
                                       size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(replies[i].claim, request->params[1]) == 0)
            return &replies[i];
    return NULL;
}

KR_HANDLER(ask_answer_back)
{
    const struct kr_listener to = kr_web_listener(request);
    struct kr_store *store;
    struct kr_ask ask;
    struct kr_reply *replies;
    size_t n;
    if (!kr_desk_write(request->desk, &store, err) || !find_ask(request, store, &ask, err) ||
        !kr_replies_of(store, request->mem, ask.id, &to, &replies, &n, err))
        return false;
    const struct kr_reply *reply = reply_of(request, replies, n);
    if (!reply)
        return kr_fail(err, KR_E_NOT_FOUND, "no such answer");
    if (request->visitor.role < KR_ROLE_TELLER && strcmp(reply->who, to.who) != 0)
        return kr_answer_problem(request, answer, 403, "refused", "error.refused");
    return kr_answer_take_back(store, ask.id, reply->claim, &to, err) &&
           tell_ask(request, answer, store, 200, ask.id, err);
}

// What the answer of the route is to be heard or seen by, or the voice that asks.
static bool find_media(struct kr_request *request, struct kr_store *store, struct kr_item *out,
                       struct kr_err *err)
{
    const struct kr_listener to = kr_web_listener(request);
    struct kr_ask ask;
    struct kr_reply *replies;
    size_t n;
    if (!find_ask(request, store, &ask, err) ||
        !kr_replies_of(store, request->mem, ask.id, &to, &replies, &n, err))
        return false;
    const struct kr_reply *reply = reply_of(request, replies, n);
    const char *id = reply ? reply->media
                     : strcmp(ask.claim, request->params[1]) == 0
                         ? kr_json_str(ask.value, "voice", "")
                         : "";
    if (!*id)
        return kr_fail(err, KR_E_NOT_FOUND, "nothing to hear or see");
    return kr_item_may_get(store, request->mem, id, &KR_VIEW_HOME, out, err);
}

KR_HANDLER(ask_answer_media)
{
    struct kr_store *store;
    struct kr_item media;
    if (!kr_desk_read(request->desk, &store, err) || !find_media(request, store, &media, err))
        return false;
    return strcmp(media.kind, "photo") == 0
               ? kr_web_send_thumb(request, answer, store, &media, "2048", err)
               : kr_web_send_play(request, answer, store, &media, err);
}

// Has it made, where it is not here (202).
static bool send_small(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       const struct kr_item *media, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    struct kr_store *writer;
    struct kr_small small;
    // Who has withdrawn it shall not be heard from a browser's own shelf.
    kr_answer_header(answer, "Cache-Control", "no-store");
    if (!kr_small_look(store, request->mem, media->id, &small, err))
        return false;
    if (small.made)
        return kr_web_rendition(request, answer, store, &small.rendition, err);
    out = kr_json_new_object();
    kr_json_set_real(out, "share", small.share);
    if (!small.coming &&
        (!kr_desk_write(request->desk, &writer, err) || !kr_small_wish(writer, media->id, err)))
        return false;
    return kr_answer_tell(answer, 202, out);
}

KR_HANDLER(ask_answer_small)
{
    struct kr_store *store;
    struct kr_item media;
    if (!kr_desk_read(request->desk, &store, err) || !find_media(request, store, &media, err))
        return false;
    return strcmp(media.kind, "photo") == 0
               ? kr_web_send_thumb(request, answer, store, &media, "1024", err)
               : send_small(request, answer, store, &media, err);
}

KR_HANDLER(ask_picture)
{
    struct kr_store *store;
    struct kr_item item;
    struct kr_ask ask;
    return kr_desk_read(request->desk, &store, err) && find_ask(request, store, &ask, err) &&
           kr_item_may_get(store, request->mem, ask.item, &KR_VIEW_HOME, &item, err) &&
           kr_web_send_thumb(request, answer, store, &item, request->params[1], err);
}

KR_HANDLER(ask_play)
{
    struct kr_store *store;
    struct kr_item item;
    struct kr_ask ask;
    return kr_desk_read(request->desk, &store, err) && find_ask(request, store, &ask, err) &&
           kr_item_may_get(store, request->mem, ask.item, &KR_VIEW_HOME, &item, err) &&
           kr_web_send_play(request, answer, store, &item, err);
}

KR_HANDLER(ask_beats)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    const struct kr_listener to = kr_web_listener(request);
    struct kr_store *store;
    struct kr_ask ask;
    json_t *beats = NULL;
    if (!kr_desk_read(request->desk, &store, err) || !find_ask(request, store, &ask, err) ||
        !kr_ask_beats(store, request->mem, &ask, &to, kr_request_field(request, "answer"), &beats,
                      err))
        return false;
    kr_json_set_take(out, "beats", beats);
    return kr_answer_tell(answer, 200, out);
}

// {"days", "person", "label"}: whom it is for; the one who is asked where it is left out.
KR_HANDLER(ask_link)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_ask ask;
    char id[KR_UUID_TEXT], code[KR_CODE_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!kr_desk_write(request->desk, &store, err) || !find_ask(request, store, &ask, err))
        return false;
    int64_t days = kr_json_int(body, "days", LINK_DAYS);
    const struct kr_new_invitation invitation = {
        .role = KR_ROLE_GUEST,
        .person = kr_json_str(body, "person", kr_json_str(ask.value, "to", "")),
        .label = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "label", ""))),
        .about = ask.id,
        .made_by = kr_visitor_who(&request->visitor),
        .days = (int)(days < 1 || days > LINK_DAYS_MOST ? LINK_DAYS : days)};
    if (!kr_door_invite(store, &invitation, id, code, err))
        return false;
    return kr_web_tell_link(request, answer, id, code,
                            kr_ask_link(request->mem, kr_web_address(request, true), code), err);
}

KR_HANDLER(ask_card)
{
    KR_AUTO(kr_fd_close) int fd = -1;
    struct kr_store *store;
    struct kr_ask ask;
    struct stat about;
    char code[KR_CODE_TEXT];
    if (!kr_code_read(kr_request_field(request, "code"), code))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (!kr_desk_read(request->desk, &store, err) || !find_ask(request, store, &ask, err))
        return false;
    if (!request->patient) {
        answer->later = true;
        return true;
    }
    const char *link = kr_ask_link(request->mem, kr_web_address(request, true), code);
    if (!kr_memory_file("card", &fd, err) ||
        !kr_ask_card_make(store, request->desk->house->wall, &ask, link, code, request->lang, fd,
                          err))
        return false;
    uint64_t size = fstat(fd, &about) == 0 ? (uint64_t)about.st_size : 0;
    int whole = fd;
    fd = -1;
    kr_answer_header(answer, "Cache-Control", "no-store");
    return kr_answer_file_take(request, answer, whole, size, "image/jpeg", NULL);
}
