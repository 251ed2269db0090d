// SPDX-License-Identifier: AGPL-3.0-or-later
// The whole look at a stranger's file: sniffing, metadata, decoding, thumbnails.
#include "media/look.h"
#include "base/file.h"
#include "media/start.h"
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_err err = {0};
    int fds[1 + KR_THUMBS] = {-1, -1, -1, -1};
    json_t *answer = NULL;
    if (size > 1 << 20 || !kr_media_start(&err))
        return 0;
    bool ready = true;
    for (int i = 0; i <= KR_THUMBS; i++)
        ready = kr_memory_file("fuzz", &fds[i], &err) && ready;
    if (ready && kr_write_all(fds[0], data, size, &err) &&
        kr_look(fds[0], "", "", size % 2 ? "nef" : "", fds + 1, &answer, &err))
        kr_json_drop(&answer);
    for (int i = 0; i <= KR_THUMBS; i++)
        kr_fd_close(&fds[i]);
    return 0;
}
