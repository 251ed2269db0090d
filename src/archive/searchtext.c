// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/searchtext.h"

#include "archive/searchtable_priv.h"

enum { LETTERS = 96 }; // bytes of one word at most; a longer one is cut in pieces

// The next character of UTF-8; U+FFFD, a separator, for a byte that is none.
static uint32_t next_char(const char **at, const char *end)
{
    const uint8_t *u = (const uint8_t *)*at;
    size_t left = (size_t)(end - *at);
    size_t n = u[0] < 0x80 ? 1 : u[0] < 0xC2 ? 0 : u[0] < 0xE0 ? 2 : u[0] < 0xF0 ? 3 : 4;
    uint32_t c = n == 1 ? u[0] : u[0] & (0xFFU >> (n + 1));
    if (!n || n > left || u[0] > 0xF4) {
        (*at)++;
        return 0xFFFD;
    }
    for (size_t i = 1; i < n; i++) {
        if ((u[i] & 0xC0) != 0x80) {
            (*at)++;
            return 0xFFFD;
        }
        c = c << 6 | (u[i] & 0x3F);
    }
    *at += n;
    return c;
}

static size_t put_char(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static unsigned value_of(uint32_t c)
{
    if (c >= KR_SEARCH_END)
        return KR_CHAR_SEPARATOR;
    return kr_search_values[kr_search_blocks[c / KR_SEARCH_BLOCK]][c % KR_SEARCH_BLOCK];
}

// Tokens on their way out. A run is a word of letters, or a stretch of Han and kana.
struct writer {
    struct kr_buf *out;
    const char *prefix;
    enum { NOTHING, LATIN, EAST } run;
    char word[LETTERS];
    size_t word_n;
    uint32_t last; // of an eastern run
    int length;    // characters of an eastern run so far
    int tokens;
};

static void token(struct writer *w, const char *text, size_t n)
{
    if (w->out->n)
        kr_buf_add(w->out, " ", 1);
    if (*w->prefix)
        kr_buf_text(w->out, w->prefix);
    kr_buf_add(w->out, text, n);
    w->tokens++;
}

static void end_run(struct writer *w)
{
    char one[4];
    if (w->run == LATIN && w->word_n)
        token(w, w->word, w->word_n);
    else if (w->run == EAST)
        token(w, one, put_char(one, w->last));
    w->run = NOTHING;
    w->word_n = 0;
    w->length = 0;
}

static void add_letter(struct writer *w, uint32_t c)
{
    if (w->run != LATIN)
        end_run(w);
    if (w->word_n + 4 > LETTERS) {
        token(w, w->word, w->word_n);
        w->word_n = 0;
    }
    w->run = LATIN;
    w->word_n += put_char(w->word + w->word_n, c);
}

static void add_east(struct writer *w, uint32_t c)
{
    char two[8];
    if (w->run != EAST)
        end_run(w);
    if (w->length) {
        size_t n = put_char(two, w->last);
        n += put_char(two + n, c);
        token(w, two, n);
    }
    w->run = EAST;
    w->last = c;
    w->length++;
}

static void add_folded(struct writer *w, uint32_t c, unsigned class)
{
    switch (class) {
    case KR_CHAR_WORD:
        add_letter(w, c);
        break;
    case KR_CHAR_HAN:
    case KR_CHAR_KANA:
        add_east(w, c);
        break;
    case KR_CHAR_MARK:
        if (w->run == LATIN)
            add_letter(w, c);
        break;
    case KR_CHAR_SKIP:
        break;
    default:
        end_run(w);
    }
}

static void add_char(struct writer *w, uint32_t c)
{
    unsigned value = value_of(c);
    if (value < KR_CHAR_FOLDS) {
        add_folded(w, c, value);
        return;
    }
    const char *at = kr_search_folds + kr_search_fold_at[value - KR_CHAR_FOLDS];
    for (const char *end = at + strlen(at); at < end;) {
        uint32_t folded = next_char(&at, end);
        add_folded(w, folded, value_of(folded));
    }
}

// The end of what is taken of a text, never inside a character.
static const char *end_of(const char *text, size_t most)
{
    size_t n = strnlen(text, most);
    while (n && ((uint8_t)text[n] & 0xC0) == 0x80)
        n--;
    return text + n;
}

static void write_text(struct writer *w, const char *text)
{
    for (const char *end = end_of(text, KR_SEARCH_TEXT_MOST); text < end;)
        add_char(w, next_char(&text, end));
}

void kr_search_tokens(struct kr_buf *out, const char *prefix, const char *text)
{
    struct writer w = {.out = out, .prefix = prefix};
    write_text(&w, text);
    end_run(&w);
}

static bool is_of_word(uint32_t c)
{
    unsigned value = value_of(c);
    if (value < KR_CHAR_FOLDS)
        return value != KR_CHAR_SEPARATOR;
    const char *at = kr_search_folds + kr_search_fold_at[value - KR_CHAR_FOLDS];
    return *at && value_of(next_char(&at, at + strlen(at))) != KR_CHAR_SEPARATOR;
}

bool kr_search_phrase(struct kr_buf *out, const char *prefix, const char *text, bool *open_end)
{
    struct writer w = {.out = out, .prefix = prefix};
    const char *end = end_of(text, KR_SEARCH_TEXT_MOST), *word_end = text;
    for (const char *at = text; at < end;) // signs behind the last word say nothing
        if (is_of_word(next_char(&at, end)))
            word_end = at;
    while (text < word_end)
        add_char(&w, next_char(&text, word_end));
    // The last run has not ended for the asker: 奶奶 is within 奶奶在, 奶 begins 奶奶.
    *open_end = w.run == EAST && w.length == 1;
    if (w.run == EAST && w.length > 1)
        w.run = NOTHING;
    end_run(&w);
    return w.tokens > 0;
}

// How Han sounds -----------------------------------------------------------------

enum { RUN = 256, SOUNDED = 8192 }; // characters of one run; bytes of a text that are sounded

static uint16_t reading_of(uint32_t c, int which)
{
    const uint16_t *readings = kr_search_readings[c - KR_HAN_FIRST];
    return which && readings[1] ? readings[1] : readings[0];
}

// One reading of a run: its syllables, then its pairs of initials.
static void write_reading(struct kr_buf *out, const char *prefix, const uint32_t *run, size_t n,
                          int which)
{
    kr_buf_text(out, " " KR_TOKEN_BREAK);
    for (size_t i = 0; i < n; i++)
        kr_buf_format(out, " %s" KR_TOKEN_SOUND "%s", prefix,
                      kr_search_syllables[reading_of(run[i], which)]);
    for (size_t i = 1; i < n; i++)
        kr_buf_format(out, " %s" KR_TOKEN_INITIALS "%c%c", prefix,
                      kr_search_syllables[reading_of(run[i - 1], which)][0],
                      kr_search_syllables[reading_of(run[i], which)][0]);
}

static void write_sounds(struct kr_buf *out, const char *prefix, const char *text)
{
    uint32_t run[RUN];
    size_t n = 0;
    bool second = false;
    const char *end = end_of(text, SOUNDED);
    for (bool more = true; more;) {
        more = text < end;
        uint32_t c = more ? next_char(&text, end) : 0;
        bool sounds = c >= KR_HAN_FIRST && c <= KR_HAN_LAST && reading_of(c, 0);
        if (sounds && n < RUN) {
            run[n++] = c;
            second = second || kr_search_readings[c - KR_HAN_FIRST][1];
            if (n < RUN)
                continue;
        }
        for (int which = 0; n && which <= (second ? 1 : 0); which++)
            write_reading(out, prefix, run, n, which);
        n = 0;
        second = false;
    }
    kr_buf_text(out, " " KR_TOKEN_BREAK);
}

const char *kr_search_text(struct kr_arena *mem, const struct kr_search_field *fields, size_t n)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_buf_text(&out, KR_TOKEN_ALL);
    for (size_t i = 0; i < n; i++) {
        const char *text = fields[i].text ? fields[i].text : "";
        const char *prefix = fields[i].prefix ? fields[i].prefix : "";
        if (!*text)
            continue;
        kr_search_tokens(&out, "", text);
        kr_buf_text(&out, " " KR_TOKEN_BREAK);
        if (fields[i].sounds)
            write_sounds(&out, "", text);
        if (!*prefix)
            continue;
        kr_search_tokens(&out, prefix, text);
        kr_buf_text(&out, " " KR_TOKEN_BREAK);
        if (fields[i].sounds)
            write_sounds(&out, prefix, text);
    }
    return kr_arena_copy(mem, out.at, out.n);
}

