// SPDX-License-Identifier: AGPL-3.0-or-later
// The stream of what is new. server.c keeps it going; here is only how it begins.
#include "web/handlers.h"

KR_HANDLER(live)
{
    const char *after = kr_request_header(request, "Last-Event-ID");
    (void)err;
    if (!after)
        after = kr_request_field(request, "after");
    answer->live_after = -1;
    if (*after && !kr_parse_int(after, 0, INT64_MAX, &answer->live_after))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    answer->live = true;
    kr_answer_header(answer, "Content-Type", "text/event-stream");
    kr_answer_header(answer, "Cache-Control", "no-store");
    kr_answer_header(answer, "X-Accel-Buffering", "no"); // a proxy before us passes it on at once
    kr_answer_header(answer, "Connection", "close"); // it never becomes free for another request
    answer->status = 200;
    return true;
}
