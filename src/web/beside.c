// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/beside.h"

#include "web/assets.h"
#include "web/handlers.h"
#include <string.h>

// Pages for who has no session of the family: how the house is trusted, a card, a question.
static const char *const pages[] = {"a", "answer", "enter", "trust"};

static bool is_page(const struct kr_url *url)
{
    if (url->segment_count == 0)
        return false;
    if (url->segment_count == 1 && kr_is_asset(url->segments[0]))
        return true;
    for (size_t i = 0; i < KR_COUNT(pages); i++)
        if (strcmp(url->segments[0], pages[i]) == 0)
            return true;
    return false;
}

bool kr_beside_may(enum kr_role role)
{
    return role <= KR_ROLE_GUEST;
}

// What begins a session of the family and no other.
static bool is_of_family(const struct kr_route *route)
{
    return route->handle == kr_web_own || route->handle == kr_web_enter_begin ||
           route->handle == kr_web_enter_finish;
}

static bool is_said(const struct kr_request *request)
{
    const struct kr_route *route = request->route;
    if (route->may > KR_MAY_GUEST || is_of_family(route))
        return false;
    return route->handle != kr_web_page || is_page(&request->url);
}

// "https://lamp.local:8420", by the very name it was asked under.
static const char *safe_of(const struct kr_house *house, const struct kr_request *request)
{
    const char *host = kr_request_header(request, "Host");
    size_t n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    if (house->guard.port == 443)
        return kr_arena_format(request->mem, "https://%.*s", (int)n, host);
    return kr_arena_format(request->mem, "https://%.*s:%u", (int)n, host, house->guard.port);
}

bool kr_beside_admit(const struct kr_house *house, struct kr_request *request,
                     struct kr_answer *answer)
{
    request->safe = safe_of(house, request);
    if (is_said(request))
        return true;
    if (!kr_method_is_safe(request->method))
        return !kr_answer_problem(request, answer, 403, "plain", "web.plain");
    // Not for ever: another day the house may have another port, or none.
    kr_answer_header(answer, "Location",
                     kr_arena_format(request->mem, "%s%.*s", request->safe, (int)request->target.n,
                                     request->target.at));
    return !kr_answer_empty(answer, 307);
}