// How a word may be meant ----------------------------------------------------------

enum { PINYIN = 48, SYLLABLE = 6 }; // letters of a word, and of a syllable at most

struct reading {
    struct kr_arena *mem;
    const char *prefix;
    const char **out;
    size_t n, most;
    bool parses[PINYIN + 1]; // whether the word can be cut from here to its end
    char phrase[512];
};

static bool is_syllable(const char *at, size_t n)
{
    for (int i = 1; i < kr_search_syllable_count; i++)
        if (strncmp(kr_search_syllables[i], at, n) == 0 && !kr_search_syllables[i][n])
            return true;
    return false;
}

// From the end on, so that cut() never walks into a dead end.
static void find_parses(struct reading *r, const char *word, size_t length)
{
    r->parses[length] = true;
    for (size_t i = length; i-- > 0;)
        for (size_t n = 1; n <= SYLLABLE && i + n <= length && !r->parses[i]; n++)
            r->parses[i] = r->parses[i + n] && is_syllable(word + i, n);
}

// Every way to cut the rest of a word into syllables, the longer first syllable first.
static void cut(struct reading *r, const char *word, size_t from, size_t used)
{
    const char *rest = word + from;
    size_t left = strlen(rest);
    if (!left && used) {
        r->out[r->n++] = kr_arena_copy(r->mem, r->phrase, used);
        return;
    }
    for (size_t n = left < SYLLABLE ? left : SYLLABLE; n > 0 && r->n < r->most; n--) {
        if (!r->parses[from + n] || !is_syllable(rest, n))
            continue;
        char *at = r->phrase + used;
        size_t room = sizeof r->phrase - used;
        int wrote = snprintf(at, room, "%s%s" KR_TOKEN_SOUND "%.*s", used ? " " : "", r->prefix,
                             (int)n, rest);
        if (wrote < 0 || (size_t)wrote >= room)
            return;
        cut(r, word, from + n, used + (size_t)wrote);
    }
}

