// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/cues.h"

#include "media/samples.h"
#include <assert.h>

// One character of valid UTF-8: how many bytes, and which.
static size_t letter_at(const char *text, uint32_t *letter)
{
    const unsigned char *at = (const unsigned char *)text;
    if (at[0] < 0x80) {
        *letter = at[0];
        return 1;
    }
    size_t n = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    uint32_t value = at[0] & (0xff >> (n + 1));
    for (size_t i = 1; i < n; i++)
        value = value << 6 | (at[i] & 0x3f);
    *letter = value;
    return n;
}

static bool is_wide(uint32_t letter)
{
    return letter >= 0x2e80 && letter != 0xfeff; // CJK and its punctuation, and emoji
}

// How good a place for a break lies after this letter: 0 none.
static int break_after(uint32_t letter, uint32_t next)
{
    bool ends_word = next == ' ' || next == '\n' || next == 0;
    switch (letter) {
    case '\n':
        return 4;
    case 0x3002: // 。
    case 0xff01: // ！
    case 0xff1f: // ？
    case 0x2026: // …
        return next == 0x201d || next == 0x2019 || next == letter ? 0 : 3;
    case '.':
    case '!':
    case '?':
        return ends_word ? 3 : 0;
    case 0xff0c: // ，
    case 0xff1b: // ；
    case 0xff1a: // ：
    case 0x3001: // 、
        return 2;
    case ',':
    case ';':
    case ':':
        return ends_word ? 2 : 0;
    case ' ':
        return 1;
    default:
        break;
    }
    // Between Chinese characters, but not before punctuation that must not begin a line.
    return is_wide(letter) && is_wide(next) && (next < 0x3000 || next > 0x303f) && next < 0xff00
               ? 1
               : 0;
}

struct page {
    const char *at;
    size_t n;
};

// The best page at the start of a text: all of it where it fits, else up to the
// end of a sentence, a part of one, or a word, not far from the mean length.
static size_t page_length(const char *text, int width, int mean)
{
    static const double worth[] = {0, 0, 0.3, 0.9, 1.2}; // of each kind of break
    size_t best = 0, n = 0;
    double best_score = -1e9;
    for (int used = 0; text[n];) {
        uint32_t letter = 0, next = 0;
        size_t bytes = letter_at(text + n, &letter);
        used += is_wide(letter) ? 2 : 1;
        if (used > width)
            return best ? best : n ? n : bytes;
        n += bytes;
        if (text[n])
            letter_at(text + n, &next);
        int kind = break_after(letter, next);
        double off = (double)(used > mean ? used - mean : mean - used) / mean;
        if (kind > 0 && worth[kind] - off >= best_score) {
            best = n;
            best_score = worth[kind] - off;
        }
    }
    return n;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t';
}

static struct page trimmed(struct page page)
{
    while (page.n > 0 && is_space(page.at[0])) {
        page.at++;
        page.n--;
    }
    while (page.n > 0 && is_space(page.at[page.n - 1]))
        page.n--;
    return page;
}

bool kr_pages_of(struct kr_arena *mem, const char *text, int width, const char ***pages,
                 size_t *count, struct kr_err *err)
{
    struct page *found = kr_arena_array(mem, struct page, KR_PAGES_MOST);
    size_t n = 0;
    // Pages of much the same length read better than full ones and a last word alone.
    int whole = kr_text_width(text), mean = whole / ((whole + width - 1) / width + !whole) + 1;
    while (*text) {
        size_t length = page_length(text, width, mean);
        struct page page = trimmed((struct page){text, length});
        text += length;
        if (page.n == 0)
            continue;
        if (n == KR_PAGES_MOST)
            return kr_fail(err, KR_E_TOO_BIG, "more than %d pages of words", KR_PAGES_MOST);
        found[n++] = page;
    }
    *pages = kr_arena_array(mem, const char *, n);
    for (size_t i = 0; i < n; i++)
        (*pages)[i] = kr_arena_copy(mem, found[i].at, found[i].n);
    *count = n;
    return true;
}

int kr_text_width(const char *text)
{
    int width = 0;
    uint32_t letter = 0;
    for (; *text && width < 1 << 24; width += is_wide(letter) ? 2 : 1)
        text += letter_at(text, &letter);
    return width;
}

// How long a text takes to read, in no particular unit; never 0.
static int reading_weight(const char *text)
{
    int weight = 8; // to find the place to read
    for (uint32_t letter = 0; *text; text += letter_at(text, &letter))
        if (weight < 1 << 24)
            weight += (unsigned char)*text >= 0xe3 ? 4 : 1;
    return weight;
}

