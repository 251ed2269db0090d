// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/refs_priv.h"

#include "store/claims.h"

static bool gather(void *context, const struct kr_claim *claim, struct kr_err *err)
{
    struct kr_buf *ids = context;
    struct kr_blob_id id;
    if (!kr_blob_of_hex(kr_json_str(claim->value, "sha256", ""), &id))
        return kr_fail(err, KR_E_DAMAGED, "claim %jd keeps no blob", (intmax_t)claim->seq);
    kr_buf_add(ids, &id, sizeof id);
    return true;
}

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct kr_blob_id));
}

bool kr_refs_read(struct kr_store *store, struct kr_refs *out, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf ids = {0};
    // A side-car is an original too.
    if (!kr_claims_each(store, "kept", gather, &ids, err) ||
        !kr_claims_every(store, "sidecar", gather, &ids, err))
        return kr_within(err, "list the blobs of claims");
    size_t n = ids.n / sizeof(struct kr_blob_id), kept = 0;
    struct kr_blob_id *all = kr_new_array(struct kr_blob_id, n + 1);
    if (n) {
        memcpy(all, ids.at, ids.n);
        qsort(all, n, sizeof *all, by_id);
    }
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || by_id(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    *out = (struct kr_refs){kept, all};
    return true;
}

bool kr_refs_has(const struct kr_refs *refs, const struct kr_blob_id *id)
{
    return refs->n && bsearch(id, refs->at, refs->n, sizeof *refs->at, by_id);
}

void kr_refs_finish(struct kr_refs *refs)
{
    kr_free(&refs->at);
    refs->n = 0;
}
