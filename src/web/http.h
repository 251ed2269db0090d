// SPDX-License-Identifier: AGPL-3.0-or-later
// http.h: a request and its answer, in our own words.
//
// A request is a plain struct: a test makes one without any socket. Everything
// in it is borrowed from its arena, which ends with the request. An answer
// holds bytes, or a file that the kernel sends by itself; whoever fills it
// hands both over. Only server.c knows which library speaks HTTP.

#pragma once
#include "archive/door.h"
#include "base/json.h"
#include "web/accept.h"
#include "web/url.h"

enum kr_method {
    KR_GET,
    KR_HEAD,
    KR_POST,
    KR_PUT,
    KR_PATCH,
    KR_DELETE,
    KR_OPTIONS,
    KR_METHOD_OTHER
};
const char *kr_method_name(enum kr_method method);
enum kr_method kr_method_of(const char *name);
bool kr_method_is_safe(enum kr_method method); // changes nothing

struct kr_header {
    const char *name, *value;
};

#define KR_BODY_UNKNOWN UINT64_MAX // sent in chunks, its length not told before

struct kr_desk;
struct kr_house;
struct kr_route;
struct kr_request {
    struct kr_arena *mem;
    enum kr_method method;
    struct kr_str target; // as sent
    struct kr_url url;
    const struct kr_header *headers;
    size_t header_count;
    uint64_t body_length; // as announced; KR_BODY_UNKNOWN
    struct kr_str body;   // whole, except of a route that takes it piece by piece
    const struct kr_route *route;
    const char *params[2];     // what stood in the {places} of the route's pattern
    const char *address;       // where it came from, as text; "" where nobody knows
    bool near;                 // from this very machine
    const char *here;          // the address of this machine it came to, as text; NULL
    bool secure;               // over TLS
    bool beside;               // over plain http beside TLS (beside.h)
    const char *safe;          // of such a one: "https://host:port" of the same house
    struct kr_visitor visitor; // whose role is KR_ROLE_NOBODY until kr_dispatch_enter()
    bool entered;
    enum kr_lang lang;
    const struct kr_house *house; // for what is answered at the door
    struct kr_desk *desk;         // where the work is done; NULL before it starts
    bool patient;                 // runs where slow work may run
    void *stream;                 // of a route that takes its body piece by piece
    bool first;                   // the first asking under its Idempotency-Key
};

// The value of a header (any case), or NULL.
const char *kr_request_header(const struct kr_request *request, const char *name);
// A field of the query, "" where there is none.
const char *kr_request_field(const struct kr_request *request, const char *name);

enum { KR_ANSWER_HEADERS = 20 };
struct kr_answer {
    int status; // 0: not answered yet
    struct kr_header headers[KR_ANSWER_HEADERS];
    size_t header_count;
    struct kr_buf bytes; // owned; or
    struct kr_str lent;  // outlives the answer (arena or constant); or
    int fd;              // owned, -1: none; `offset` and `length` of it
    uint64_t offset, length;
    bool live; // goes on: news as they come, after the claim numbered live_after
    int64_t live_after;
    bool later; // ask the same again where slow work may run
};
#define KR_ANSWER_NONE ((struct kr_answer){.fd = -1})
void kr_answer_finish(struct kr_answer *answer);

// Both borrowed until the request ends; a second header of that name takes its place.
void kr_answer_header(struct kr_answer *answer, const char *name, const char *value);
const char *kr_answer_header_of(const struct kr_answer *answer, const char *name);

// Each of these answers, and returns true, so that `return kr_answer_…` reads well.
bool kr_answer_empty(struct kr_answer *answer, int status);
bool kr_answer_text(struct kr_answer *answer, int status, const char *mime, struct kr_str text);
// Swallows *json (a text, see tell.h) and leaves it empty.
bool kr_answer_json_take(struct kr_answer *answer, int status, struct kr_buf *json);
bool kr_answer_tell(struct kr_answer *answer, int status, const json_t *value); // as JSON
// application/problem+json (RFC 9457): `title` for programs, the sentence of
// `words_key` for people. Everything said before but the headers is dropped.
bool kr_answer_problem(const struct kr_request *request, struct kr_answer *answer, int status,
                       const char *title, const char *words_key);
// The same with a "cause": one English sentence for whoever writes the asking program.
bool kr_answer_problem_of(const struct kr_request *request, struct kr_answer *answer, int status,
                          const char *title, const char *words_key, const char *cause);
bool kr_answer_error(const struct kr_request *request, struct kr_answer *answer,
                     const struct kr_err *err);
#ifdef KR_ANALYSE // as in base/err.h: these three always return true
#define kr_answer_problem(...) (kr_answer_problem(__VA_ARGS__), true)
#define kr_answer_problem_of(...) (kr_answer_problem_of(__VA_ARGS__), true)
#define kr_answer_error(...) (kr_answer_error(__VA_ARGS__), true)
#endif
// A strong ETag of these very bytes, quotes included.
const char *kr_etag_of(struct kr_arena *mem, struct kr_str bytes);
// A file with ranges; swallows `fd`. `etag` with its quotes, or NULL.
bool kr_answer_file_take(const struct kr_request *request, struct kr_answer *answer, int fd,
                         uint64_t size, const char *mime, const char *etag);

// The body as a JSON object. False, and answered with 400, where it is none.
KR_CHECK bool kr_request_json(const struct kr_request *request, json_t **out,
                              struct kr_answer *answer);
