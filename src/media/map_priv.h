// SPDX-License-Identifier: AGPL-3.0-or-later
// map.h (inside media only): a file's bytes seen in place, without reading them
// all. A file that shrinks meanwhile kills the process, which the wall catches.
#pragma once
#include "base/text.h"

enum { KR_MAP_MOST = 512 << 20 };

struct kr_map {
    struct kr_str bytes;
};
// KR_E_TOO_BIG beyond KR_MAP_MOST. An empty file gives an empty map.
KR_CHECK bool kr_map_open(int fd, struct kr_map *out, struct kr_err *err);
void kr_map_close(struct kr_map *map);
