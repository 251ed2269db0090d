// SPDX-License-Identifier: AGPL-3.0-or-later
// albums.h: albums: pictures that belong together, in an order somebody gave them.
//
// An album is a subject of claims: its title, and the order of what is in it. That an
// item is in an album is said of the item (archive/batch.h puts and takes many at once).
// Each call that says something is an act (archive/batch.h), so that it can be undone.

#pragma once
#include "base/json.h"
#include "store/albums.h"

enum { KR_ALBUM_TITLE_MOST = 200, KR_ALBUM_ORDER_MOST = 20000 };

// A new album; tells its id in *out. KR_E_INVALID for a title that is none.
KR_CHECK bool kr_album_add(struct kr_store *store, const char *title, const char *who,
                           char out[static KR_UUID_TEXT], struct kr_err *err);
KR_CHECK bool kr_album_rename(struct kr_store *store, const char *album, const char *title,
                              const char *who, struct kr_err *err);
// The order of what is in it; what is not named comes after, as it stood. KR_E_INVALID for what
// is no list of ids.
KR_CHECK bool kr_album_arrange(struct kr_store *store, const char *album, const json_t *order,
                               const char *who, struct kr_err *err);
// Takes the album away, not what is in it; tells the act that can be undone.
KR_CHECK bool kr_album_end(struct kr_store *store, const char *album, const char *who,
                           char act[static KR_UUID_TEXT], struct kr_err *err);

// One album by id, or by a title that only one has: KR_E_NOT_FOUND, or KR_E_INVALID where
// several have it.
KR_CHECK bool kr_album_named(struct kr_store *store, struct kr_arena *mem, const char *id_or_title,
                             struct kr_album *out, struct kr_err *err);

// Makes the rows of an album from its claims, inside the caller's transaction; one without
// a title has none.
KR_CHECK bool kr_album_refresh(struct kr_store *store, const char *album, struct kr_err *err);
KR_CHECK bool kr_albums_rebuild(struct kr_store *store, struct kr_err *err);
