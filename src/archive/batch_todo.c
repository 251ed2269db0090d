// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/albums.h"
#include "archive/batch_priv.h"
#include "archive/dateshift.h"
#include "archive/heard.h"
#include "archive/may.h"
#include "archive/persons.h"
#include "archive/shown.h"
#include <string.h>

enum { WHOM_MOST = 1024 };

static bool add(struct kr_todo *todo, const struct kr_step *step, struct kr_err *err)
{
    if (todo->n == KR_BATCH_STEPS)
        return kr_fail(err, KR_E_INVALID, "more than %d things at once", KR_BATCH_STEPS);
    todo->steps[todo->n++] = *step;
    return true;
}

static bool read_say(struct kr_arena *mem, const char *predicate, const json_t *value,
                     struct kr_todo *todo, struct kr_err *err)
{
    const struct kr_step step = {.kind = KR_STEP_SAY, .predicate = predicate, .value = value};
    (void)mem;
    return add(todo, &step, err);
}

static bool read_member(struct kr_arena *mem, const char *predicate, const json_t *value,
                        struct kr_todo *todo, struct kr_err *err)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    struct kr_step step = {.kind = KR_STEP_MEMBER, .predicate = predicate};
    step.whom = kr_text_in(mem, kr_str_of(text));
    step.back = step.whom[0] == '-';
    step.whom += step.back;
    if (!*step.whom || strlen(step.whom) > WHOM_MOST)
        return kr_fail(err, KR_E_INVALID, "an id or a name is wanted");
    return add(todo, &step, err);
}

static bool read_state(struct kr_arena *mem, const char *predicate, const json_t *value,
                       struct kr_todo *todo, struct kr_err *err)
{
    const struct kr_step step = {.kind = KR_STEP_STATE, .predicate = predicate, .value = value};
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    struct kr_step said = step;
    (void)mem;
    if (!strcmp(text, "yes") || !strcmp(text, "true"))
        said.value = kr_json_lend(mem, json_true());
    else if (!strcmp(text, "no") || !strcmp(text, "false"))
        said.value = kr_json_lend(mem, json_false());
    else if (!json_is_boolean(value))
        return kr_fail(err, KR_E_INVALID, "yes or no is wanted");
    return add(todo, &said, err);
}

static bool read_beside(const json_t *value, struct kr_step *step, struct kr_err *err)
{
    const json_t *said = kr_json_get(value, "step");
    int64_t beside = kr_json_int(value, "step", 0);
    if (said && beside != 1 && beside != -1)
        return kr_fail(err, KR_E_INVALID, "a step is -1, a little earlier, or 1, a little later");
    step->beside = (int)beside;
    return true;
}

static bool read_date(struct kr_arena *mem, const char *predicate, const json_t *value,
                      struct kr_todo *todo, struct kr_err *err)
{
    const char *like = kr_json_str(value, "like", NULL), *shift = kr_json_str(value, "shift", NULL);
    struct kr_step step = {.predicate = predicate, .whom = like};
    struct kr_uuid id;
    if (!like && !shift && !kr_json_get(value, "step"))
        return read_say(mem, predicate, value, todo, err);
    step.kind = like ? KR_STEP_LIKE : KR_STEP_MOVE;
    if (like && !kr_uuid_parse(like, &id))
        return kr_fail(err, KR_E_INVALID, "the id of an item is wanted");
    if (shift && (like || kr_json_get(value, "step")))
        return kr_fail(err, KR_E_INVALID, "a date is moved in one way at a time");
    return (!shift || kr_shift_parse(shift, &step.shift, err)) && read_beside(value, &step, err) &&
           add(todo, &step, err);
}

// Sorted; what an act can do, and how it is read. `said_as` is the predicate of its claims.
static const struct {
    const char *name, *said_as;
    bool (*read)(struct kr_arena *mem, const char *predicate, const json_t *value,
                 struct kr_todo *todo, struct kr_err *err);
    bool many; // takes a list too
} members[] = {
    {"album", "album", read_member, true},   {"caption", "caption", read_say, false},
    {"date", "date", read_date, false},      {"favourite", "favourite", read_state, false},
    {"hidden", "hidden", read_state, false}, {"keyword", "keyword", read_say, true},
    {"person", "person", read_say, true},    {"persons", "in_picture", read_member, true},
    {"place", "place", read_say, false},     {"rating", "rating", read_say, false},
    {"title", "title", read_say, false},     {"trashed", "trashed", read_state, false},
};

