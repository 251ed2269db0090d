// SPDX-License-Identifier: AGPL-3.0-or-later
// routes.h: every way in, one row each.
//
// The table is the only list: matching, the limits, the description at
// /api/v1/openapi.json and the tests follow it. See docs/howto/add-a-route.md.

#pragma once
#include "web/http.h"

// Who may: a role and all above it. There is no default: a row that leaves it out
// does not compile. Rows for anyone and for guests are also answered over plain http
// beside TLS (beside.h): what they say can be overheard.
enum kr_may {
    KR_MAY_ANYONE = 1, // what says nothing of the family: pages, words, the description
    KR_MAY_GUEST,      // the handler looks at what the guest was invited to
    KR_MAY_VIEWER,
    KR_MAY_TELLER,
    KR_MAY_KEEPER,
    KR_MAY_OWNER,
};
bool kr_may_ask(enum kr_may may, enum kr_role role);
const char *kr_may_name(enum kr_may may); // "anyone", "guest" …

enum kr_place {
    KR_PLACE_DOOR = 1, // at once, on the thread that speaks HTTP: no store, no waiting
    KR_PLACE_DESK,     // on a thread with a desk
};

enum kr_body { KR_BODY_NONE = 1, KR_BODY_JSON, KR_BODY_BYTES, KR_BODY_PIECES };

// A body taken piece by piece. `begin` runs before the first byte is read; it
// may answer, and then nothing is read. The row's handler ends the whole.
struct kr_pieces {
    bool (*begin)(struct kr_request *request, struct kr_answer *answer, struct kr_err *err);
    bool (*take)(struct kr_request *request, struct kr_str piece, struct kr_err *err);
    void (*drop)(void *stream); // always called once when there is a stream
};

struct kr_route {
    enum kr_method method;
    const char *pattern; // "/api/v1/items/{id}"; "/{page}" is any path outside /api
    enum kr_may may;
    enum kr_place place;
    enum kr_body body;
    uint64_t most_body;
    int budget_ms; // past it, it is logged as slow
    // False with err filled, or true and answered.
    bool (*handle)(struct kr_request *request, struct kr_answer *answer, struct kr_err *err);
    const char *fields; // of the query, separated by blanks
    const char *doc;
    const struct kr_pieces *pieces; // of KR_BODY_PIECES
};
extern const struct kr_route kr_routes[]; // sorted by pattern, then method
extern const size_t kr_routes_count;

// The route of a method and path; fills the places. HEAD finds the row of GET
// where it has none of its own. NULL without one; then *allowed lists the
// methods of the path ("" when the path itself is unknown), in the arena.
const struct kr_route *kr_route_of(struct kr_arena *mem, enum kr_method method,
                                   const struct kr_url *url, const char *params[2],
                                   const char **allowed);

// The whole table as an OpenAPI 3.1 text.
void kr_openapi_tell(struct kr_buf *out, const char *version);
