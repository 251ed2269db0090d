// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/search.h"

#include "archive/edtf.h"
#include "archive/searchtext.h"

enum { READINGS = 8 }; // ways to hear one word

enum field {
    FIELD_NONE,
    FIELD_PERSON,
    FIELD_PLACE,
    FIELD_YEAR,
    FIELD_TYPE,
    FIELD_UNDATED,
    FIELD_HIDDEN
};

static const struct {
    const char *name;
    enum field field;
} fields[] = {
    {"person", FIELD_PERSON},    {"people", FIELD_PERSON}, {"人物", FIELD_PERSON},
    {"人", FIELD_PERSON},        {"place", FIELD_PLACE},   {"地点", FIELD_PLACE},
    {"地方", FIELD_PLACE},       {"year", FIELD_YEAR},     {"date", FIELD_YEAR},
    {"年份", FIELD_YEAR},        {"年", FIELD_YEAR},       {"时间", FIELD_YEAR},
    {"type", FIELD_TYPE},        {"类型", FIELD_TYPE},     {"undated", FIELD_UNDATED},
    {"没有日期", FIELD_UNDATED}, {"hidden", FIELD_HIDDEN}, {"收起来的", FIELD_HIDDEN},
};

static const struct {
    const char *name, *kind;
} types[] = {
    {"photo", "photo"}, {"picture", "photo"}, {"照片", "photo"}, {"相片", "photo"},
    {"图片", "photo"},  {"video", "video"},   {"clip", "video"}, {"film", "video"},
    {"视频", "video"},  {"录像", "video"},    {"影片", "video"}, {"audio", "audio"},
    {"sound", "audio"}, {"voice", "audio"},   {"声音", "audio"}, {"录音", "audio"},
    {"音频", "audio"},
};

// One thing asked for.
struct term {
    bool negated, quoted, star;
    enum field field;
    char text[KR_SEARCH_MOST + 1];
};

struct lexer {
    const char *at, *end;
};

static size_t starts(const struct lexer *l, const char *sign)
{
    size_t n = strlen(sign);
    return (size_t)(l->end - l->at) >= n && memcmp(l->at, sign, n) == 0 ? n : 0;
}

static size_t blank(const struct lexer *l)
{
    if (l->at < l->end && (*l->at == ' ' || (*l->at >= '\t' && *l->at <= '\r')))
        return 1;
    return starts(l, "　");
}

static size_t quote(const struct lexer *l)
{
    static const char *const signs[] = {"\"", "“", "”", "「", "」", "＂"};
    size_t n = 0;
    for (size_t i = 0; i < KR_COUNT(signs) && !n; i++)
        n = starts(l, signs[i]);
    return n;
}

static size_t colon(const struct lexer *l)
{
    size_t n = starts(l, ":");
    return n ? n : starts(l, "：");
}

// A word, or what stands between quotes.
static void take_text(struct lexer *l, struct term *term)
{
    size_t n = 0, quoted = quote(l);
    term->quoted = quoted > 0;
    l->at += quoted;
    while (l->at < l->end && (quoted ? !quote(l) : !blank(l)))
        term->text[n++] = *l->at++;
    term->text[n] = 0;
    if (quoted)
        l->at += quote(l);
    term->star = !quoted && n > 1 && term->text[n - 1] == '*';
}

static bool take_field(struct lexer *l, struct term *term)
{
    for (size_t i = 0; i < KR_COUNT(fields); i++) {
        struct lexer ahead = *l;
        size_t n = strlen(fields[i].name);
        if ((size_t)(l->end - l->at) < n || strncasecmp(l->at, fields[i].name, n) != 0)
            continue;
        ahead.at += n;
        if (!colon(&ahead))
            continue;
        ahead.at += colon(&ahead);
        if (fields[i].field < FIELD_UNDATED && (ahead.at == ahead.end || blank(&ahead)))
            continue; // "place:" alone is a word
        *l = ahead;
        term->field = fields[i].field;
        return true;
    }
    return false;
}

static bool take_term(struct lexer *l, struct term *term)
{
    term->negated = term->quoted = term->star = false;
    term->field = FIELD_NONE;
    term->text[0] = 0;
    while (l->at < l->end && blank(l))
        l->at += blank(l);
    if (l->at == l->end)
        return false;
    if (starts(l, "-") || starts(l, "－")) {
        l->at += starts(l, "-") + starts(l, "－");
        term->negated = true;
    }
    if (take_field(l, term) && term->field >= FIELD_UNDATED)
        return true;
    take_text(l, term);
    return true;
}

