// SPDX-License-Identifier: AGPL-3.0-or-later
// look: fds [in, thumb256, thumb1024, thumb2048]; args {"kind", "mime", "name_hint"}:
// what the asker thinks it is, the last being a file's ending in lower case;
// answer and thumbnails as media/look.h tells.
#include "media/look.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"

bool kr_task_look(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    const int *thumbs = call->fds + 1;
    for (int i = 0; i < KR_THUMBS; i++)
        if (!kr_begin_output(thumbs[i], err))
            return false;
    return kr_begin_input(call->fds[0], err) &&
           kr_look(call->fds[0], kr_json_str(call->args, "kind", ""),
                   kr_json_str(call->args, "mime", ""), kr_json_str(call->args, "name_hint", ""),
                   thumbs, answer, err);
}
