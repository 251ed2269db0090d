// SPDX-License-Identifier: AGPL-3.0-or-later
#undef KR_ANALYSE // they are made here
#include "web/http.h"

#include "base/file.h"
#include "base/hash.h"
#include "web/range.h"
#include "web/tell.h"
#include <assert.h>
#include <string.h>
#include <strings.h>

enum { BODY_MOST = 16 << 20 }; // no route takes more than this in one piece

static const char *const method_names[] = {"GET",   "HEAD",   "POST",   "PUT",
                                           "PATCH", "DELETE", "OPTIONS"};

const char *kr_method_name(enum kr_method method)
{
    return method < KR_METHOD_OTHER ? method_names[method] : "OTHER";
}

enum kr_method kr_method_of(const char *name)
{
    for (size_t i = 0; i < KR_COUNT(method_names); i++)
        if (strcmp(method_names[i], name) == 0)
            return (enum kr_method)i;
    return KR_METHOD_OTHER;
}

bool kr_method_is_safe(enum kr_method method)
{
    return method == KR_GET || method == KR_HEAD || method == KR_OPTIONS;
}

const char *kr_request_header(const struct kr_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}

const char *kr_request_field(const struct kr_request *request, const char *name)
{
    return kr_url_value(&request->url, name);
}

bool kr_request_json(const struct kr_request *request, json_t **out, struct kr_answer *answer)
{
    json_t *value = NULL;
    if (kr_json_parse(request->body, BODY_MOST, &value, NULL) && json_is_object(value)) {
        *out = value;
        return true;
    }
    kr_json_drop(&value);
    return !kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
}

static void drop_body(struct kr_answer *answer)
{
    kr_buf_finish(&answer->bytes);
    kr_fd_close(&answer->fd);
    answer->lent = (struct kr_str){0};
    answer->offset = answer->length = 0;
}

void kr_answer_finish(struct kr_answer *answer)
{
    drop_body(answer);
    *answer = KR_ANSWER_NONE;
}

void kr_answer_header(struct kr_answer *answer, const char *name, const char *value)
{
    size_t i = 0;
    while (i < answer->header_count && strcasecmp(answer->headers[i].name, name) != 0)
        i++;
    assert(i < KR_ANSWER_HEADERS);
    answer->headers[i] = (struct kr_header){name, value};
    if (i == answer->header_count)
        answer->header_count++;
}

const char *kr_answer_header_of(const struct kr_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    return NULL;
}

bool kr_answer_empty(struct kr_answer *answer, int status)
{
    drop_body(answer);
    answer->status = status;
    return true;
}

bool kr_answer_text(struct kr_answer *answer, int status, const char *mime, struct kr_str text)
{
    drop_body(answer);
    answer->status = status;
    answer->lent = text;
    kr_answer_header(answer, "Content-Type", mime);
    return true;
}

bool kr_answer_json_take(struct kr_answer *answer, int status, struct kr_buf *json)
{
    drop_body(answer);
    answer->status = status;
    answer->bytes = *json;
    *json = (struct kr_buf){0};
    kr_answer_header(answer, "Content-Type", "application/json");
    return true;
}

bool kr_answer_tell(struct kr_answer *answer, int status, const json_t *value)
{
    struct kr_buf out = {0};
    kr_tell_json(&out, NULL, value);
    return kr_answer_json_take(answer, status, &out);
}

bool kr_answer_problem(const struct kr_request *request, struct kr_answer *answer, int status,
                       const char *title, const char *words_key)
{
    return kr_answer_problem_of(request, answer, status, title, words_key, NULL);
}

bool kr_answer_problem_of(const struct kr_request *request, struct kr_answer *answer, int status,
                          const char *title, const char *words_key, const char *cause)
{
    struct kr_buf out = {0};
    kr_tell_open(&out, NULL, '{');
    kr_tell_text(&out, "type", "about:blank");
    kr_tell_text(&out, "title", title);
    kr_tell_int(&out, "status", status);
    kr_tell_text(&out, "detail", kr_word(request->lang, words_key));
    if (cause)
        kr_tell_text(&out, "cause", cause);
    kr_tell_close(&out, '}');
    kr_answer_json_take(answer, status, &out);
    kr_answer_header(answer, "Content-Type", "application/problem+json");
    kr_answer_header(answer, "Content-Language", kr_lang_tag(request->lang));
    kr_answer_header(answer, "Cache-Control", "no-store");
    return true;
}

bool kr_answer_error(const struct kr_request *request, struct kr_answer *answer,
                     const struct kr_err *err)
{
    assert(err->code != KR_OK);
    return kr_answer_problem(request, answer, kr_code_http(err->code), kr_code_name(err->code),
                             kr_code_key(err->code));
}

const char *kr_etag_of(struct kr_arena *mem, struct kr_str bytes)
{
    uint8_t hash[KR_SHA256_SIZE];
    char hex[33]; // 128 bits: nobody gains by making two answers collide
    kr_sha256(bytes.at, bytes.n, hash);
    kr_hex(hash, 16, hex);
    return kr_arena_format(mem, "\"%s\"", hex);
}

static bool answer_beyond(const struct kr_request *request, struct kr_answer *answer, uint64_t size)
{
    kr_answer_header(answer, "Content-Range",
                     kr_arena_format(request->mem, "bytes */%ju", (uintmax_t)size));
    return kr_answer_problem(request, answer, 416, "range", "web.range");
}

bool kr_answer_file_take(const struct kr_request *request, struct kr_answer *answer, int fd,
                         uint64_t size, const char *mime, const char *etag)
{
    KR_AUTO(kr_fd_close) int file = fd;
    struct kr_range range = {KR_RANGE_WHOLE, 0, size};
    kr_answer_header(answer, "Accept-Ranges", "bytes");
    if (etag)
        kr_answer_header(answer, "ETag", etag);
    if (etag && kr_etag_listed(kr_request_header(request, "If-None-Match"), etag, true))
        return kr_answer_empty(answer, 304);
    if (kr_range_holds(kr_request_header(request, "If-Range"), etag))
        range = kr_range_of(kr_request_header(request, "Range"), size);
    if (range.type == KR_RANGE_BEYOND)
        return answer_beyond(request, answer, size);
    drop_body(answer);
    answer->status = range.type == KR_RANGE_PART ? 206 : 200;
    if (range.type == KR_RANGE_PART)
        kr_answer_header(answer, "Content-Range",
                         kr_arena_format(request->mem, "bytes %ju-%ju/%ju", (uintmax_t)range.from,
                                         (uintmax_t)(range.from + range.length - 1),
                                         (uintmax_t)size));
    answer->offset = range.from;
    answer->length = range.length;
    answer->fd = file;
    file = -1;
    kr_answer_header(answer, "Content-Type", mime);
    return true;
}
