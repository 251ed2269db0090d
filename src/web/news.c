// SPDX-License-Identifier: AGPL-3.0-or-later
// The stream of what is new. server.c keeps it going; here is only how it begins.
#include "store/claims.h"
#include "web/handlers.h"

KR_HANDLER(live)
{
    const char *after = kr_request_header(request, "Last-Event-ID");
    int64_t seen = INT64_MAX, last;
    struct kr_store *store;
    if (!after)
        after = kr_request_field(request, "after");
    if (*after && !kr_parse_int(after, 0, INT64_MAX, &seen))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (!kr_desk_read(request->desk, &store, err) || !kr_claims_last(store, &last, err))
        return false;
    answer->live_after = seen < last ? seen : last; // what comes after this very moment is told
    if (request->method == KR_HEAD)
        return kr_answer_text(answer, 200, "text/event-stream", (struct kr_str){"", 0});
    answer->live = true;
    kr_answer_header(answer, "Content-Type", "text/event-stream");
    kr_answer_header(answer, "Cache-Control", "no-store");
    kr_answer_header(answer, "X-Accel-Buffering", "no"); // a proxy before us passes it on at once
    kr_answer_header(answer, "Connection", "close"); // it never becomes free for another request
    answer->status = 200;
    return true;
}