static bool read_one(struct kr_arena *mem, const char *name, const json_t *value,
                     struct kr_todo *todo, struct kr_err *err)
{
    for (size_t i = 0; i < KR_COUNT(members); i++) {
        if (strcmp(members[i].name, name) != 0)
            continue;
        if (!members[i].many || !json_is_array(value))
            return members[i].read(mem, members[i].said_as, value, todo, err);
        for (size_t k = 0; k < json_array_size(value); k++)
            if (!members[i].read(mem, members[i].said_as, json_array_get(value, k), todo, err))
                return false;
        return true;
    }
    return kr_fail(err, KR_E_INVALID, "nothing called '%.40s' can be done to many items", name);
}

bool kr_todo_read(struct kr_arena *mem, const json_t *todo, struct kr_todo *out, struct kr_err *err)
{
    const char *name;
    json_t *value;
    out->n = 0;
    json_object_foreach((json_t *)(uintptr_t)todo, name, value)
    {
        if (!read_one(mem, name, value, out, err))
            return false;
    }
    return out->n || kr_fail(err, KR_E_INVALID, "nothing is to be done");
}

// That it can be said is proven on an item of which nothing is said yet.
static bool bind_say(struct kr_arena *mem, const struct kr_step *step, struct kr_err *err)
{
    KR_AUTO(kr_saying_drop) struct kr_saying saying = {0};
    const struct kr_claim_list none = {0};
    struct kr_err why = {0};
    if (kr_saying_read(mem, &none, step->predicate, step->value, &saying, &why) ||
        why.code == KR_E_NOT_FOUND) // something to take back, which some item may have
        return true;
    return kr_fail(err, why.code, "%s", why.text);
}

static bool bind_member(struct kr_store *store, struct kr_arena *mem, struct kr_step *step,
                        struct kr_err *err)
{
    bool album = strcmp(step->predicate, "album") == 0;
    struct kr_album found;
    struct kr_person person;
    if (album ? !kr_album_named(store, mem, step->whom, &found, err)
              : !kr_person_named(store, mem, step->whom, &person, err))
        return false;
    step->whom = kr_arena_strdup(mem, album ? found.id : person.id);
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, album ? "album" : "person", step->whom);
    step->value = kr_json_lend(mem, value);
    return true;
}

// The date of another, now: what is said of that one later changes nothing here.
static bool bind_like(struct kr_store *store, struct kr_arena *mem, struct kr_step *step,
                      struct kr_err *err)
{
    struct kr_item like;
    json_t *value = NULL;
    if (!kr_item_may_get(store, mem, step->whom, &KR_VIEW_HOME, &like, err))
        return false;
    if (!*like.date_edtf)
        return kr_fail(err, KR_E_INVALID, "that item has no date");
    if (step->beside && !kr_date_step(like.date_edtf, step->beside, &value, err))
        return false;
    if (!value) {
        value = kr_json_new_object();
        kr_json_set_str(value, "edtf", like.date_edtf);
    }
    kr_json_set_str(value, "like", like.id);
    step->value = kr_json_lend(mem, value);
    return true;
}

bool kr_todo_bind(struct kr_store *store, struct kr_arena *mem, struct kr_todo *todo,
                  struct kr_err *err)
{
    for (size_t i = 0; i < todo->n; i++) {
        struct kr_step *step = &todo->steps[i];
        bool fine = step->kind == KR_STEP_SAY      ? bind_say(mem, step, err)
                    : step->kind == KR_STEP_MEMBER ? bind_member(store, mem, step, err)
                    : step->kind == KR_STEP_LIKE   ? bind_like(store, mem, step, err)
                                                   : true;
        if (!fine)
            return kr_within(err, "%s", step->predicate);
    }
    return true;
}