// "nn" are initials when each letter begins some syllable.
static void initials(struct reading *r, const char *word)
{
    size_t n = strlen(word), used = 0;
    if (n < 2 || n > 8 || r->n >= r->most || strspn(word, "abcdefghjklmnopqrstwxyz") != n)
        return;
    for (size_t i = 1; i < n; i++)
        used += (size_t)snprintf(r->phrase + used, sizeof r->phrase - used,
                                 "%s%s" KR_TOKEN_INITIALS "%c%c", i > 1 ? " " : "", r->prefix,
                                 word[i - 1], word[i]);
    r->out[r->n++] = kr_arena_copy(r->mem, r->phrase, used);
}

size_t kr_search_sounds(struct kr_arena *mem, const char *prefix, const char *word,
                        const char **out, size_t most)
{
    struct reading r = {.mem = mem, .prefix = prefix, .out = out, .most = most};
    char plain[PINYIN + 1];
    size_t n = strlen(word);
    if (!n || n >= sizeof plain || strspn(word, "abcdefghijklmnopqrstuvwxyz") != n)
        return 0;
    for (size_t i = 0; i <= n; i++) // lv and nv stand for lü and nü, which are kept as lu and nu
        plain[i] =
            word[i] == 'v' && i && (word[i - 1] == 'l' || word[i - 1] == 'n') ? 'u' : word[i];
    initials(&r, word);
    find_parses(&r, plain, n);
    cut(&r, plain, 0, 0);
    return r.n;
}

// Whether a body holds what was asked ------------------------------------------------

const char *kr_search_body(struct kr_arena *mem, const char *text)
{
    const struct kr_search_field field = {text, "", true};
    return kr_arena_format(mem, " %s ", kr_search_text(mem, &field, 1));
}

// Whether the words of a question stand in the tokens of a text, one after the other.
static bool has_phrase(const char *body, const char *phrase, bool open_end, struct kr_arena *mem)
{
    return strstr(body, kr_arena_format(mem, open_end ? " %s" : " %s ", phrase)) != NULL;
}

static bool is_latin(const char *text)
{
    for (; *text; text++)
        if (*text < 'a' || *text > 'z')
            return false;
    return true;
}

bool kr_search_fits(struct kr_arena *mem, const char *body, const char *phrase, bool open_end)
{
    const char *sounds[8];
    if (has_phrase(body, phrase, open_end, mem))
        return true;
    size_t n = is_latin(phrase) ? kr_search_sounds(mem, "", phrase, sounds, KR_COUNT(sounds)) : 0;
    for (size_t i = 0; i < n; i++)
        if (has_phrase(body, sounds[i], false, mem))
            return true;
    return false;
}

const char *kr_search_sort(struct kr_arena *mem, const char *text)
{
    KR_AUTO(kr_buf_finish) struct kr_buf sort = {0};
    const struct kr_search_field field = {text, "", true};
    const char *body = kr_arena_format(mem, " %s ", kr_search_text(mem, &field, 1));
    const char *at = strstr(body, " " KR_TOKEN_SOUND);
    for (; at && kr_starts_with(at, " " KR_TOKEN_SOUND); at += strcspn(at, " ")) {
        at += strlen(" " KR_TOKEN_SOUND);
        kr_buf_format(&sort, "%s%.*s", sort.n ? " " : "", (int)strcspn(at, " "), at);
    }
    if (!sort.n)
        kr_search_tokens(&sort, "", text);
    return kr_arena_copy(mem, sort.at, sort.n);
}
