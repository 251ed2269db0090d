// SPDX-License-Identifier: AGPL-3.0-or-later
// film: fds [out, captions, poster, media...]; args the shot list, whose media
// numbers count from the fourth descriptor; answer and files as film/film.h
// tells; progress.
#include "film/film.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"

enum { OUT, CAPTIONS, POSTER, MEDIA };

static bool tell(void *context, double done)
{
    return kr_task_progress(context, done);
}

bool kr_task_film(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    for (int i = OUT; i < MEDIA; i++)
        if (!kr_begin_output(call->fds[i], err))
            return false;
    return kr_film_compile(call->args, call->fds + MEDIA, call->fd_count - MEDIA, call->fds[OUT],
                           call->fds[CAPTIONS], call->fds[POSTER], tell, call, answer, err);
}