// The claims that say this very thing and stand.
static size_t standing(struct kr_arena *mem, const struct kr_claim_list *claims,
                       const struct kr_step *step, const char ***ids)
{
    const char *name = strcmp(step->predicate, "album") == 0 ? "album" : "person";
    size_t n = 0;
    *ids = kr_arena_array(mem, const char *, claims->n + 1);
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].predicate, step->predicate) == 0 &&
            strcmp(kr_json_str(claims->at[i].value, name, ""), step->whom) == 0)
            (*ids)[n++] = claims->at[i].id;
    return n;
}

static const char *member_saying(struct kr_arena *mem, const struct kr_step *step,
                                 const struct kr_claim_list *claims, struct kr_saying *out)
{
    const char **ids;
    size_t n = standing(mem, claims, step, &ids);
    if (!step->back && n)
        return "already";
    if (step->back && !n)
        return "nobody_said";
    out->predicate = step->back ? "retract" : step->predicate;
    out->value = step->back ? json_null() : json_deep_copy(step->value);
    out->retracts = ids;
    out->retract_count = step->back ? n : 0;
    return NULL;
}

static const char *move_saying(const struct kr_step *step, const struct kr_claim_list *claims,
                               struct kr_saying *out)
{
    const struct kr_claim *date = kr_shown_claim(claims, "date");
    const char *edtf = date ? kr_json_str(date->value, "edtf", "") : "";
    if (!*edtf)
        return "undated";
    out->predicate = step->predicate;
    bool moved = step->shift ? kr_date_shift(date->value, step->shift, &out->value, NULL)
                             : kr_date_step(edtf, step->beside, &out->value, NULL);
    return moved ? NULL : "too_vague";
}

// One date may be said in several ways.
static bool is_same(const struct kr_saying *saying, const struct kr_claim *claim)
{
    const char *edtf = kr_json_str(saying->value, "edtf", NULL);
    return edtf ? strcmp(edtf, kr_json_str(claim->value, "edtf", "")) == 0
                : json_equal(claim->value, saying->value);
}

// Whether the asker's own word says so already, and counts; of what there may be several of,
// whether anybody's does.
static bool is_said(const struct kr_claim_list *claims, const struct kr_saying *saying,
                    const char *who)
{
    bool many = !strcmp(saying->predicate, "keyword") || !strcmp(saying->predicate, "person");
    const struct kr_claim *counts = many ? NULL : kr_shown_claim(claims, saying->predicate);
    if (!many)
        return counts && strcmp(counts->who, who) == 0 && is_same(saying, counts);
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && kr_is_heard(&claims->at[i]) &&
            strcmp(claims->at[i].predicate, saying->predicate) == 0 &&
            json_equal(claims->at[i].value, saying->value))
            return true;
    return false;
}

static bool say_saying(struct kr_arena *mem, const struct kr_step *step,
                       const struct kr_claim_list *claims, const char *who, struct kr_saying *out,
                       const char **why, struct kr_err *err)
{
    struct kr_err wrong = {0};
    *why = NULL;
    if (kr_saying_read(mem, claims, step->predicate, step->value, out, &wrong)) {
        *why = is_said(claims, out, who) ? "already" : NULL;
        return true;
    }
    *why = "nobody_said";
    return wrong.code == KR_E_NOT_FOUND || kr_fail(err, wrong.code, "%s", wrong.text);
}

bool kr_step_saying(struct kr_arena *mem, const struct kr_step *step,
                    const struct kr_claim_list *claims, const char *who, struct kr_saying *out,
                    const char **why, struct kr_err *err)
{
    switch (step->kind) {
    case KR_STEP_SAY:
        return say_saying(mem, step, claims, who, out, why, err);
    case KR_STEP_MEMBER:
        *why = member_saying(mem, step, claims, out);
        return true;
    case KR_STEP_MOVE:
        *why = move_saying(step, claims, out);
        return true;
    case KR_STEP_STATE: {
        const struct kr_claim *now = kr_shown_claim(claims, step->predicate);
        *why = (now && json_is_true(now->value)) == json_is_true(step->value) ? "already" : NULL;
        break;
    }
    case KR_STEP_LIKE:
        *why = NULL;
        break;
    }
    out->predicate = step->predicate;
    out->value = json_deep_copy(step->value);
    if (step->kind == KR_STEP_LIKE && is_said(claims, out, who))
        *why = "already";
    return true;
}
