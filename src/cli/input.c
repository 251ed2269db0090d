// SPDX-License-Identifier: AGPL-3.0-or-later
// What a command reads: a file, or an item of the archive.
#include "cli/cli.h"

#include "archive/may.h"
#include "store/items.h"
#include <fcntl.h>

bool kr_cli_input(struct kr_cli *cli, const char *in, int *out)
{
    struct kr_uuid id;
    int fd = open(in, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        *out = fd;
        return true;
    }
    if (!kr_uuid_parse(in, &id))
        return kr_fail_errno(&cli->err, "open '%s'", in);
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_item item;
    return kr_cli_store(cli, KR_STORE_READ, &store) &&
           kr_item_may_get(store, cli->mem, in, &KR_VIEW_HOME, &item, &cli->err) &&
           kr_blobs_read(store->blobs, &item.blob, out, &cli->err);
}
