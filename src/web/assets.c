// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages, their words, and the description of the interface: nothing of the family.
#include "web/assets.h"

#include "web/handlers.h"
#include <string.h>

static const struct kr_asset *asset_of(const char *name)
{
    for (uint64_t i = 0; i < kr_assets_count; i++)
        if (strcmp(kr_assets[i].name, name) == 0)
            return &kr_assets[i];
    return NULL;
}

bool kr_is_asset(const char *name)
{
    return asset_of(name) != NULL;
}

// An asset's name, else the one page that draws all addresses. An address with
// a dot at its end means a file, and files we do not have are not found.
static const struct kr_asset *asset_for(const struct kr_url *url)
{
    const char *last = url->segment_count ? url->segments[url->segment_count - 1] : "";
    const struct kr_asset *asset = url->segment_count == 1 ? asset_of(last) : NULL;
    // Assets lie at the top: a dot further down is part of a name, as in /thing/PACK.CARD.
    bool missing = url->segment_count == 1 && strchr(last, '.');
    return asset || missing ? asset : asset_of("index.html");
}

static bool answer_asset(const struct kr_request *request, struct kr_answer *answer,
                         const struct kr_asset *asset)
{
    enum kr_encoding encoding = kr_accept_encoding(kr_request_header(request, "Accept-Encoding"),
                                                   asset->gzip != NULL, asset->brotli != NULL);
    struct kr_str bytes = {asset->plain, asset->plain_n};
    if (encoding == KR_GZIP)
        bytes = (struct kr_str){asset->gzip, asset->gzip_n};
    if (encoding == KR_BROTLI)
        bytes = (struct kr_str){asset->brotli, asset->brotli_n};
    if (encoding != KR_PLAIN)
        kr_answer_header(answer, "Content-Encoding", encoding == KR_GZIP ? "gzip" : "br");
    kr_answer_header(answer, "Vary", "Accept-Encoding");
    // Each form is other bytes, so each has a name of its own.
    kr_answer_header(answer, "ETag",
                     encoding == KR_PLAIN ? asset->etag
                                          : kr_arena_format(request->mem, "%.33s-%s\"", asset->etag,
                                                            encoding == KR_GZIP ? "gzip" : "br"));
    return kr_answer_text(answer, 200, asset->mime, bytes);
}

KR_HANDLER(page)
{
    const struct kr_asset *asset = asset_for(&request->url);
    if (asset)
        return answer_asset(request, answer, asset);
    if (!asset_of("index.html") && request->url.segment_count == 0) // built without pages
        return kr_answer_text(answer, 200, "text/plain; charset=utf-8",
                              kr_str_of(kr_word(request->lang, "web.no_pages")));
    return kr_fail(err, KR_E_NOT_FOUND, "no page and no asset");
}

KR_HANDLER(words)
{
    for (int lang = 0; lang < KR_LANG_COUNT; lang++)
        if (strcmp(request->params[0], kr_lang_tag((enum kr_lang)lang)) == 0)
            return kr_answer_text(answer, 200, "application/json",
                                  kr_words_json((enum kr_lang)lang));
    return kr_fail(err, KR_E_NOT_FOUND, "a language nobody has written words in");
}

KR_HANDLER(openapi)
{
    struct kr_buf out = {0};
    (void)request, (void)err;
    kr_openapi_tell(&out, KR_VERSION);
    return kr_answer_json_take(answer, 200, &out);
}
