// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/dispatch.h"

#include "base/log.h"
#include "web/accept.h"
#include "web/beside.h"
#include <string.h>
#include <strings.h>

// What a browser may do with our pages: nothing that we did not send ourselves.
static const char policy_page[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'";
// And with what strangers made: show it, run nothing of it.
static const char policy_data[] = "default-src 'none'; sandbox; frame-ancestors 'none'";

static enum kr_lang language_of(const struct kr_house *house, const struct kr_request *request)
{
    char chosen[16];
    if (kr_cookie(kr_request_header(request, "Cookie"), "lang", chosen, sizeof chosen)) {
        if (strcmp(chosen, "zh-CN") == 0)
            return KR_ZH;
        if (strcmp(chosen, "en") == 0)
            return KR_EN;
    }
    return kr_accept_language(kr_request_header(request, "Accept-Language"), house->lang);
}

static bool is_api(const struct kr_url *url)
{
    return url->segment_count > 0 && strcmp(url->segments[0], "api") == 0;
}

static size_t count_headers(const struct kr_request *request, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < request->header_count; i++)
        n += strcasecmp(request->headers[i].name, name) == 0;
    return n;
}

static bool refuse(const struct kr_request *request, struct kr_answer *answer, int status,
                   const char *title, const char *words_key)
{
    return !kr_answer_problem(request, answer, status, title, words_key);
}

// Is it meant for us, and not put into the asker's mouth by a page elsewhere?
static bool passes_guard(const struct kr_house *house, struct kr_request *request,
                         struct kr_answer *answer)
{
    const char *host = kr_request_header(request, "Host");
    const char *site = kr_request_header(request, "Sec-Fetch-Site");
    if (count_headers(request, "Host") != 1)
        return refuse(request, answer, 400, "bad_request", "web.bad_request");
    if (!kr_guard_host(&house->guard, host, request->here))
        return refuse(request, answer, 403, "host", "web.host");
    if (!kr_method_is_safe(request->method) &&
        !kr_guard_origin(host, kr_request_header(request, "Origin"), site))
        return refuse(request, answer, 403, "origin", "web.origin");
    if (is_api(&request->url) && !kr_guard_reading(site))
        return refuse(request, answer, 403, "origin", "web.origin");
    return true;
}

static bool finds_route(struct kr_request *request, struct kr_answer *answer)
{
    const char *allowed = "";
    request->route =
        kr_route_of(request->mem, request->method, &request->url, request->params, &allowed);
    if (request->route)
        return true;
    if (!*allowed)
        return refuse(request, answer, 404, "not_found", "error.not_found");
    kr_answer_header(answer, "Allow", allowed);
    return refuse(request, answer, 405, "method", "web.method");
}

