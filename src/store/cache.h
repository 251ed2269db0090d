// SPDX-License-Identifier: AGPL-3.0-or-later
// cache.h: what can be made again: thumbnails, renditions, films.
//
// Files in cache/, written like everything else (whole or not at all) but not
// waited for: after a power cut a thumbnail may be missing, never half.

#pragma once
#include "base/json.h"
#include "store/store.h"

enum kr_thumb { KR_THUMB_256, KR_THUMB_1024, KR_THUMB_2048, KR_THUMB_COUNT };
extern const int kr_thumb_px[KR_THUMB_COUNT]; // 256, 1024, 2048

// Takes the bytes of fd (from 0) as a thumbnail of the blob.
KR_CHECK bool kr_cache_put_thumb(struct kr_store *store, const struct kr_blob_id *blob,
                                 enum kr_thumb size, int fd, struct kr_err *err);
// A descriptor and its length; KR_E_NOT_FOUND when it must be made first.
KR_CHECK bool kr_cache_thumb(struct kr_store *store, const struct kr_blob_id *blob,
                             enum kr_thumb size, int *fd, uint64_t *length, struct kr_err *err);
void kr_cache_drop_thumbs(struct kr_store *store, const struct kr_blob_id *blob);

// A rendition or film: a row and a file in cache/renditions/ID.ENDING.
struct kr_rendition {
    char id[KR_UUID_TEXT];
    char subject[KR_UUID_TEXT]; // the item, or the story of a film
    const char *kind;           // "restore", "kit", "proxy", "small", "film", "captions", "poster"
    const char *mime, *ending;
    const json_t *recipe; // steps with parameters and versions; of a film its answer
    int64_t at_ms, size;
};
// Begins the file (kr_newfile on the archive's folder); publishing it names it and adds the row.
KR_CHECK bool kr_rendition_keep(struct kr_store *store, struct kr_rendition *rendition, int fd,
                                struct kr_err *err); // fills id, at_ms and size
KR_CHECK bool kr_rendition_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                               struct kr_rendition *out, struct kr_err *err);
KR_CHECK bool kr_rendition_open(struct kr_store *store, const struct kr_rendition *rendition,
                                int *fd, struct kr_err *err);
KR_CHECK bool kr_renditions_of(struct kr_store *store, struct kr_arena *mem, const char *subject,
                               struct kr_rendition **out, size_t *n, struct kr_err *err);
// All of one kind, newest first.
KR_CHECK bool kr_renditions_kind(struct kr_store *store, struct kr_arena *mem, const char *kind,
                                 struct kr_rendition **out, size_t *n, struct kr_err *err);
KR_CHECK bool kr_renditions_drop(struct kr_store *store, const char *subject, struct kr_err *err);
