// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/map_priv.h"

#include <sys/mman.h>
#include <sys/stat.h>

bool kr_map_open(int fd, struct kr_map *out, struct kr_err *err)
{
    struct stat about;
    if (fstat(fd, &about) != 0)
        return kr_fail_errno(err, "ask a file's size");
    if (about.st_size > KR_MAP_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "a file of %jd bytes", (intmax_t)about.st_size);
    *out = (struct kr_map){0};
    if (about.st_size == 0)
        return true;
    void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return kr_fail_errno(err, "map a file");
    out->bytes = (struct kr_str){at, (size_t)about.st_size};
    return true;
}

void kr_map_close(struct kr_map *map)
{
    if (map->bytes.n)
        munmap((void *)(uintptr_t)map->bytes.at, map->bytes.n);
    *map = (struct kr_map){0};
}
