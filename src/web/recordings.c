// SPDX-License-Identifier: AGPL-3.0-or-later
// Recordings that come in piece by piece: begun, asked about, fed, ended, given up.
#include "archive/recordings.h"
#include "base/clock.h"
#include "web/handlers.h"
#include "web/tell.h"

#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

enum { PATIENCE_MS = 1500, STEP_MS = 25 };

// Who records: their account, or the card by which they came.
static const char *recorder_of(const struct kr_request *request)
{
    const struct kr_visitor *visitor = &request->visitor;
    return *visitor->account ? visitor->account : visitor->invitation;
}

// Whoever records may go on with it, from any of their doors; a teller of the home too.
static bool may_touch(const struct kr_request *request, const struct kr_recording *recording)
{
    const char *home = *recording->about.home ? recording->about.home : request->desk->house->home;
    return strcmp(home, request->visitor.home) == 0 &&
           (request->visitor.role >= KR_ROLE_TELLER ||
            (*recording->about.by && strcmp(recording->about.by, recorder_of(request)) == 0));
}

static bool answer_json(struct kr_answer *answer, int status, const json_t *value)
{
    struct kr_buf out = {0};
    kr_tell_json(&out, NULL, value);
    kr_answer_header(answer, "Cache-Control", "no-store");
    return kr_answer_json_take(answer, status, &out);
}

// The result with a sentence in the asker's language instead of the code; NULL without one.
static json_t *new_result(const struct kr_request *request, const struct kr_recording *recording)
{
    json_t *result = NULL;
    if (!*recording->result ||
        !kr_json_parse(kr_str_of(recording->result), SIZE_MAX, &result, NULL))
        return NULL;
    const char *code = kr_json_str(result, "code", "");
    const char *key = *code ? kr_code_key(kr_code_named(code)) : NULL;
    kr_json_set_str(result, "reason", key ? kr_word(request->lang, key) : "");
    json_object_del(result, "code");
    return result;
}

// The numbers from `from` up to `to` that are here (or lack), as [[first, last], …].
static json_t *new_stretches(const struct kr_recording *recording, size_t most, bool here)
{
    json_t *out = kr_json_new_array();
    size_t at = 0;
    for (size_t i = 0; i <= recording->n; i++) {
        size_t number = i < recording->n ? recording->pieces[i].number : most;
        size_t next = number < most ? number : most;
        if (!here && next > at)
            kr_json_append_take(out, json_pack("[II]", (json_int_t)at, (json_int_t)next - 1));
        if (i == recording->n)
            break;
        size_t first = i;
        while (i + 1 < recording->n &&
               recording->pieces[i + 1].number == recording->pieces[i].number + 1)
            i++;
        at = (size_t)recording->pieces[i].number + 1;
        if (here)
            kr_json_append_take(out, json_pack("[II]", (json_int_t)recording->pieces[first].number,
                                               (json_int_t)recording->pieces[i].number));
    }
    return out;
}

static json_t *new_shape(const struct kr_request *request, const struct kr_recording *recording)
{
    json_t *out = kr_recording_new_json(recording), *result = new_result(request, recording);
    kr_json_set_take(out, "have", new_stretches(recording, 0, true));
    if (result)
        kr_json_set_take(out, "result", result);
    return out;
}

// The recording of the route, with its lock. A piece that is still being put, by a connection
// that broke meanwhile, is waited for; answered with 423 where it takes long.
static bool take(struct kr_request *request, struct kr_answer *answer, struct kr_recording *out)
{
    struct kr_store *store;
    struct kr_err why = {0};
    struct kr_uuid id;
    if (!kr_uuid_parse(request->params[0], &id))
        return !kr_answer_problem(request, answer, 404, "not_found", "error.not_found");
    if (!kr_desk_read(request->desk, &store, &why))
        return !kr_answer_error(request, answer, &why);
    for (int waited = 0; waited <= PATIENCE_MS; waited += STEP_MS) {
        const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
        why = (struct kr_err){0};
        if (kr_recording_take(store->dir, request->mem, request->params[0], out, &why))
            break;
        if (why.code != KR_E_BUSY)
            return !kr_answer_error(request, answer, &why);
        nanosleep(&step, NULL);
    }
    if (why.code == KR_E_BUSY)
        return !kr_answer_problem(request, answer, 423, "locked", "web.recording_busy");
    if (may_touch(request, out))
        return true;
    kr_recording_leave(out);
    return !kr_answer_problem(request, answer, 404, "not_found", "error.not_found");
}

static uint64_t bytes_of_setting(struct kr_store *store, const char *key)
{
    int64_t mib = 0;
    return kr_store_number(store, key, &mib, NULL) ? (uint64_t)mib << 20 : 0;
}

// What comes lies on the disk three times for a moment: pieces, their sum, the original.
static bool has_room(struct kr_store *store, uint64_t bytes, struct kr_err *err)
{
    struct statvfs disk;
    uint64_t need = bytes_of_setting(store, "add.free_mib") + 3 * bytes;
    return fstatvfs(store->dir, &disk) != 0 || (uint64_t)disk.f_bavail * disk.f_frsize >= need ||
           kr_fail(err, KR_E_FULL, "no room for a recording");
}

KR_HANDLER(recordings)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    struct kr_recording *all;
    struct kr_store *store;
    size_t n;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_recordings_list(store->dir, request->mem, &all, &n, err))
        return false;
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        if (may_touch(request, &all[i]))
            kr_json_append_take(list, new_shape(request, &all[i]));
    kr_json_set_take(out, "recordings", list);
    return answer_json(answer, 200, out);
}

