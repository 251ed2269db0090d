// SPDX-License-Identifier: AGPL-3.0-or-later
// Apple's maker note: "Apple iOS\0", a version, "MM" or "II", then a TIFF
// directory whose offsets count from the note's first byte. Two of its tags
// matter: what a Live Photo's halves share, and what a burst shares.
#include "media/meta_priv.h"

enum { HEAD = 14, ENTRY = 12, TAG_BURST = 0x000B, TAG_CONTENT = 0x0011, TYPE_TEXT = 2 };

struct note {
    struct kr_str bytes;
    bool little;
};

static uint32_t read_at(const struct note *note, size_t at, int n)
{
    const uint8_t *b = (const uint8_t *)note->bytes.at + at;
    uint32_t value = 0;
    for (int i = 0; i < n; i++)
        value |= (uint32_t)b[i] << 8 * (note->little ? i : n - 1 - i);
    return value;
}

static void take(struct kr_meta *meta, const struct note *note, size_t entry)
{
    uint32_t tag = read_at(note, entry, 2), type = read_at(note, entry + 2, 2);
    uint32_t n = read_at(note, entry + 4, 4), at = read_at(note, entry + 8, 4);
    const char *name = tag == TAG_CONTENT ? "content_id" : tag == TAG_BURST ? "burst_id" : NULL;
    if (!name || type != TYPE_TEXT || n < 5 || n > 200)
        return;
    if (at <= note->bytes.n && n <= note->bytes.n - at)
        kr_meta_text(meta, name, (struct kr_str){note->bytes.at + at, n}, 200);
}

void kr_meta_apple(struct kr_meta *meta, struct kr_str bytes)
{
    if (bytes.n < HEAD + 2 || memcmp(bytes.at, "Apple iOS\0", 10) != 0)
        return;
    struct note note = {bytes, memcmp(bytes.at + 12, "II", 2) == 0};
    uint32_t count = read_at(&note, HEAD, 2);
    for (uint32_t i = 0; i < count && i < 500; i++) {
        size_t entry = HEAD + 2 + (size_t)i * ENTRY;
        if (entry + ENTRY > bytes.n)
            return;
        take(meta, &note, entry);
    }
}
