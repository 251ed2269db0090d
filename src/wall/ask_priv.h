// SPDX-License-Identifier: AGPL-3.0-or-later
// ask_priv.h: one question to one worker, and how it ended.
#pragma once
#include "wall/process_priv.h"

enum kr_outcome {
    KR_ANSWERED,   // well
    KR_DECLINED,   // the worker's own error; it lives
    KR_LOST,       // it died, lied or broke the channel; it is buried
    KR_HUNG,       // out of time; it is ended
    KR_CALLED_OFF, // by the asker; it is ended
};

// *answer is set when KR_ANSWERED, else err.
enum kr_outcome kr_process_ask(struct kr_process *process, const struct kr_question *question,
                               json_t **answer, struct kr_err *err);

// What a message from a worker says. Pure, and believes nothing.
struct kr_saying {
    enum { KR_SAYS_PROGRESS, KR_SAYS_ANSWER, KR_SAYS_ERROR } what;
    double done;    // [0,1]
    json_t *answer; // borrowed from the message
    struct kr_err error;
};
KR_CHECK bool kr_saying_of(const struct kr_message *message, struct kr_saying *out,
                           struct kr_err *err);
