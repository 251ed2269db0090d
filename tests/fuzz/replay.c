// SPDX-License-Identifier: AGPL-3.0-or-later
// Gives each file of the folders named to one fuzz target, and 2,000 inputs of its
// own besides: the seeds with bytes changed, dropped and doubled by a fixed rule.
#include "base/file.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20, CHANGED = 2000 };

static uint32_t next(uint32_t *state) // xorshift (Marsaglia, 2003)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void change(const struct kr_str *seed, uint32_t *state)
{
    KR_AUTO(kr_buf_finish) struct kr_buf buf = {0};
    kr_buf_add(&buf, seed->at, seed->n);
    for (uint32_t i = next(state) % 8 + 1; i > 0 && buf.n > 1; i--) {
        size_t at = next(state) % buf.n;
        switch (next(state) % 3) {
        case 0:
            buf.at[at] = (char)next(state);
            break;
        case 1:
            buf.n = at + 1;
            break;
        default:
            kr_buf_add(&buf, seed->at, at < seed->n ? at : seed->n);
        }
    }
    // An exact copy on the heap, so that a sanitizer sees one byte too far.
    char *exact = kr_alloc(buf.n);
    memcpy(exact, buf.at, buf.n);
    LLVMFuzzerTestOneInput((const uint8_t *)exact, buf.n);
    kr_free(&exact);
}

static int replay_folder(struct kr_arena *mem, const char *folder, struct kr_str *seeds, int n)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct kr_err err;
        struct kr_str text;
        if (entry->d_name[0] == '.')
            continue;
        if (!kr_read_file(mem, dirfd(dir), entry->d_name, MOST, &text, &err))
            continue;
        LLVMFuzzerTestOneInput((const uint8_t *)text.at, text.n);
        if (n < 256)
            seeds[n++] = text;
    }
    if (dir)
        closedir(dir);
    return n;
}

int main(int argc, char **argv)
{
    struct kr_arena *mem = kr_arena_create();
    struct kr_str seeds[256];
    uint32_t state = 20261122;
    int n = 0;
    for (int i = 1; i < argc; i++)
        n = replay_folder(mem, argv[i], seeds, n);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 0; n > 0 && i < CHANGED; i++)
        change(&seeds[i % n], &state);
    printf("%s: %s (%d seeds)\n", n ? "ok" : "not ok", argv[0], n);
    kr_arena_destroy(&mem);
    return n ? 0 : 1;
}
