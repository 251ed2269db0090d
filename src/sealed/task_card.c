// SPDX-License-Identifier: AGPL-3.0-or-later
// card: fds [picture, out]; args {"question", "lang", "hint", "code", "region": [x, y, w, h],
// "qr_size", "qr_dark"} as media/askcard.h tells; answer {"width", "height"}. A JPEG.
#include "media/askcard.h"
#include "media/picture.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"

bool kr_task_card(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *picture = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *card = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    struct kr_picture_save_params save = KR_PICTURE_SAVE_DEFAULTS;
    const json_t *args = call->args, *region = kr_json_get(args, "region");
    struct kr_ask_card about = {.question = kr_json_str(args, "question", ""),
                                .lang = kr_json_str(args, "lang", "en"),
                                .hint = kr_json_str(args, "hint", ""),
                                .code = kr_json_str(args, "code", ""),
                                .qr_size = (int)kr_json_int(args, "qr_size", 0),
                                .qr_dark = kr_json_str(args, "qr_dark", "")};
    for (size_t i = 0; i < 4; i++)
        about.region[i] = json_number_value(json_array_get(region, i));
    params.fit = 2048;
    if (!kr_begin_input(call->fds[0], err) ||
        !kr_picture_load(call->fds[0], &params, &picture, err) ||
        !kr_ask_card_draw(picture, &about, &card, err) || !kr_begin_output(call->fds[1], err) ||
        !kr_picture_save(card, call->fds[1], &save, err))
        return false;
    *answer = kr_json_new_object();
    kr_json_set_int(*answer, "width", card->width);
    kr_json_set_int(*answer, "height", card->height);
    return true;
}
