// SPDX-License-Identifier: AGPL-3.0-or-later
// Films: those that are made, and the asking for one.
#include "base/uuid.h"
#include "story/make.h"
#include "story/withheld.h"
#include "story/years.h"
#include "web/handlers.h"
#include "web/media.h"
#include "web/shapes.h"
#include "web/work.h"
#include <string.h>

// No names here, and no pictures: what is withheld is told of by its title and number.
static bool tell_withheld(struct kr_request *request, struct kr_store *store, struct kr_buf *out,
                          struct kr_err *err)
{
    struct kr_withheld *withheld;
    size_t n;
    if (request->visitor.role < KR_ROLE_KEEPER)
        return true;
    if (!kr_films_withheld(store, request->mem, &KR_VIEW_HOME, &withheld, &n, err))
        return false;
    kr_tell_open(out, "withheld", '[');
    for (size_t i = 0; i < n; i++) {
        kr_tell_open(out, NULL, '{');
        kr_tell_text(out, "id", withheld[i].film->subject);
        kr_tell_text(out, "title", kr_json_str(withheld[i].film->recipe, "title", ""));
        kr_tell_int(out, "in_the_way", (int64_t)withheld[i].in_the_way);
        kr_tell_bool(out, "tellable", withheld[i].tellable);
        kr_tell_close(out, '}');
    }
    kr_tell_close(out, ']');
    return true;
}

KR_HANDLER(films)
{
    struct kr_store *store;
    struct kr_rendition *films;
    size_t n;
    struct kr_buf out = {0};
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_renditions_kind(store, request->mem, "film", &films, &n, err))
        return false;
    bool *may = kr_arena_array(request->mem, bool, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!kr_film_may(store, request->mem, films[i].subject, &KR_VIEW_HOME, &may[i], err))
            return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "films", '[');
    for (size_t i = 0; i < n; i++)
        if (!kr_film_is_older(films, i) && may[i])
            kr_shape_film(&out, NULL, &films[i]);
    kr_tell_close(&out, ']');
    if (!tell_withheld(request, store, &out, err)) {
        kr_buf_finish(&out);
        return false;
    }
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

// A film is known by the id of its story; its files are renditions of that story.
static bool file_of(struct kr_request *request, const char *kind, struct kr_store **store,
                    struct kr_rendition *out, struct kr_err *err)
{
    struct kr_uuid id;
    if (!kr_uuid_parse(request->params[0], &id))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    bool may;
    if (!kr_desk_read(request->desk, store, err) ||
        !kr_film_may(*store, request->mem, request->params[0], &KR_VIEW_HOME, &may, err))
        return false;
    return may ? kr_film_file(*store, request->mem, request->params[0], kind, out, err)
               : kr_fail(err, KR_E_NOT_FOUND, "no film %.36s", request->params[0]);
}

KR_HANDLER(film)
{
    struct kr_store *store;
    struct kr_rendition film;
    struct kr_buf out = {0};
    if (!file_of(request, "film", &store, &film, err))
        return false;
    kr_shape_film(&out, NULL, &film);
    return kr_answer_json_take(answer, 200, &out);
}

static bool answer_file(struct kr_request *request, struct kr_answer *answer, const char *kind,
                        struct kr_err *err)
{
    struct kr_store *store;
    struct kr_rendition file;
    return file_of(request, kind, &store, &file, err) &&
           kr_web_rendition(request, answer, store, &file, err);
}

KR_HANDLER(film_file)
{
    return answer_file(request, answer, "film", err);
}

KR_HANDLER(film_captions)
{
    return answer_file(request, answer, "captions", err);
}

KR_HANDLER(film_poster)
{
    return answer_file(request, answer, "poster", err);
}

// Every reference of the story names an item that is here.
static bool names_items(struct kr_store *store, struct kr_arena *mem, const struct kr_story *story,
                        struct kr_err *err)
{
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    const struct kr_shots_params params = KR_SHOTS_DEFAULTS;
    if (!kr_shots_make(mem, story, &params, &shots, err))
        return false;
    for (size_t i = 0; i < shots.reference_count; i++) {
        struct kr_item item;
        struct kr_uuid id;
        if (!kr_uuid_parse(shots.references[i], &id) ||
            !kr_item_may_get(store, mem, shots.references[i], &KR_VIEW_HOME, &item, NULL))
            return kr_fail(err, KR_E_INVALID, "media %zu is no item of this archive", i + 1);
    }
    return true;
}

static bool begin_film(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       json_t *story, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    kr_json_set_take(args, "story", json_incref(story));
    kr_json_set_str(args, "who", kr_visitor_who(&request->visitor));
    struct kr_job job = {.kind = "film", .args = args, .item = ""};
    return kr_web_begin_job(request, answer, store, &job, err);
}

KR_HANDLER(make_film)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_story story;
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!kr_desk_write(request->desk, &store, err))
        return false;
    if (!kr_story_of_json(request->mem, body, &story, err) ||
        !kr_story_look_up(store, request->mem, body, &story, err) ||
        !names_items(store, request->mem, &story, err)) {
        if (err->code == KR_E_INVALID)
            return kr_answer_problem_of(request, answer, 422, "story", "web.story", err->text);
        return false;
    }
    return begin_film(request, answer, store, body, err);
}

// The same film without what may no longer be shown.
KR_HANDLER(film_without)
{
    KR_AUTO(kr_json_drop) json_t *story = NULL;
    struct kr_store *store;
    struct kr_uuid id;
    if (!kr_uuid_parse(request->params[0], &id))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    if (!kr_desk_write(request->desk, &store, err))
        return false;
    if (!kr_film_without(store, request->mem, request->params[0], &KR_VIEW_HOME, &story, err)) {
        if (err->code == KR_E_REFUSED)
            return kr_answer_problem(request, answer, 422, "nothing_left", "film.nothing_left");
        if (err->code == KR_E_EXISTS)
            return kr_answer_problem(request, answer, 409, "not_withheld", "film.not_withheld");
        return false;
    }
    return begin_film(request, answer, store, story, err);
}
