// SPDX-License-Identifier: AGPL-3.0-or-later
// Uploads by tus 1.0.0: begun, asked about, continued, given up; the last bytes bring the file in.
#include "archive/asks.h"
#include "archive/ingest.h"
#include "base/uuid.h"
#include "web/handlers.h"
#include "web/upload.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

// What every tus answer says of itself. False, and answered with 412, for another version.
static bool speaks_tus(const struct kr_request *request, struct kr_answer *answer)
{
    const char *version = kr_request_header(request, "Tus-Resumable");
    kr_answer_header(answer, "Tus-Resumable", KR_TUS_VERSION);
    kr_answer_header(answer, "Cache-Control", "no-store");
    if (version && strcmp(version, KR_TUS_VERSION) == 0)
        return true;
    kr_answer_header(answer, "Tus-Version", KR_TUS_VERSION);
    return !kr_answer_problem(request, answer, 412, "tus_version", "web.upload_version");
}

static bool refuse(const struct kr_request *request, struct kr_answer *answer, int status,
                   const char *title, const char *words_key)
{
    return kr_answer_problem(request, answer, status, title, words_key);
}

// Of one setting in MiB.
static uint64_t bytes_of_setting(struct kr_store *store, const char *key)
{
    int64_t mib = 0;
    return kr_store_number(store, key, &mib, NULL) ? (uint64_t)mib << 20 : 0;
}

// The bytes lie on the disk twice for a moment: as they came, and as a blob.
static bool has_room(struct kr_store *store, uint64_t length)
{
    struct statvfs disk;
    uint64_t floor = bytes_of_setting(store, "add.free_mib");
    return fstatvfs(store->dir, &disk) != 0 ||
           (uint64_t)disk.f_bavail * disk.f_frsize / 2 >= length + floor / 2;
}

static void say_state(struct kr_request *request, struct kr_answer *answer,
                      const struct kr_upload *upload)
{
    char *date = kr_arena_alloc(request->mem, KR_HTTP_DATE);
    kr_http_date(upload->expires_ms, date);
    kr_answer_header(answer, "Upload-Offset",
                     kr_arena_format(request->mem, "%ju", (uintmax_t)upload->have));
    kr_answer_header(answer, "Upload-Expires", date);
}

#define GUEST_MOST (UINT64_C(2) << 30)

// A guest brings what answers the question they were invited to, and nothing else.
static bool is_guest(const struct kr_request *request)
{
    return request->visitor.role == KR_ROLE_GUEST;
}

KR_HANDLER(upload_options)
{
    (void)request, (void)err;
    kr_answer_header(answer, "Tus-Resumable", KR_TUS_VERSION);
    kr_answer_header(answer, "Tus-Version", KR_TUS_VERSION);
    kr_answer_header(answer, "Tus-Extension", KR_TUS_EXTENSIONS);
    return kr_answer_empty(answer, 204);
}

KR_HANDLER(upload_create)
{
    KR_AUTO(kr_upload_leave) struct kr_upload upload = KR_UPLOAD_NONE;
    const char *length_text = kr_request_header(request, "Upload-Length");
    const struct kr_visitor *visitor = &request->visitor;
    struct kr_upload_guest guest = {"", ""};
    struct kr_tus_meta meta;
    struct kr_store *store;
    char id[KR_UUID_TEXT];
    int64_t length;
    if (!speaks_tus(request, answer))
        return true;
    if (visitor->role == KR_ROLE_VIEWER || (is_guest(request) && !*visitor->about))
        return refuse(request, answer, 403, "not_yours", "error.refused");
    if (is_guest(request))
        guest = (struct kr_upload_guest){visitor->about, visitor->invitation};
    if (!length_text || !kr_parse_int(length_text, 0, INT64_MAX, &length) ||
        !kr_tus_meta_parse(request->mem, kr_request_header(request, "Upload-Metadata"), &meta,
                           NULL))
        return refuse(request, answer, 400, "bad_request", "web.bad_request");
    if (!kr_desk_write(request->desk, &store, err))
        return false;
    if ((uint64_t)length > bytes_of_setting(store, "add.most_mib") ||
        (is_guest(request) && (uint64_t)length > GUEST_MOST))
        return kr_fail(err, KR_E_TOO_BIG, "an upload of %jd bytes", (intmax_t)length);
    if (!has_room(store, (uint64_t)length))
        return kr_fail(err, KR_E_FULL, "no room for an upload of %jd bytes", (intmax_t)length);
    kr_uuid_new_text(id);
    if (!kr_upload_create(store->dir, request->mem, id, (uint64_t)length, &meta, &guest, &upload,
                          err))
        return false;
    say_state(request, answer, &upload);
    kr_answer_header(answer, "Location", kr_arena_format(request->mem, "/api/v1/uploads/%s", id));
    return kr_answer_empty(answer, 201);
}

