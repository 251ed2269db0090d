// SPDX-License-Identifier: AGPL-3.0-or-later
// The description of the interface follows from the table of routes (OpenAPI 3.1.0).
#include "web/handlers.h"
#include "web/tell.h"

#include <ctype.h>
#include <string.h>

// "/api/v1/items/{id}" is one path with several methods: rows of it stand together.
static bool is_same_path(const struct kr_route *a, const struct kr_route *b)
{
    return strcmp(a->pattern, b->pattern) == 0;
}

static void tell_parameter(struct kr_buf *out, const char *name, size_t n, const char *in)
{
    char text[32];
    kr_format(text, sizeof text, "%.*s", (int)n, name);
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "name", text);
    kr_tell_text(out, "in", in);
    if (strcmp(in, "path") == 0)
        kr_tell_bool(out, "required", true);
    kr_tell_open(out, "schema", '{');
    kr_tell_text(out, "type", strcmp(text, "limit") == 0 ? "integer" : "string");
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
}

static void tell_parameters(struct kr_buf *out, const struct kr_route *route)
{
    kr_tell_open(out, "parameters", '[');
    for (const char *at = route->pattern; (at = strchr(at, '{')); at++)
        tell_parameter(out, at + 1, strcspn(at + 1, "}"), "path");
    for (const char *at = route->fields; *at;) {
        size_t n = strcspn(at, " ");
        tell_parameter(out, at, n, "query");
        at += n + (at[n] == ' ');
    }
    kr_tell_close(out, ']');
}

static void tell_body(struct kr_buf *out, const struct kr_route *route)
{
    if (route->body == KR_BODY_NONE)
        return;
    bool json = route->body == KR_BODY_JSON;
    const char *bytes = route->body == KR_BODY_BYTES ? "application/octet-stream"
                                                     : "application/offset+octet-stream";
    kr_tell_open(out, "requestBody", '{');
    kr_tell_open(out, "content", '{');
    kr_tell_open(out, json ? "application/json" : bytes, '{');
    kr_tell_open(out, "schema", '{');
    kr_tell_text(out, "type", json ? "object" : "string");
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
}

static void tell_answers(struct kr_buf *out)
{
    kr_tell_open(out, "responses", '{');
    kr_tell_open(out, "2XX", '{');
    kr_tell_text(out, "description", "Done; the shape is in docs/formats/api.md.");
    kr_tell_close(out, '}');
    kr_tell_open(out, "default", '{');
    kr_tell_text(out, "description", "It did not go well.");
    kr_tell_open(out, "content", '{');
    kr_tell_open(out, "application/problem+json", '{');
    kr_tell_open(out, "schema", '{');
    kr_tell_text(out, "$ref", "#/components/schemas/Problem");
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
}

static void tell_route(struct kr_buf *out, const struct kr_route *route)
{
    char method[8];
    kr_format(method, sizeof method, "%s", kr_method_name(route->method));
    for (char *c = method; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    kr_tell_open(out, method, '{');
    kr_tell_text(out, "summary", route->doc);
    kr_tell_text(out, "x-may", kr_may_name(route->may));
    tell_parameters(out, route);
    tell_body(out, route);
    tell_answers(out);
    kr_tell_close(out, '}');
}

static void tell_problem(struct kr_buf *out)
{
    static const char *const members[] = {"type", "title", "detail"};
    kr_tell_open(out, "components", '{');
    kr_tell_open(out, "schemas", '{');
    kr_tell_open(out, "Problem", '{');
    kr_tell_text(out, "type", "object");
    kr_tell_open(out, "properties", '{');
    for (size_t i = 0; i < KR_COUNT(members); i++) {
        kr_tell_open(out, members[i], '{');
        kr_tell_text(out, "type", "string");
        kr_tell_close(out, '}');
    }
    kr_tell_open(out, "status", '{');
    kr_tell_text(out, "type", "integer");
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
}

void kr_openapi_tell(struct kr_buf *out, const char *version)
{
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "openapi", "3.1.0");
    kr_tell_open(out, "info", '{');
    kr_tell_text(out, "title", "kinreel");
    kr_tell_text(out, "version", version);
    kr_tell_open(out, "license", '{');
    kr_tell_text(out, "name", "AGPL-3.0-or-later");
    kr_tell_text(out, "identifier", "AGPL-3.0-or-later");
    kr_tell_close(out, '}');
    kr_tell_close(out, '}');
    kr_tell_open(out, "paths", '{');
    for (size_t i = 0; i < kr_routes_count; i++) {
        const struct kr_route *route = &kr_routes[i];
        if (i == 0 || !is_same_path(route, route - 1))
            kr_tell_open(out, route->pattern, '{');
        tell_route(out, route);
        if (i + 1 == kr_routes_count || !is_same_path(route, route + 1))
            kr_tell_close(out, '}');
    }
    kr_tell_close(out, '}');
    tell_problem(out);
    kr_tell_close(out, '}');
}
