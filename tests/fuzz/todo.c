// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/batch_priv.h"
#include "archive/dateshift.h"

#include <assert.h>

// Whatever an act is asked to do is read into few steps, or refused with a sentence; and a
// date can be moved by what was read.
static void move(const struct kr_step *step)
{
    KR_AUTO(kr_json_drop)
    json_t *date = json_pack("{s:s,s:s}", "edtf", "1985-06-30", "wall", "1985-06-30T23:59:59");
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    if (kr_date_shift(date, step->shift, &out, NULL))
        assert(*kr_json_str(out, "edtf", ""));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_todo *todo = kr_arena_new(mem, struct kr_todo);
    struct kr_err err = {0};
    int64_t seconds;
    if (kr_shift_parse(kr_arena_copy(mem, data, size), &seconds, NULL))
        assert(seconds);
    if (!kr_json_parse((struct kr_str){(const char *)data, size}, 1 << 16, &body, NULL) ||
        !json_is_object(body))
        return 0;
    if (!kr_todo_read(mem, body, todo, &err)) {
        assert(err.code == KR_E_INVALID && err.text[0]);
        return 0;
    }
    assert(todo->n > 0 && todo->n <= KR_BATCH_STEPS);
    for (size_t i = 0; i < todo->n; i++)
        if (todo->steps[i].shift)
            move(&todo->steps[i]);
    return 0;
}