// Opens the upload of the route; answered where it cannot be.
static bool open_upload(struct kr_request *request, struct kr_answer *answer, struct kr_upload *out)
{
    struct kr_store *store;
    struct kr_uuid id;
    struct kr_err why = {0};
    if (!kr_uuid_parse(request->params[0], &id))
        return !refuse(request, answer, 404, "not_found", "error.not_found");
    if (kr_desk_read(request->desk, &store, &why) &&
        kr_upload_open(store->dir, request->mem, request->params[0], out, &why)) {
        if (request->visitor.role >= KR_ROLE_TELLER ||
            (*out->by && strcmp(out->by, request->visitor.invitation) == 0))
            return true;
        kr_upload_leave(out);
        return !refuse(request, answer, 404, "not_found", "error.not_found");
    }
    if (why.code == KR_E_BUSY)
        return !refuse(request, answer, 423, "locked", "web.upload_busy");
    return !kr_answer_error(request, answer, &why);
}

// The result as one header: ASCII JSON, the reason in the asker's language.
static bool say_result(struct kr_request *request, struct kr_answer *answer, const char *text)
{
    KR_AUTO(kr_json_drop) json_t *result = NULL;
    if (!*text || !kr_json_parse(kr_str_of(text), SIZE_MAX, &result, NULL))
        return false;
    const char *code = kr_json_str(result, "code", "");
    const char *key = *code ? kr_code_key(kr_code_named(code)) : NULL;
    kr_json_set_str(result, "reason", key ? kr_word(request->lang, key) : "");
    json_object_del(result, "code");
    char *ascii = json_dumps(result, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_PRESERVE_ORDER);
    kr_answer_header(answer, "Kinreel-Result", kr_arena_strdup(request->mem, ascii ? ascii : "{}"));
    free(ascii);
    return true;
}

KR_HANDLER(upload_head)
{
    KR_AUTO(kr_upload_leave) struct kr_upload upload = KR_UPLOAD_NONE;
    (void)err;
    if (!speaks_tus(request, answer) || !open_upload(request, answer, &upload))
        return true;
    say_state(request, answer, &upload);
    say_result(request, answer, upload.result);
    kr_answer_header(answer, "Upload-Length",
                     kr_arena_format(request->mem, "%ju", (uintmax_t)upload.length));
    return kr_answer_empty(answer, 200);
}

KR_HANDLER(upload_delete)
{
    struct kr_upload upload = KR_UPLOAD_NONE;
    (void)err;
    if (!speaks_tus(request, answer) || !open_upload(request, answer, &upload))
        return true;
    kr_upload_forget(&upload);
    return kr_answer_empty(answer, 204);
}

