// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/routes.h"
#include "harness.h"

static const struct kr_route *find(struct kr_test *t, enum kr_method method, const char *target,
                                   const char *params[2], const char **allowed)
{
    struct kr_url url;
    EXPECT_OK(kr_url_parse(t->mem, kr_str_of(target), &url, &t->err));
    return kr_route_of(t->mem, method, &url, params, allowed);
}

// "/api/v1/items/{id}/thumb/{size}" with something in its places.
static const char *example_of(struct kr_arena *mem, const char *pattern)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    for (const char *c = pattern; *c;) {
        if (*c == '{') {
            kr_buf_text(&out, "something");
            c += strcspn(c, "}") + 1;
        } else {
            kr_buf_add(&out, c++, 1);
        }
    }
    return kr_arena_copy(mem, out.at, out.n);
}

TEST(every_row_is_whole_and_can_be_reached)
{
    for (size_t i = 0; i < kr_routes_count; i++) {
        const struct kr_route *route = &kr_routes[i];
        const char *params[2], *allowed;
        print_message("%s %s\n", kr_method_name(route->method), route->pattern);
        EXPECT(route->may >= KR_MAY_ANYONE && route->may <= KR_MAY_OWNER);
        EXPECT(route->may == KR_MAY_ANYONE || route->place == KR_PLACE_DESK);
        EXPECT(route->place == KR_PLACE_DOOR || route->place == KR_PLACE_DESK);
        EXPECT(route->handle && route->doc && *route->doc && route->fields);
        EXPECT(route->budget_ms > 0);
        EXPECT((route->body == KR_BODY_NONE) == (route->most_body == 0));
        EXPECT((route->body == KR_BODY_PIECES) == (route->pieces != NULL));
        EXPECT(find(t, route->method, example_of(t->mem, route->pattern), params, &allowed) ==
               route);
    }
}

TEST(the_table_is_sorted)
{
    (void)t;
    for (size_t i = 1; i < kr_routes_count; i++) {
        int order = strcmp(kr_routes[i - 1].pattern, kr_routes[i].pattern);
        EXPECT(order < 0 || (order == 0 && kr_routes[i - 1].method < kr_routes[i].method));
    }
}

TEST(places_are_filled)
{
    const char *params[2], *allowed;
    EXPECT(find(t, KR_GET, "/api/v1/items/abc/thumb/256", params, &allowed) != NULL);
    EXPECT_STR(params[0], "abc");
    EXPECT_STR(params[1], "256");
}

TEST(head_finds_the_row_of_get_unless_it_has_its_own)
{
    const char *params[2], *allowed;
    const struct kr_route *head = find(t, KR_HEAD, "/api/v1/items/abc/original", params, &allowed);
    EXPECT(head && head->method == KR_GET);
    head = find(t, KR_HEAD, "/api/v1/uploads/abc", params, &allowed);
    EXPECT(head && head->method == KR_HEAD);
}

TEST(another_method_is_told_what_there_is)
{
    const char *params[2], *allowed;
    EXPECT(!find(t, KR_PATCH, "/api/v1/items/abc", params, &allowed));
    EXPECT_STR(allowed, "GET, HEAD, DELETE");
    EXPECT(!find(t, KR_METHOD_OTHER, "/", params, &allowed));
    EXPECT_STR(allowed, "GET, HEAD");
    EXPECT(!find(t, KR_GET, "/api/v1/nothing", params, &allowed));
    EXPECT_STR(allowed, "");
    EXPECT(!find(t, KR_GET, "/api", params, &allowed));
    EXPECT(!find(t, KR_GET, "/api/v1/items/a/b/c/d", params, &allowed));
}

TEST(every_other_path_is_a_page)
{
    const char *params[2], *allowed;
    const struct kr_route *page = find(t, KR_GET, "/", params, &allowed);
    EXPECT(page && page->may == KR_MAY_ANYONE);
    EXPECT(find(t, KR_GET, "/item/0192", params, &allowed) == page);
    EXPECT(find(t, KR_GET, "/search?q=x", params, &allowed) == page);
}

TEST(a_role_may_what_those_below_it_may)
{
    (void)t;
    for (int role = KR_ROLE_NOBODY; role < KR_ROLE_COUNT; role++)
        for (int may = KR_MAY_ANYONE; may <= KR_MAY_OWNER; may++)
            EXPECT(kr_may_ask((enum kr_may)may, (enum kr_role)role) == (role >= may - 1));
    EXPECT(!kr_may_ask((enum kr_may)0, KR_ROLE_OWNER));
    EXPECT_STR(kr_may_name(KR_MAY_ANYONE), "anyone");
    EXPECT_STR(kr_may_name(KR_MAY_KEEPER), "keeper");
}

// A row that lets everybody in is named here too: nobody opens the house by a slip.
TEST(the_rows_open_to_anyone_are_few_and_known)
{
    static const char *const open[] = {"GET /api/v1/me",
                                       "GET /api/v1/openapi.json",
                                       "GET /api/v1/trust",
                                       "GET /house-ca.crt",
                                       "GET /api/v1/words/{lang}",
                                       "GET /{page}",
                                       "OPTIONS /api/v1/uploads",
                                       "POST /api/v1/enter",
                                       "POST /api/v1/owner",
                                       "POST /api/v1/enter/passkey",
                                       "POST /api/v1/enter/passkey/{challenge}"};
    for (size_t i = 0; i < kr_routes_count; i++) {
        const char *row = kr_arena_format(t->mem, "%s %s", kr_method_name(kr_routes[i].method),
                                          kr_routes[i].pattern);
        bool listed = false;
        for (size_t k = 0; k < KR_COUNT(open); k++)
            listed = listed || strcmp(row, open[k]) == 0;
        print_message("%s\n", row);
        EXPECT((kr_routes[i].may == KR_MAY_ANYONE) == listed);
    }
}

TEST(the_description_holds_every_route)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    KR_AUTO(kr_json_drop) json_t *api = NULL;
    kr_openapi_tell(&out, "1.2.3");
    EXPECT_OK(kr_json_parse((struct kr_str){out.at, out.n}, SIZE_MAX, &api, &t->err));
    const json_t *paths = kr_json_get(api, "paths");
    size_t methods = 0;
    const char *path;
    json_t *row;
    json_object_foreach((json_t *)(uintptr_t)paths, path, row) methods += json_object_size(row);
    EXPECT_INT(methods, kr_routes_count);
    const json_t *thumb = kr_json_get(kr_json_get(paths, "/api/v1/items/{id}/thumb/{size}"), "get");
    EXPECT_INT(json_array_size(kr_json_get(thumb, "parameters")), 2);
}

MAIN(CASE(every_row_is_whole_and_can_be_reached), CASE(the_table_is_sorted),
     CASE(places_are_filled), CASE(head_finds_the_row_of_get_unless_it_has_its_own),
     CASE(another_method_is_told_what_there_is), CASE(every_other_path_is_a_page),
     CASE(a_role_may_what_those_below_it_may), CASE(the_rows_open_to_anyone_are_few_and_known),
     CASE(the_description_holds_every_route))