// For a question it becomes an answer by itself, under the name of whoever records. A guest's is
// for the question they were invited to, whatever the page says.
static void name_answerer(const struct kr_request *request, json_t *body)
{
    const struct kr_visitor *visitor = &request->visitor;
    json_t *cause = json_object_get(body, "for");
    bool guest = visitor->role == KR_ROLE_GUEST;
    if (!json_is_object(cause)) {
        if (cause || !guest || !*visitor->about)
            return;
        cause = kr_json_new_object();
        kr_json_set_take(body, "for", cause);
    }
    if (guest)
        kr_json_set_str(cause, "ask", visitor->about);
    if (!*kr_json_str(cause, "ask", ""))
        return;
    kr_json_set_str(cause, "who", kr_visitor_who(visitor));
    kr_json_set_str(cause, "person", visitor->person);
}

KR_HANDLER(recording_begin)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL, *out = kr_json_new_object();
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    struct kr_recording_about about;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    json_object_del(body, "began_ms"); // by our clock
    kr_json_set_str(body, "home", request->visitor.home);
    kr_json_set_str(body, "by", recorder_of(request));
    name_answerer(request, body);
    if (request->visitor.role < KR_ROLE_TELLER &&
        !*kr_json_str(kr_json_get(body, "for"), "ask", "")) // who looks may still answer
        return kr_answer_problem(request, answer, 403, "not_yours", "error.refused");
    if (!kr_recording_about_read(request->mem, body, kr_now_ms(), &about, err) ||
        !kr_desk_write(request->desk, &store, err) || !has_room(store, 0, err) ||
        !kr_recording_begin(store->dir, request->mem, &about, &recording, err))
        return false;
    kr_json_set_str(out, "id", recording.id);
    kr_answer_header(answer, "Location",
                     kr_arena_format(request->mem, "/api/v1/recordings/%s", recording.id));
    return answer_json(answer, 201, out);
}

KR_HANDLER(recording)
{
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    struct kr_store *store;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_recording_see(store->dir, request->mem, request->params[0], &recording, err))
        return false;
    if (!may_touch(request, &recording))
        return kr_answer_problem(request, answer, 404, "not_found", "error.not_found");
    KR_AUTO(kr_json_drop) json_t *out = new_shape(request, &recording);
    return answer_json(answer, 200, out);
}

KR_HANDLER(recording_piece)
{
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    struct kr_piece piece;
    struct kr_store *store;
    int64_t number;
    if (!kr_parse_int(request->params[1], 0, KR_RECORDING_PIECES_MOST - 1, &number) ||
        !kr_content_digest_read(kr_request_header(request, "Content-Digest"), piece.sha256))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    piece.number = (uint32_t)number;
    if (!kr_desk_read(request->desk, &store, err))
        return false;
    if (!take(request, answer, &recording))
        return true;
    if (recording.bytes + request->body.n > bytes_of_setting(store, "add.most_mib"))
        return kr_fail(err, KR_E_TOO_BIG, "a recording larger than add.most_mib allows");
    if (!has_room(store, request->body.n, err) ||
        !kr_recording_put(&recording, &piece, request->body, err))
        return false;
    return kr_answer_empty(answer, 204);
}

// 409 with the numbers that lack.
static bool answer_lack(struct kr_request *request, struct kr_answer *answer,
                        const struct kr_recording *recording, size_t pieces)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    kr_json_set_str(out, "type", "about:blank");
    kr_json_set_str(out, "title", "lack");
    kr_json_set_int(out, "status", 409);
    kr_json_set_str(out, "detail", kr_word(request->lang, "web.recording_lack"));
    kr_json_set_take(out, "lack", new_stretches(recording, pieces, false));
    answer_json(answer, 409, out);
    kr_answer_header(answer, "Content-Type", "application/problem+json");
    return true;
}

// Makes it an item where slow work may run, and tells what became of it.
static bool keep(struct kr_request *request, struct kr_answer *answer,
                 struct kr_recording *recording, size_t pieces, bool whole, struct kr_err *err)
{
    const struct kr_house *house = request->desk->house;
    const struct kr_ingest_params by = {.archive = house->archive, .wall = house->wall};
    if (!request->patient && !recording->whole) {
        answer->later = true;
        return true;
    }
    if (!kr_recording_keep(recording, &by, request->mem, pieces, whole, err)) {
        if (err->code == KR_E_NOT_FOUND) // something of ours, not the recording
            err->code = KR_E_INTERNAL;
        return false;
    }
    KR_AUTO(kr_json_drop) json_t *result = new_result(request, recording);
    return answer_json(answer, 200, result);
}

KR_HANDLER(recording_end)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    struct kr_recording_end end;
    uint8_t is[KR_SHA256_SIZE];
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!kr_recording_end_read(body, &end, err))
        return false;
    if (!take(request, answer, &recording))
        return true;
    if (!recording.whole && recording.run < end.pieces)
        return answer_lack(request, answer, &recording, end.pieces);
    if (!recording.whole) {
        kr_pieces_hash(recording.pieces, end.pieces, is);
        if (memcmp(is, end.sha256, sizeof is) != 0 || recording.n > end.pieces)
            return kr_answer_problem(request, answer, 409, "other", "web.recording_other");
    }
    return keep(request, answer, &recording, end.pieces, true, err);
}

KR_HANDLER(recording_keep)
{
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    if (!take(request, answer, &recording))
        return true;
    if (!recording.whole && recording.run == 0)
        return kr_fail(err, KR_E_INVALID, "no piece of this recording is here");
    return keep(request, answer, &recording, recording.run, false, err);
}

KR_HANDLER(recording_give_up)
{
    struct kr_recording recording = KR_RECORDING_NONE;
    (void)err;
    if (!take(request, answer, &recording))
        return true;
    kr_recording_forget(&recording);
    return kr_answer_empty(answer, 204);
}
