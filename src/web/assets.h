// SPDX-License-Identifier: AGPL-3.0-or-later
// assets.h: the browser's half, as tools/embed put it into the program.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kr_asset {
    const char *name, *mime, *etag; // the ETag with its quotes
    const char *plain;
    uint64_t plain_n;
    const char *gzip; // NULL where it would not be smaller
    uint64_t gzip_n;
    const char *brotli;
    uint64_t brotli_n;
};
extern const struct kr_asset kr_assets[]; // sorted by name; ends with a row of zeros
extern const uint64_t kr_assets_count;
bool kr_is_asset(const char *name);
