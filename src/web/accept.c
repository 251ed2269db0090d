// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/accept.h"

#include <string.h>
#include <strings.h>

// One element of a weighted list: a token and its weight in thousandths.
struct wish {
    struct kr_str token;
    int weight;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct kr_str trim(struct kr_str text)
{
    while (text.n && is_blank(*text.at))
        text = (struct kr_str){text.at + 1, text.n - 1};
    while (text.n && is_blank(text.at[text.n - 1]))
        text.n--;
    return text;
}

// "0.5" is 500. What is no weight counts as 0: better not served than served wrongly.
static int weight_of(struct kr_str text)
{
    if (text.n < 1 || text.n > 5 || (text.at[0] != '0' && text.at[0] != '1'))
        return 0;
    int weight = (text.at[0] - '0') * 1000, unit = 100;
    for (size_t i = 1; i < text.n; i++) {
        if (i == 1 ? text.at[i] != '.' : (text.at[i] < '0' || text.at[i] > '9'))
            return 0;
        if (i > 1) {
            weight += (text.at[i] - '0') * unit;
            unit /= 10;
        }
    }
    return weight > 1000 ? 1000 : weight;
}

// Takes the next element off the list; false at its end.
static bool next_wish(const char **list, struct wish *out)
{
    if (!**list)
        return false;
    size_t n = strcspn(*list, ",");
    struct kr_str all = {*list, n};
    *list += n + ((*list)[n] == ',');
    const char *semicolon = memchr(all.at, ';', all.n);
    size_t head = semicolon ? (size_t)(semicolon - all.at) : all.n;
    out->token = trim((struct kr_str){all.at, head});
    out->weight = 1000;
    if (semicolon) {
        struct kr_str q = trim((struct kr_str){semicolon + 1, all.n - head - 1});
        if (q.n > 2 && (q.at[0] | 0x20) == 'q' && q.at[1] == '=')
            out->weight = weight_of((struct kr_str){q.at + 2, q.n - 2});
    }
    return true;
}

static bool is_token(struct kr_str token, const char *name)
{
    return token.n == strlen(name) && strncasecmp(token.at, name, token.n) == 0;
}

// The weight of a name in the list, of "*" where it is not named, else `unnamed`.
static int weight_in(const char *list, const char *name, int unnamed)
{
    int star = unnamed;
    for (struct wish wish; next_wish(&list, &wish);) {
        if (is_token(wish.token, name))
            return wish.weight;
        if (is_token(wish.token, "*"))
            star = wish.weight;
    }
    return star;
}

enum kr_encoding kr_accept_encoding(const char *header, bool has_gzip, bool has_brotli)
{
    if (!header)
        return KR_PLAIN;
    int brotli = has_brotli ? weight_in(header, "br", 0) : 0;
    int gzip = has_gzip ? weight_in(header, "gzip", 0) : 0;
    int plain = weight_in(header, "identity", 1);
    if (brotli > 0 && brotli >= gzip && brotli >= plain)
        return KR_BROTLI;
    return gzip > 0 && gzip >= plain ? KR_GZIP : KR_PLAIN;
}

// "zh", "zh-TW", "zh-Hans-CN" are all zh.
static bool is_language(struct kr_str token, const char *name)
{
    size_t n = strlen(name);
    return token.n >= n && strncasecmp(token.at, name, n) == 0 &&
           (token.n == n || token.at[n] == '-');
}

enum kr_lang kr_accept_language(const char *header, enum kr_lang otherwise)
{
    enum kr_lang best = otherwise;
    int most = 0;
    if (!header)
        return otherwise;
    for (struct wish wish; next_wish(&header, &wish);) {
        bool zh = is_language(wish.token, "zh"), en = is_language(wish.token, "en");
        if ((zh || en) && wish.weight > most) {
            most = wish.weight;
            best = zh ? KR_ZH : KR_EN;
        }
    }
    return best;
}

bool kr_cookie(const char *header, const char *name, char *out, size_t size)
{
    size_t length = strlen(name);
    for (const char *at = header; at && *at;) {
        while (is_blank(*at) || *at == ';')
            at++;
        size_t n = strcspn(at, ";");
        if (n > length && strncmp(at, name, length) == 0 && at[length] == '=') {
            struct kr_str value = trim((struct kr_str){at + length + 1, n - length - 1});
            if (value.n >= size)
                return false;
            memcpy(out, value.at, value.n);
            out[value.n] = '\0';
            return true;
        }
        at += n;
    }
    return false;
}

bool kr_etag_listed(const char *header, const char *etag, bool weak)
{
    if (!header)
        return false;
    for (struct wish wish; next_wish(&header, &wish);) {
        struct kr_str token = wish.token;
        if (is_token(token, "*"))
            return true;
        bool is_weak = token.n > 2 && memcmp(token.at, "W/", 2) == 0;
        if (is_weak && !weak)
            continue;
        if (is_weak)
            token = (struct kr_str){token.at + 2, token.n - 2};
        if (token.n == strlen(etag) && memcmp(token.at, etag, token.n) == 0)
            return true;
    }
    return false;
}
