// SPDX-License-Identifier: AGPL-3.0-or-later
// A worker that sets letters inside the seal and hands their pixels out.
#include "base/file.h"
#include "media/lettering.h"
#include "media/start.h"
#include "wall/worker.h"

static bool letters(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    const struct kr_lettering lettering = {
        .text = kr_json_str(call->args, "text", ""),
        .lang = kr_json_str(call->args, "lang", "zh-CN"),
        .serif = kr_json_bool(call->args, "serif", false),
        .bold = kr_json_bool(call->args, "bold", false),
        .size_px = kr_json_real(call->args, "size", 40),
        .width_px = 900,
        .colour = 0xFFFFFF,
    };
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    if (!kr_lettering_set(&lettering, &frame, err))
        return false;
    for (int y = 0; y < frame->height; y++)
        if (!kr_write_all(call->fds[0], frame->plane[0] + y * frame->stride[0],
                          (size_t)frame->width * 4, err))
            return false;
    *answer = kr_json_new_object();
    kr_json_set_int(*answer, "width", frame->width);
    kr_json_set_int(*answer, "height", frame->height);
    return true;
}

static const struct kr_task tasks[] = {{"letters", "args to RGBA pixels in fd 0", 1, letters}};

int main(void)
{
    return kr_worker_run(3, tasks, KR_COUNT(tasks), kr_media_start);
}
