// SPDX-License-Identifier: AGPL-3.0-or-later
// sidecar: fds [in], an XMP side-car; answer {"meta": {…}} as media/meta.h tells.
#include "base/file.h"
#include "media/meta.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"

enum { SIDECAR_MOST = 16 << 20 };

bool kr_task_sidecar(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    struct kr_str text;
    json_t *meta = NULL;
    if (!kr_begin_input(call->fds[0], err) ||
        !kr_read_all(call->mem, call->fds[0], SIDECAR_MOST, &text, err) ||
        !kr_meta_of_sidecar(text, &meta, err))
        return kr_within(err, "side-car");
    *answer = kr_json_new_object();
    kr_json_set_take(*answer, "meta", meta);
    return true;
}
