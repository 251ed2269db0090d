// SPDX-License-Identifier: AGPL-3.0-or-later
// refs_priv.h: the blobs that claims speak of; for check and backup.
#pragma once
#include "store/store.h"

struct kr_refs {
    size_t n;
    struct kr_blob_id *at; // sorted, each once
};
// Reads every "kept" claim of the database.
KR_CHECK bool kr_refs_read(struct kr_store *store, struct kr_refs *out, struct kr_err *err);
bool kr_refs_has(const struct kr_refs *refs, const struct kr_blob_id *id);
void kr_refs_finish(struct kr_refs *refs); // for KR_AUTO; {0} is fine