// "application/json" and "application/json; charset=utf-8" are JSON.
static bool is_json(const char *type)
{
    size_t n = strlen("application/json");
    return type && strncasecmp(type, "application/json", n) == 0 &&
           (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

static bool body_fits(struct kr_request *request, struct kr_answer *answer)
{
    const struct kr_route *route = request->route;
    if (request->body_length == 0)
        return true;
    if (request->body_length != KR_BODY_UNKNOWN && request->body_length > route->most_body)
        return refuse(request, answer, 413, "too_big", "error.too_big");
    if (route->body == KR_BODY_JSON && !is_json(kr_request_header(request, "Content-Type")))
        return refuse(request, answer, 415, "unsupported", "web.json_only");
    return true;
}

// What a library folder said goes to the log once, here; people get the words of its code.
static void answer_failure(struct kr_request *request, struct kr_answer *answer,
                           const struct kr_err *err)
{
    if (kr_code_http(err->code) == 500)
        kr_log(KR_ERROR, "web.failed", KR_T("route", request->route->pattern),
               KR_T("code", kr_code_name(err->code)));
    // May hold a path; only who asks for KINREEL_LOG=debug, to find a fault, sees it.
    kr_log(KR_DEBUG, "web.why", KR_T("text", err->text));
    kr_answer_error(request, answer, err);
}

const char *kr_token_cookie(bool secure)
{
    return secure ? "__Host-kinreel" : "kinreel";
}

static bool has_token(const struct kr_request *request)
{
    char token[KR_TOKEN_TEXT];
    return kr_cookie(kr_request_header(request, "Cookie"), kr_token_cookie(request->secure), token,
                     sizeof token);
}

// Behind a proxy on this machine everybody would seem to sit before it: what says that it was
// passed on comes from afar. (Who says so of themselves only loses by it.)
static bool was_passed_on(const struct kr_request *request)
{
    static const char *const signs[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
    for (size_t i = 0; i < KR_COUNT(signs); i++)
        if (kr_request_header(request, signs[i]))
            return true;
    return false;
}

bool kr_dispatch_admit(const struct kr_house *house, struct kr_request *request,
                       struct kr_answer *answer)
{
    request->lang = language_of(house, request);
    request->near = request->near && !was_passed_on(request);
    request->house = house;
    if (!kr_url_parse(request->mem, request->target, &request->url, NULL))
        return refuse(request, answer, 400, "bad_request", "web.bad_request");
    if (!passes_guard(house, request, answer) || !finds_route(request, answer))
        return false;
    if (request->beside && !kr_beside_admit(house, request, answer))
        return false;
    if (request->route->may != KR_MAY_ANYONE && !request->near && !has_token(request))
        return refuse(request, answer, 401, "sign_in", "web.sign_in");
    return body_fits(request, answer);
}

// Whoever sits at the house's own machine is its owner until one has been named.
static bool enters_as_owner(struct kr_request *request, struct kr_store *store, struct kr_err *err)
{
    bool owned = true;
    if (!request->near || request->beside || request->visitor.role != KR_ROLE_NOBODY)
        return true;
    if (!kr_door_has_owner(store, &owned, err))
        return false;
    if (!owned) {
        request->visitor.role = KR_ROLE_OWNER;
        memcpy(request->visitor.home, request->desk->house->home, sizeof request->visitor.home);
    }
    return true;
}

static bool find_visitor(struct kr_request *request, struct kr_err *err)
{
    struct kr_store *store, *writer;
    char token[KR_TOKEN_TEXT];
    request->visitor = KR_VISITOR_NONE;
    request->desk->home[0] = '\0';
    if (!kr_desk_read(request->desk, &store, err))
        return false;
    if (kr_cookie(kr_request_header(request, "Cookie"), kr_token_cookie(request->secure), token,
                  sizeof token) &&
        !kr_door_enter(store, request->mem, token, &request->visitor, err))
        return false;
    if (request->beside && !kr_beside_may(request->visitor.role))
        request->visitor = KR_VISITOR_NONE;
    if (!enters_as_owner(request, store, err)) // a token of another house counts for nothing
        return false;
    memcpy(request->desk->home, request->visitor.home, sizeof request->desk->home);
    return !request->visitor.seen_long_ago || (kr_desk_write(request->desk, &writer, err) &&
                                               kr_door_seen(writer, &request->visitor, err));
}

bool kr_dispatch_enter(struct kr_request *request, struct kr_answer *answer)
{
    struct kr_err err = {0};
    if (!request->entered && !find_visitor(request, &err)) {
        answer_failure(request, answer, &err);
        return false;
    }
    request->entered = true;
    memcpy(request->desk->home, request->visitor.home, sizeof request->desk->home);
    if (kr_may_ask(request->route->may, request->visitor.role))
        return true;
    if (request->visitor.role == KR_ROLE_NOBODY)
        return refuse(request, answer, 401, "sign_in", "web.sign_in");
    return refuse(request, answer, 403, "refused", "error.refused");
}

// A strong ETag of the very bytes, so that the same answer is sent once only.
static void name_bytes(struct kr_request *request, struct kr_answer *answer)
{
    if (request->route->method != KR_GET || answer->status != 200 || answer->fd >= 0 ||
        answer->live)
        return;
    const char *etag = kr_answer_header_of(answer, "ETag");
    if (!etag) {
        etag = kr_etag_of(request->mem, answer->bytes.n
                                            ? (struct kr_str){answer->bytes.at, answer->bytes.n}
                                            : answer->lent);
        kr_answer_header(answer, "ETag", etag);
    }
    if (kr_etag_listed(kr_request_header(request, "If-None-Match"), etag, true))
        kr_answer_empty(answer, 304);
}

static void handle(struct kr_request *request, struct kr_answer *answer)
{
    struct kr_err err = {0};
    answer->later = false;
    if (!request->route->handle(request, answer, &err))
        answer_failure(request, answer, &err);
    if (!answer->later)
        name_bytes(request, answer);
}

// The key of a POST that wants to be done once; false where it has none.
static bool key_of(const struct kr_request *request, struct kr_again_key *out)
{
    const char *key = kr_request_header(request, "Idempotency-Key");
    if (!key || request->method != KR_POST || request->route->body != KR_BODY_JSON)
        return false;
    // One's own: two browsers may happen upon the same key.
    *out = kr_again_key_of(kr_arena_format(request->mem, "%s %s", request->visitor.session, key),
                           request->target, request->body);
    return true;
}

// Answers from memory where it was asked before; true: it is new, or has no key.
static bool is_new(struct kr_request *request, struct kr_answer *answer,
                   const struct kr_again_key *key)
{
    struct kr_str text;
    int status;
    if (request->first) // asked to come back where slow work may run
        return true;
    switch (kr_again_ask(request->desk->house->again, key, request->mem, &status, &text)) {
    case KR_AGAIN_NEW:
        request->first = true;
        return true;
    case KR_AGAIN_KNOWN:
        return !kr_answer_text(
            answer, status, status < 400 ? "application/json" : "application/problem+json", text);
    case KR_AGAIN_BUSY:
        return refuse(request, answer, 409, "busy", "error.busy");
    case KR_AGAIN_OTHER:
        break;
    }
    return refuse(request, answer, 422, "idempotency_key", "web.bad_request");
}

void kr_dispatch_handle(struct kr_request *request, struct kr_answer *answer)
{
    struct kr_again_key key;
    if (request->route->place == KR_PLACE_DESK && !kr_dispatch_enter(request, answer))
        return;
    if (!key_of(request, &key)) {
        handle(request, answer);
        return;
    }
    if (!is_new(request, answer, &key))
        return;
    handle(request, answer);
    if (!answer->later) // a failure of ours may be tried again
        kr_again_tell(request->desk->house->again, &key, answer->status < 500 ? answer->status : 0,
                      (struct kr_str){answer->bytes.at, answer->bytes.n});
}

bool kr_dispatch_begin(struct kr_request *request, struct kr_answer *answer)
{
    struct kr_err err = {0};
    if (!kr_dispatch_enter(request, answer))
        return false;
    if (!request->route->pieces->begin(request, answer, &err))
        answer_failure(request, answer, &err);
    return answer->status == 0;
}

bool kr_dispatch_take(struct kr_request *request, struct kr_str piece, struct kr_answer *answer)
{
    struct kr_err err = {0};
    if (request->route->pieces->take(request, piece, &err))
        return true;
    answer_failure(request, answer, &err);
    return false;
}

static void wear(struct kr_answer *answer, const char *name, const char *value)
{
    if (!kr_answer_header_of(answer, name))
        kr_answer_header(answer, name, value);
}

void kr_dispatch_dress(const struct kr_request *request, struct kr_answer *answer)
{
    bool page = request->route && request->route->may == KR_MAY_ANYONE && !is_api(&request->url);
    const char *policy = page ? policy_page : policy_data;
    if (page) // and beside TLS it may look whether the house is trusted there
        policy = kr_arena_format(request->mem, "%s; connect-src 'self'%s%s", policy,
                                 request->safe ? " " : "", request->safe ? request->safe : "");
    wear(answer, "Content-Security-Policy", policy);
    wear(answer, "X-Content-Type-Options", "nosniff");
    wear(answer, "Referrer-Policy", "same-origin");
    wear(answer, "Cross-Origin-Resource-Policy", "same-origin");
    if (page && !request->beside) // browsers complain of it where nothing is safe anyway
        wear(answer, "Cross-Origin-Opener-Policy", "same-origin");
    if (!page)
        wear(answer, "Vary", "Accept-Language, Cookie");
    wear(answer, "Cache-Control", "no-cache");
}
