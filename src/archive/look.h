// SPDX-License-Identifier: AGPL-3.0-or-later
// look.h: asks behind the wall what a kept file is, and keeps its thumbnails.
#pragma once
#include "store/cache.h"
#include "wall/wall.h"

// *answer is that of the task `look` (media/look.h), the caller's to drop. A file
// that cannot be decoded gives {"damaged": reason}; fails only where the wall or
// the archive does.
KR_CHECK bool kr_look_at_blob(struct kr_store *store, struct kr_wall *wall,
                              const struct kr_blob_id *blob, const char *kind, const char *mime,
                              const char *ending, json_t **answer, struct kr_err *err);