// One phrase in double quotes. Tokens hold letters and digits alone, so nothing of FTS's
// own language can stand in it.
static void add_phrase(struct kr_buf *out, const char *tokens, bool open_end)
{
    kr_buf_text(out, "\"");
    kr_buf_text(out, tokens);
    kr_buf_text(out, open_end ? "\" *" : "\"");
}

// The letters of one Latin word, without apostrophes (xi'an); false for anything else.
static bool latin_word(const char *text, char *out, size_t room)
{
    KR_AUTO(kr_buf_finish) struct kr_buf folded = {0};
    size_t n = 0;
    kr_search_tokens(&folded, "", text);
    for (size_t i = 0; i < folded.n; i++) {
        char c = folded.at[i];
        if (c == ' ' && strpbrk(text, "'"))
            continue;
        if (c < 'a' || c > 'z' || n + 1 >= room)
            return false;
        out[n++] = c;
    }
    out[n] = 0;
    return n > 0;
}

// The words of a term, and how else they may be heard. False without any.
static bool add_words(struct kr_arena *mem, struct kr_buf *out, const struct term *term)
{
    KR_AUTO(kr_buf_finish) struct kr_buf tokens = {0};
    const char *prefix = term->field == FIELD_PERSON  ? KR_TOKEN_PERSON
                         : term->field == FIELD_PLACE ? KR_TOKEN_PLACE
                                                      : "";
    const char *sounds[READINGS];
    char word[64];
    bool open_end;
    size_t n = 0;
    if (!kr_search_phrase(&tokens, prefix, term->text, &open_end))
        return false;
    if (!term->quoted && !term->star && latin_word(term->text, word, sizeof word))
        n = kr_search_sounds(mem, prefix, word, sounds, READINGS);
    kr_buf_text(out, n ? "(" : "");
    add_phrase(out, tokens.at, open_end || term->star);
    for (size_t i = 0; i < n; i++) {
        kr_buf_text(out, " OR ");
        add_phrase(out, sounds[i], false);
    }
    kr_buf_text(out, n ? ")" : "");
    return true;
}

static const char *kind_of(const char *text)
{
    for (size_t i = 0; i < KR_COUNT(types); i++)
        if (strcasecmp(text, types[i].name) == 0)
            return types[i].kind;
    return NULL;
}

// Whether the term is a bound, which it then has set.
static bool bound(const struct term *term, struct kr_search *out)
{
    struct kr_edtf date;
    const char *kind;
    if (term->negated)
        return false;
    if (term->field == FIELD_UNDATED)
        return out->undated = true;
    if (term->field == FIELD_HIDDEN)
        return out->hidden = true;
    if (term->field == FIELD_TYPE && (kind = kind_of(term->text))) {
        out->kind = kind;
        return true;
    }
    if (term->field != FIELD_YEAR || !kr_edtf_from_phrase(term->text, &date, NULL))
        return false;
    out->from = date.from;
    out->to = date.to;
    return true;
}

void kr_search_parse(struct kr_arena *mem, const char *question, struct kr_search *out)
{
    KR_AUTO(kr_buf_finish) struct kr_buf wanted = {0};
    KR_AUTO(kr_buf_finish) struct kr_buf unwanted = {0};
    struct lexer l = {question, question + strnlen(question, KR_SEARCH_MOST)};
    struct term term;
    out->match = "";
    out->kind = NULL;
    out->from = 1;
    out->to = 0;
    out->undated = out->hidden = false;
    for (int i = 0; i < KR_SEARCH_TERMS && take_term(&l, &term); i++) {
        KR_AUTO(kr_buf_finish) struct kr_buf words = {0};
        if (bound(&term, out) || !add_words(mem, &words, &term))
            continue;
        struct kr_buf *to = term.negated ? &unwanted : &wanted;
        if (to->n)
            kr_buf_text(to, term.negated ? " OR " : " AND ");
        kr_buf_add(to, words.at, words.n);
    }
    if (!wanted.n && unwanted.n) // what is not there must be taken from something
        kr_buf_text(&wanted, "\"" KR_TOKEN_ALL "\"");
    if (wanted.n && unwanted.n)
        out->match = kr_arena_format(mem, "(%s) NOT (%s)", wanted.at, unwanted.at);
    else if (wanted.n)
        out->match = kr_arena_copy(mem, wanted.at, wanted.n);
}