static bool begin(struct kr_request *request, struct kr_answer *answer, struct kr_err *err)
{
    KR_AUTO(kr_upload_leave) struct kr_upload upload = KR_UPLOAD_NONE;
    const char *type = kr_request_header(request, "Content-Type");
    (void)err;
    if (!speaks_tus(request, answer))
        return true;
    if (!type || strcmp(type, "application/offset+octet-stream") != 0)
        return refuse(request, answer, 415, "unsupported", "web.bad_request");
    if (!open_upload(request, answer, &upload))
        return true;
    int status = kr_tus_patch(upload.length, upload.have,
                              kr_request_header(request, "Upload-Offset"), request->body_length);
    if (status == 409)
        say_state(request, answer, &upload);
    if (status)
        return refuse(request, answer, status, status == 409 ? "offset" : "bad_request",
                      status == 409   ? "web.upload_offset"
                      : status == 413 ? "error.too_big"
                                      : "web.bad_request");
    struct kr_upload *stream = kr_new(struct kr_upload);
    *stream = upload;
    upload = KR_UPLOAD_NONE;
    request->stream = stream;
    return true;
}

static bool take(struct kr_request *request, struct kr_str piece, struct kr_err *err)
{
    return kr_upload_add(request->stream, piece, err);
}

static void drop(void *stream)
{
    struct kr_upload *upload = stream;
    kr_upload_leave(upload);
    kr_free(&upload);
}

const struct kr_pieces kr_upload_pieces = {begin, take, drop};

// What became of the file, to be told now and whenever somebody asks again.
static const char *result_of(struct kr_arena *mem, const struct kr_outcome *outcome)
{
    KR_AUTO(kr_json_drop) json_t *result = kr_json_new_object();
    kr_json_set_str(result, "status", kr_fate_name(outcome->fate));
    kr_json_set_str(result, "id", outcome->id);
    kr_json_set_str(result, "code", outcome->fate == KR_REFUSED ? kr_code_name(outcome->code) : "");
    kr_json_set_str(result, "damaged", outcome->damaged);
    return kr_json_text(mem, result);
}

// What a guest brought becomes their answer at once: they can name nothing of the archive.
static bool answers(struct kr_request *request, const struct kr_upload *upload,
                    const struct kr_outcome *outcome, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *cause = kr_json_new_object();
    struct kr_store *store;
    if (!*upload->ask || outcome->fate == KR_REFUSED)
        return true;
    kr_json_set_str(cause, "ask", upload->ask);
    kr_json_set_str(cause, "who", kr_visitor_who(&request->visitor));
    kr_json_set_str(cause, "person", request->visitor.person);
    return kr_desk_write(request->desk, &store, err) &&
           kr_answer_recorded(store, cause, outcome->id, "", err);
}

static bool bring_in(struct kr_request *request, struct kr_upload *upload, struct kr_err *err)
{
    const struct kr_house *house = request->desk->house;
    const struct kr_ingest_params params = {
        .archive = house->archive, .home = request->desk->home, .wall = house->wall, .threads = 1};
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    struct kr_outcome outcome = {0};
    int fd;
    // The time the file has on the asker's disk may be all there is to date it.
    if (upload->meta.modified_ms > 0) {
        int64_t ms = upload->meta.modified_ms;
        const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                                          {ms / 1000, ms % 1000 * 1000000}};
        (void)futimens(upload->fd, times);
    }
    return kr_upload_whole(upload, &fd, err) && kr_ingest_open(&params, &ingest, err) &&
           kr_ingest_file(ingest, request->mem, fd, upload->meta.name, &outcome, err) &&
           answers(request, upload, &outcome, err) &&
           kr_upload_finish(upload, result_of(request->mem, &outcome), err);
}

KR_HANDLER(upload_patch)
{
    struct kr_upload *upload = request->stream;
    bool whole = upload->have == upload->length;
    if (whole && !*upload->result) {
        if (!request->patient) {
            answer->later = true;
            return true;
        }
        if (!bring_in(request, upload, err)) { // the bytes stay: an empty PATCH tries again
            if (err->code == KR_E_NOT_FOUND)   // something of ours, not the upload
                err->code = KR_E_INTERNAL;
            return false;
        }
    }
    say_state(request, answer, upload);
    say_result(request, answer, upload->result);
    return kr_answer_empty(answer, 204);
}