// What is gathered; room is known from the pages.
struct gathering {
    struct kr_arena *mem;
    struct kr_cue *cues;
    size_t count, room;
};

static void add_cue(struct gathering *all, struct kr_cue cue)
{
    if (cue.to <= cue.from)
        return;
    if (all->count == all->room) {
        size_t room = all->room ? 2 * all->room : 64;
        struct kr_cue *more = kr_arena_array(all->mem, struct kr_cue, room);
        if (all->count)
            memcpy(more, all->cues, all->count * sizeof *more);
        all->cues = more;
        all->room = room;
    }
    all->cues[all->count++] = cue;
}

// Spreads the pages of some texts over [from, to), each by its weight.
static bool spread(struct gathering *all, const struct kr_cue *models, size_t model_count,
                   int64_t from, int64_t to, struct kr_err *err)
{
    const char **pages[2];
    size_t counts[2] = {0};
    int64_t weight = 0, before = 0;
    for (size_t m = 0; m < model_count; m++) {
        int width = models[m].kind == KR_CUE_CARD ? KR_CARD_WIDTH : KR_PAGE_WIDTH;
        if (!kr_pages_of(all->mem, models[m].text, width, &pages[m], &counts[m], err))
            return false;
        for (size_t i = 0; i < counts[m]; i++)
            weight += reading_weight(pages[m][i]);
    }
    for (size_t m = 0; m < model_count; m++)
        for (size_t i = 0; i < counts[m]; i++) {
            struct kr_cue cue = models[m];
            cue.text = pages[m][i];
            assert(weight > 0); // each page has its own above
            cue.from = from + (to - from) * before / weight;
            before += reading_weight(cue.text);
            cue.to = from + (to - from) * before / weight;
            add_cue(all, cue);
        }
    return true;
}

static bool cues_of_shot(struct gathering *all, const struct kr_shot *shot, size_t index,
                         const struct kr_span *span, int fps, struct kr_err *err)
{
    struct kr_cue models[2];
    size_t n = 0;
    if (shot->kind == KR_SHOT_TEXT)
        models[n++] = (struct kr_cue){.kind = KR_CUE_CARD, .text = shot->text, .shot = index};
    else if (shot->kind == KR_SHOT_MEDIA && (shot->caption || shot->small))
        models[n++] = (struct kr_cue){.kind = KR_CUE_CAPTION,
                                      .text = shot->caption ? shot->caption : shot->small,
                                      .small = shot->caption ? shot->small : NULL,
                                      .shot = index};
    if (shot->narration_text && shot->narration < 0)
        models[n++] =
            (struct kr_cue){.kind = KR_CUE_TOLD, .text = shot->narration_text, .shot = index};
    // A card shows its words from start to end; told words beside it overlap nothing there.
    if (n == 2 && models[0].kind == KR_CUE_CARD) {
        if (!spread(all, models, 1, span->start, span->end, err) ||
            !spread(all, models + 1, 1, span->start, span->end, err))
            return false;
    } else if (n > 0 && !spread(all, models, n, span->start, span->end, err)) {
        return false;
    }
    if (!shot->narration_text || span->voice_end <= span->voice_at)
        return true;
    struct kr_cue voice = {.kind = KR_CUE_VOICE, .text = shot->narration_text, .shot = index};
    return spread(all, &voice, 1, span->voice_at * fps / KR_RATE, span->voice_end * fps / KR_RATE,
                  err);
}

static int by_beginning(const void *one, const void *other)
{
    const struct kr_cue *a = one, *b = other;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->shot != b->shot)
        return a->shot < b->shot ? -1 : 1;
    return (int)a->kind - (int)b->kind;
}

bool kr_cues_make(struct kr_arena *mem, const struct kr_shot_list *list,
                  const struct kr_timeline *line, struct kr_cues *out, struct kr_err *err)
{
    struct gathering all = {.mem = mem};
    for (size_t i = 0; i < list->shot_count; i++)
        if (!cues_of_shot(&all, &list->shots[i], i, &line->spans[i], line->fps, err))
            return kr_within(err, "shot %zu", i + 1);
    if (all.count)
        qsort(all.cues, all.count, sizeof *all.cues, by_beginning);
    *out = (struct kr_cues){all.cues, all.count};
    return true;
}
