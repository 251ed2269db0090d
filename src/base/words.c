// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/words.h"

#include "base/words_table.h"
#include <stdlib.h>
#include <string.h>

const char *kr_lang_tag(enum kr_lang lang)
{
    return lang == KR_ZH ? "zh-CN" : "en";
}

// The first language of the list that we speak; the list is in order of wish.
enum kr_lang kr_lang_of(const char *tag)
{
    const char *zh = strstr(tag, "zh"), *en = strstr(tag, "en");
    return zh && (!en || zh < en) ? KR_ZH : KR_EN;
}

enum kr_lang kr_lang_of_environment(void)
{
    static const char *const names[] = {"KINREEL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < KR_COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return kr_lang_of(value);
    }
    return KR_EN;
}

static int by_key(const void *key, const void *row)
{
    return strcmp(key, ((const struct kr_words_row *)row)->key);
}

static const struct kr_words_row *row_of(const char *key)
{
    return bsearch(key, kr_words_rows, kr_words_count, sizeof *kr_words_rows, by_key);
}

bool kr_word_exists(const char *key)
{
    return row_of(key) != NULL;
}

const char *kr_word(enum kr_lang lang, const char *key)
{
    const struct kr_words_row *row = row_of(key);
    return row ? row->text[lang] : key;
}

static const char *value_of(struct kr_str name, va_list pairs)
{
    for (const char *key; (key = va_arg(pairs, const char *));) {
        const char *value = va_arg(pairs, const char *);
        if (strlen(key) == name.n && memcmp(key, name.at, name.n) == 0)
            return value;
    }
    return NULL;
}

const char *kr_words(struct kr_arena *mem, enum kr_lang lang, const char *key, ...)
{
    KR_AUTO(kr_buf_finish) struct kr_buf buf = {0};
    va_list pairs, again;
    va_start(pairs, key);
    for (const char *at = kr_word(lang, key); *at;) {
        const char *open = strchr(at, '{'), *close = open ? strchr(open, '}') : NULL;
        if (!close)
            open = at + strlen(at);
        kr_buf_add(&buf, at, (size_t)(open - at));
        if (!close)
            break;
        struct kr_str name = {open + 1, (size_t)(close - open - 1)};
        va_copy(again, pairs);
        const char *value = value_of(name, again);
        va_end(again);
        kr_buf_text(&buf, value ? value : "");
        at = close + 1;
    }
    va_end(pairs);
    return kr_arena_copy(mem, buf.at, buf.n);
}

struct kr_str kr_words_json(enum kr_lang lang)
{
    return kr_words_text[lang];
}
