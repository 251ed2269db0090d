// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wall/ask_priv.h"

#include "base/clock.h"

enum { PROGRESS_BYTES = 128, CHATTER = 200, CHATTER_PER_S = 20 };

// What kr_wall_ask's caller hears of a task while it goes on.
struct listener {
    const struct kr_question *question;
    double done;
    int64_t began_ms;
    int64_t heard; // progress messages
};

static bool still_wanted(void *context)
{
    const struct listener *listener = context;
    const struct kr_question *question = listener->question;
    return !question->progress || question->progress(question->context, listener->done);
}

static bool read_error(const json_t *error, struct kr_err *out)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *text = kr_json_str(error, "text", NULL);
    const char *name = kr_json_str(error, "code", NULL);
    if (!text || !name)
        return false;
    enum kr_code code = kr_code_named(name);
    if (code == KR_OK) // "none" has a name too, but is no error
        code = KR_E_INTERNAL;
    // It may stand in a log or on a page: control characters do not pass.
    text = kr_text_in(mem, kr_str_of(text));
    kr_fail(out, code, "%s", text[0] ? text : "the worker gave no reason");
    return true;
}

bool kr_saying_of(const struct kr_message *message, struct kr_saying *out, struct kr_err *err)
{
    const json_t *done = kr_json_get(message->body, "done");
    json_t *answer = json_object_get(message->body, "answer");
    const json_t *error = kr_json_get(message->body, "error");
    if (json_object_size(message->body) != 1)
        return kr_fail(err, KR_E_DAMAGED, "the worker's answer is not understood");
    if (json_is_object(answer)) {
        *out = (struct kr_saying){.what = KR_SAYS_ANSWER, .answer = answer};
        return true;
    }
    if (json_is_number(done) && message->bytes <= PROGRESS_BYTES) {
        double value = json_number_value(done);
        *out = (struct kr_saying){.what = KR_SAYS_PROGRESS,
                                  .done = value < 0   ? 0
                                          : value > 1 ? 1
                                                      : value};
        return true;
    }
    *out = (struct kr_saying){.what = KR_SAYS_ERROR};
    return (json_is_object(error) && read_error(error, &out->error)) ||
           kr_fail(err, KR_E_DAMAGED, "the worker's answer is not understood");
}

static bool send_question(struct kr_process *process, const struct kr_question *question,
                          struct kr_patience *patience, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *body = kr_json_new_object();
    kr_json_set_str(body, "task", question->task);
    kr_json_set_take(body, "args",
                     question->args ? json_incref((json_t *)(uintptr_t)question->args)
                                    : kr_json_new_object());
    return kr_channel_send(process->channel, body, question->fds, question->fd_count, patience,
                           err);
}

static enum kr_outcome lost(struct kr_process *process, struct kr_err *err)
{
    kr_process_bury(process, err);
    return KR_LOST;
}

// The channel failed: who is to blame?
static enum kr_outcome outcome_of_failure(struct kr_process *process, struct kr_err *err)
{
    struct kr_err why = *err;
    switch (why.code) {
    case KR_E_TIMEOUT:
        kr_process_end(process);
        return KR_HUNG;
    case KR_E_INTERRUPTED:
        kr_process_end(process);
        return KR_CALLED_OFF;
    case KR_E_IO: // gone: its status says more than the channel
        return lost(process, err);
    default: // it sent what no worker of ours sends
        kr_process_end(process);
        kr_fail(err, KR_E_DAMAGED, "the worker broke the rules: %s", why.text);
        return KR_LOST;
    }
}

// The question could not be put.
static enum kr_outcome outcome_of_silence(struct kr_process *process, struct kr_err *err)
{
    if (err->code == KR_E_TOO_BIG)
        return KR_DECLINED; // nothing was sent
    if (err->code != KR_E_INTERNAL)
        return outcome_of_failure(process, err);
    kr_process_end(process); // half a message is on its way; the fault is the asker's
    return KR_CALLED_OFF;
}

// A worker of ours speaks ten times a second; one that floods us keeps us busy.
static bool is_chatter(struct listener *listener)
{
    int64_t seconds = (kr_monotonic_ms() - listener->began_ms) / 1000;
    return ++listener->heard > CHATTER + CHATTER_PER_S * seconds;
}

// Hears one message. Sets *outcome when it was the last of this question.
static bool hear(struct kr_process *process, struct listener *listener,
                 struct kr_patience *patience, enum kr_outcome *outcome, json_t **answer,
                 struct kr_err *err)
{
    KR_AUTO(kr_message_drop) struct kr_message message = KR_MESSAGE_NONE;
    struct kr_saying saying;
    if (!kr_channel_receive(process->channel, 0, patience, &message, err) ||
        !kr_saying_of(&message, &saying, err)) {
        *outcome = outcome_of_failure(process, err);
        return true;
    }
    if (saying.what == KR_SAYS_PROGRESS) {
        listener->done = saying.done;
        if (!is_chatter(listener))
            return false;
        kr_fail(err, KR_E_DAMAGED, "it reports too often");
        *outcome = outcome_of_failure(process, err);
        return true;
    }
    process->answered++;
    *outcome = saying.what == KR_SAYS_ANSWER ? KR_ANSWERED : KR_DECLINED;
    if (saying.what == KR_SAYS_ANSWER)
        *answer = json_incref(saying.answer);
    else
        *err = saying.error;
    return true;
}

enum kr_outcome kr_process_ask(struct kr_process *process, const struct kr_question *question,
                               json_t **answer, struct kr_err *err)
{
    int timeout_s = question->timeout_s > 0 ? question->timeout_s
                                            : kr_class_of(question->task_class)->timeout_s;
    int64_t now = kr_monotonic_ms();
    struct listener listener = {.question = question, .began_ms = now};
    struct kr_patience patience = {.until_ms = now + (int64_t)timeout_s * 1000,
                                   .still = question->progress ? still_wanted : NULL,
                                   .context = &listener,
                                   .asked_ms = now};
    // A worker that is gone may have left its reason on the channel: it is heard below.
    if (!send_question(process, question, &patience, err) && err->code != KR_E_IO)
        return outcome_of_silence(process, err);
    enum kr_outcome outcome;
    while (!hear(process, &listener, &patience, &outcome, answer, err))
        ;
    return outcome;
}
