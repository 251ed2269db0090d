// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/upload.h"

#include "base/json.h"
#include "base/newfile.h"
#include <assert.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ABOUT_MOST = 64 * 1024 };

void kr_upload_leave(struct kr_upload *upload)
{
    kr_fd_close(&upload->fd);
    kr_tmp_leave(&upload->folder);
}

void kr_upload_forget(struct kr_upload *upload)
{
    kr_fd_close(&upload->fd);
    kr_tmp_end(&upload->folder);
}

static bool put(int folder, const char *path, const char *text, struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    return kr_newfile_begin(folder, &file, err) &&
           kr_newfile_write(&file, text, strlen(text), err) && kr_newfile_replace(&file, path, err);
}

static bool put_about(struct kr_arena *mem, const struct kr_upload *upload, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *about = kr_json_new_object();
    const struct kr_tus_meta *meta = &upload->meta;
    kr_json_set_int(about, "length", (int64_t)upload->length);
    kr_json_set_str(about, "name_base64", kr_base64(mem, meta->name.at, meta->name.n));
    kr_json_set_int(about, "modified_ms", meta->modified_ms);
    kr_json_set_str(about, "ask", upload->ask);
    kr_json_set_str(about, "by", upload->by);
    return put(upload->folder.fd, "about.json", kr_json_text(mem, about), err);
}

// As kr_tmp_sweep() sees it: the last change of anything in the folder counts.
static int64_t expiry(const struct kr_upload *upload)
{
    struct stat st;
    int64_t last = 0;
    if (fstat(upload->folder.fd, &st) == 0)
        last = st.st_mtime;
    if (upload->fd >= 0 && fstat(upload->fd, &st) == 0 && st.st_mtime > last)
        last = st.st_mtime;
    return (last + (int64_t)KR_TMP_UPLOAD_DAYS * 86400) * 1000;
}

bool kr_upload_create(int archive, struct kr_arena *mem, const char *id, uint64_t length,
                      const struct kr_tus_meta *meta, const struct kr_upload_guest *guest,
                      struct kr_upload *out, struct kr_err *err)
{
    KR_AUTO(kr_upload_forget) struct kr_upload upload = KR_UPLOAD_NONE;
    upload.length = length;
    upload.meta = *meta;
    upload.ask = guest->ask;
    upload.by = guest->by;
    upload.result = "";
    if (!kr_tmp_upload(archive, id, true, &upload.folder, err))
        return false;
    upload.fd = openat(upload.folder.fd, "bytes", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (upload.fd < 0)
        return kr_fail_errno(err, "begin the bytes of an upload");
    if (!put_about(mem, &upload, err))
        return false;
    upload.expires_ms = expiry(&upload);
    *out = upload;
    upload = KR_UPLOAD_NONE;
    return true;
}

static bool read_about(struct kr_arena *mem, struct kr_upload *upload, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *about = NULL;
    if (!kr_json_read_file(upload->folder.fd, "about.json", ABOUT_MOST, &about, err))
        return false;
    int64_t length = kr_json_int(about, "length", -1);
    const char *name = kr_arena_strdup(mem, kr_json_str(about, "name_base64", ""));
    if (length < 0)
        return kr_fail(err, KR_E_DAMAGED, "an upload without a length");
    upload->length = (uint64_t)length;
    upload->meta.modified_ms = kr_json_int(about, "modified_ms", 0);
    upload->ask = kr_arena_strdup(mem, kr_json_str(about, "ask", ""));
    upload->by = kr_arena_strdup(mem, kr_json_str(about, "by", ""));
    return kr_base64_decode(mem, kr_str_of(name), &upload->meta.name, err);
}

static bool read_result(struct kr_arena *mem, struct kr_upload *upload, struct kr_err *err)
{
    struct kr_str text;
    if (!kr_read_file(mem, upload->folder.fd, "result.json", ABOUT_MOST, &text, err))
        return false;
    upload->result = text.at;
    upload->have = upload->length;
    return true;
}

bool kr_upload_open(int archive, struct kr_arena *mem, const char *id, struct kr_upload *out,
                    struct kr_err *err)
{
    KR_AUTO(kr_upload_leave) struct kr_upload upload = KR_UPLOAD_NONE;
    struct stat st;
    upload.result = "";
    if (!kr_tmp_upload(archive, id, false, &upload.folder, err) || !read_about(mem, &upload, err))
        return false;
    upload.fd = openat(upload.folder.fd, "bytes", O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (faccessat(upload.folder.fd, "result.json", F_OK, 0) == 0) {
        if (!read_result(mem, &upload, err))
            return false;
    } else if (upload.fd < 0 || fstat(upload.fd, &st) != 0) {
        return kr_fail_errno(err, "open the bytes of an upload");
    } else {
        upload.have = (uint64_t)st.st_size;
    }
    upload.expires_ms = expiry(&upload);
    *out = upload;
    upload = KR_UPLOAD_NONE;
    return true;
}

bool kr_upload_add(struct kr_upload *upload, struct kr_str bytes, struct kr_err *err)
{
    if (bytes.n > upload->length - upload->have)
        return kr_fail(err, KR_E_TOO_BIG, "more bytes than the upload has");
    while (bytes.n > 0) {
        ssize_t n = pwrite(upload->fd, bytes.at, bytes.n, (off_t)upload->have);
        if (n <= 0)
            return kr_fail_errno(err, "write the bytes of an upload");
        upload->have += (uint64_t)n;
        bytes = (struct kr_str){bytes.at + n, bytes.n - (size_t)n};
    }
    return true;
}

bool kr_upload_whole(struct kr_upload *upload, int *fd, struct kr_err *err)
{
    assert(upload->fd >= 0 && upload->have == upload->length);
    if (fdatasync(upload->fd) != 0 || lseek(upload->fd, 0, SEEK_SET) != 0)
        return kr_fail_errno(err, "flush an upload");
    *fd = upload->fd;
    return true;
}

bool kr_upload_finish(struct kr_upload *upload, const char *result, struct kr_err *err)
{
    if (!put(upload->folder.fd, "result.json", result, err))
        return false;
    unlinkat(upload->folder.fd, "bytes", 0); // else the sweep takes it in a week
    kr_fd_close(&upload->fd);
    upload->result = result;
    return true;
}
