// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/mirror.h"

#include "base/clock.h"
#include "base/newfile.h"
#include "store/claims_priv.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 500, CHUNK = 1 << 16, MONTH = sizeof "2026-11.jsonl" };

const char *kr_claim_value_text(struct kr_arena *mem, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_PRESERVE_ORDER |
                                       JSON_REAL_PRECISION(15));
    if (!text)
        abort(); // out of memory: our values are always valid
    const char *copy = kr_arena_strdup(mem, text);
    free(text);
    return copy;
}

const char *kr_claim_line(struct kr_arena *mem, const struct kr_claim *claim)
{
    char at[KR_TIME_TEXT];
    KR_AUTO(kr_json_drop) json_t *line = kr_json_new_object();
    kr_time_text(claim->at_ms, at);
    kr_json_set_int(line, "seq", claim->seq);
    kr_json_set_str(line, "id", claim->id);
    kr_json_set_str(line, "home", claim->home);
    kr_json_set_str(line, "subject", claim->subject);
    kr_json_set_str(line, "predicate", claim->predicate);
    kr_json_set_take(line, "value", json_incref((json_t *)(uintptr_t)claim->value));
    kr_json_set_str(line, "who", claim->who);
    kr_json_set_real(line, "certain", claim->certain);
    kr_json_set_str(line, "at", at);
    if (claim->retracts && *claim->retracts)
        kr_json_set_str(line, "retracts", claim->retracts);
    if (claim->act && *claim->act)
        kr_json_set_str(line, "act", claim->act);
    return kr_claim_value_text(mem, line);
}

static bool take_id(const json_t *line, const char *name, char out[static KR_UUID_TEXT])
{
    struct kr_uuid id;
    const char *text = kr_json_str(line, name, "");
    if (!kr_uuid_parse(text, &id))
        return false;
    kr_uuid_text(&id, out);
    return true;
}

bool kr_claim_of_line(struct kr_arena *mem, struct kr_str text, struct kr_claim *out,
                      bool *forgotten, struct kr_err *err)
{
    json_t *parsed;
    struct kr_claim claim = {0};
    if (!kr_json_parse(text, KR_CLAIM_LINE_MOST, &parsed, err))
        return false;
    const json_t *line = kr_json_lend(mem, parsed);
    claim.seq = kr_json_int(line, "seq", 0);
    *forgotten = kr_json_bool(line, "forgotten", false);
    if (claim.seq > 0 && *forgotten) {
        *out = claim;
        return true;
    }
    claim.value = kr_json_get(line, "value");
    claim.predicate = kr_json_str(line, "predicate", "");
    claim.who = kr_json_str(line, "who", "");
    claim.retracts = kr_json_str(line, "retracts", "");
    claim.act = kr_json_str(line, "act", "");
    claim.certain = kr_json_real(line, "certain", -1);
    struct kr_uuid taken_back, act;
    if (claim.seq <= 0 || !take_id(line, "id", claim.id) || !take_id(line, "home", claim.home) ||
        !take_id(line, "subject", claim.subject) || !claim.value || !*claim.predicate ||
        !(claim.certain >= 0 && claim.certain <= 1) ||
        !kr_time_parse(kr_json_str(line, "at", ""), &claim.at_ms) ||
        (*claim.retracts && !kr_uuid_parse(claim.retracts, &taken_back)) ||
        (*claim.act && !kr_uuid_parse(claim.act, &act)))
        return kr_fail(err, KR_E_INVALID, "a line that is no claim");
    *out = claim;
    return true;
}

bool kr_mirror_begin(int archive, struct kr_mirror *out, struct kr_err *err)
{
    KR_AUTO(kr_mirror_end) struct kr_mirror mirror = KR_MIRROR_NONE;
    if (!kr_open_folder(archive, "claims", true, &mirror.dir, err))
        return false;
    mirror.lock = openat(mirror.dir, ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (mirror.lock < 0)
        return kr_fail_errno(err, "open the lock of the claims");
    while (flock(mirror.lock, LOCK_EX) != 0)
        if (errno != EINTR)
            return kr_fail_errno(err, "lock the claims");
    *out = mirror;
    mirror = KR_MIRROR_NONE;
    return true;
}

void kr_mirror_end(struct kr_mirror *mirror)
{
    kr_fd_close(&mirror->lock);
    kr_fd_close(&mirror->dir);
}

static bool is_month(const char *name)
{
    static const char like[] = "dddd-dd.jsonl";
    if (strlen(name) != sizeof like - 1)
        return false;
    for (size_t i = 0; like[i]; i++)
        if (like[i] == 'd' && i < 7 ? name[i] < '0' || name[i] > '9' : name[i] != like[i])
            return false;
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

bool kr_mirror_files(int claims, struct kr_arena *mem, const char *const **out, size_t *n,
                     struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf names = {0};
    int fd = openat(claims, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return kr_fail_errno(err, "list the claims");
    KR_AUTO(close_dir) DIR *dir = fdopendir(fd);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!is_month(entry->d_name))
            continue;
        const char *name = kr_arena_strdup(mem, entry->d_name);
        kr_buf_add(&names, &name, sizeof name);
    }
    *n = names.n / sizeof(char *);
    const char **list = kr_arena_array(mem, const char *, *n);
    if (*n) {
        memcpy(list, names.at, names.n);
        qsort(list, *n, sizeof *list, by_text);
    }
    *out = list;
    return true;
}

// Lines are cut from a stream; what is too long keeps its first bytes only.
struct cutter {
    struct kr_buf line;
    int64_t number;
};

static bool cut_lines(struct cutter *cut, const char *chunk, size_t n,
                      bool (*see)(void *context, int64_t number, struct kr_str line,
                                  struct kr_err *err),
                      void *context, struct kr_err *err)
{
    for (const char *end; n > 0 && (end = memchr(chunk, '\n', n)); cut->line.n = 0) {
        size_t part = (size_t)(end - chunk);
        struct kr_str line = {chunk, part};
        if (cut->line.n) {
            kr_buf_add(&cut->line, chunk, part);
            line = (struct kr_str){cut->line.at, cut->line.n};
        }
        if (!see(context, ++cut->number, line, err))
            return false;
        chunk = end + 1;
        n -= part + 1;
    }
    if (cut->line.n <= KR_CLAIM_LINE_MOST)
        kr_buf_add(&cut->line, chunk, n);
    return true;
}

static void drop_cutter(struct cutter *cut)
{
    kr_buf_finish(&cut->line);
}

bool kr_mirror_lines(int claims, const char *file,
                     bool (*see)(void *context, int64_t number, struct kr_str line,
                                 struct kr_err *err),
                     void *context, struct kr_err *err)
{
    KR_AUTO(drop_cutter) struct cutter cut = {0};
    KR_AUTO(kr_free_at) char *chunk = kr_alloc(CHUNK);
    KR_AUTO(kr_fd_close) int fd = openat(claims, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return kr_fail_errno(err, "open the claims of %s", file);
    ssize_t n;
    while ((n = kr_read(fd, chunk, CHUNK)) > 0)
        if (!cut_lines(&cut, chunk, (size_t)n, see, context, err))
            return false;
    return n == 0 || kr_fail_errno(err, "read the claims of %s", file);
}

// Looks backwards through text that ends with a newline for a line that is a claim.
static int64_t last_seq_in(const char *text, size_t n, bool from_start)
{
    while (n > 0) {
        const char *before = memrchr(text, '\n', n - 1);
        if (!before && !from_start)
            return 0;
        const char *line = before ? before + 1 : text;
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_claim claim;
        bool forgotten;
        if (kr_claim_of_line(mem, (struct kr_str){line, (size_t)(text + n - 1 - line)}, &claim,
                             &forgotten, NULL))
            return claim.seq;
        n = (size_t)(line - text);
    }
    return 0;
}

// The seq of the last good line of an open file, 0 when it has none; a torn
// line at its end is cut off (1).
static bool last_seq_of(int fd, int64_t *seq, struct kr_err *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return kr_fail_errno(err, "look at the claims");
    *seq = 0;
    bool cut = false;
    for (off_t window = CHUNK; *seq == 0 && st.st_size > 0; window *= 4) {
        off_t start = st.st_size > window ? st.st_size - window : 0;
        KR_AUTO(kr_free_at) char *text = kr_alloc((size_t)(st.st_size - start));
        ssize_t n = pread(fd, text, (size_t)(st.st_size - start), start);
        if (n != st.st_size - start)
            return kr_fail_errno(err, "read the last claims");
        const char *end = memrchr(text, '\n', (size_t)n);
        if (end || start == 0) {
            off_t whole = end ? start + (end - text) + 1 : 0;
            cut = cut || whole < st.st_size;
            if (cut && ftruncate(fd, whole) != 0)
                return kr_fail_errno(err, "cut a torn claim");
            st.st_size = whole;
            *seq = last_seq_in(text, (size_t)(whole - start), start == 0);
        }
        if (start == 0)
            break;
    }
    return true;
}

// Where the text goes on: the newest file and the seq of its last line.
struct place {
    char month[MONTH]; // "" in an empty folder
    int64_t seq;
};

static bool find_place(struct kr_mirror *mirror, struct place *out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *const *files;
    size_t n;
    if (!kr_mirror_files(mirror->dir, mem, &files, &n, err))
        return false;
    *out = (struct place){.seq = 0};
    if (n)
        kr_format(out->month, MONTH, "%s", files[n - 1]);
    for (size_t i = n; i > 0 && out->seq == 0; i--) {
        KR_AUTO(kr_fd_close) int fd = openat(mirror->dir, files[i - 1], O_RDWR | O_CLOEXEC);
        if (fd < 0)
            return kr_fail_errno(err, "open the claims of %s", files[i - 1]);
        if (!last_seq_of(fd, &out->seq, err))
            return false;
    }
    return true;
}

static void month_of(int64_t at_ms, char out[static MONTH])
{
    char at[KR_TIME_TEXT];
    kr_time_text(at_ms, at);
    kr_format(out, MONTH, "%.7s.jsonl", at);
}

static bool flush_month(int fd, struct kr_err *err)
{
    return fd < 0 || fdatasync(fd) == 0 || kr_fail_errno(err, "flush the claims");
}

// Writes what has gathered to the month's file, which is opened on the way.
static bool write_month(struct kr_mirror *mirror, const struct place *place, int *fd,
                        struct kr_buf *text, struct kr_err *err)
{
    if (*fd < 0)
        *fd = openat(mirror->dir, place->month, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (*fd < 0)
        return kr_fail_errno(err, "open the claims of %s", place->month);
    bool written = kr_write_all(*fd, text->at, text->n, err);
    text->n = 0;
    return written;
}

struct appending {
    struct kr_mirror *mirror;
    struct place place;
    int fd; // of place.month, -1 before the first line
    struct kr_buf text;
};

static void drop_appending(struct appending *to)
{
    kr_fd_close(&to->fd);
    kr_buf_finish(&to->text);
}

static bool append_claim(struct appending *to, const struct kr_claim *claim, struct kr_arena *mem,
                         struct kr_err *err)
{
    char month[MONTH];
    month_of(claim->at_ms, month);
    if (strcmp(month, to->place.month) > 0) { // never back to an older file
        if (to->text.n && !write_month(to->mirror, &to->place, &to->fd, &to->text, err))
            return false;
        if (!flush_month(to->fd, err))
            return false;
        kr_fd_close(&to->fd);
        kr_format(to->place.month, MONTH, "%s", month);
    }
    kr_buf_text(&to->text, kr_claim_line(mem, claim));
    kr_buf_text(&to->text, "\n");
    to->place.seq = claim->seq;
    return true;
}

static bool append_page(struct appending *to, struct kr_store *store, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim_list page;
    if (!kr_claims_after(store, mem, to->place.seq, PAGE, &page, err))
        return false;
    for (size_t i = 0; i < page.n; i++)
        if (!append_claim(to, &page.at[i], mem, err))
            return false;
    *n = page.n;
    return page.n == 0 || write_month(to->mirror, &to->place, &to->fd, &to->text, err);
}

bool kr_mirror_catch_up(struct kr_mirror *mirror, struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(drop_appending) struct appending to = {.mirror = mirror, .fd = -1};
    size_t n = 0;
    if (!find_place(mirror, &to.place, err))
        return kr_within(err, "write the claims as text");
    // A database from an older backup may be behind its text.
    if (!kr_claims_reach(store, to.place.seq, err))
        return kr_within(err, "write the claims as text");
    do {
        if (!append_page(&to, store, &n, err))
            return kr_within(err, "write the claims as text");
    } while (n == PAGE);
    if (to.fd < 0 && to.place.month[0]) // lines of one who died before he flushed count too (2)
        to.fd = openat(mirror->dir, to.place.month, O_RDONLY | O_CLOEXEC);
    if (!flush_month(to.fd, err))
        return false;
    return fsync(mirror->dir) == 0 || kr_fail_errno(err, "flush the folder of claims");
}

struct forgetting {
    const char *subject;
    struct kr_newfile file;
    struct kr_buf text;
    int64_t last_seq; // of a line that went and nothing has followed; else 0
    bool any;
};

static bool is_about(struct kr_str line, const char *subject)
{
    struct kr_claim claim;
    bool forgotten;
    if (!memmem(line.at, line.n, subject, strlen(subject)))
        return false;
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    // A damaged line that names the subject goes too.
    return !kr_claim_of_line(mem, line, &claim, &forgotten, NULL) ||
           strcmp(claim.subject, subject) == 0;
}

static bool keep_others(void *context, int64_t number, struct kr_str line, struct kr_err *err)
{
    struct forgetting *work = context;
    (void)number;
    if (is_about(line, work->subject)) {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_claim claim = {0};
        bool forgotten;
        if (kr_claim_of_line(mem, line, &claim, &forgotten, NULL))
            work->last_seq = claim.seq;
        work->any = true;
        return true;
    }
    work->last_seq = 0;
    kr_buf_add(&work->text, line.at, line.n);
    kr_buf_text(&work->text, "\n");
    if (work->text.n < CHUNK)
        return true;
    bool written = kr_newfile_write(&work->file, work->text.at, work->text.n, err);
    work->text.n = 0;
    return written;
}

static void drop_forgetting(struct forgetting *work)
{
    kr_newfile_discard(&work->file);
    kr_buf_finish(&work->text);
}

// The bare number of a last line stays, so that the text still tells how far it
// has come, even while the database has not let go yet (3).
static bool forget_in(struct kr_mirror *mirror, const char *file, const char *subject,
                      struct kr_err *err)
{
    KR_AUTO(drop_forgetting)
    struct forgetting work = {.subject = subject, .file = KR_NEWFILE_NONE};
    if (!kr_newfile_begin(mirror->dir, &work.file, err) ||
        !kr_mirror_lines(mirror->dir, file, keep_others, &work, err))
        return false;
    if (!work.any)
        return true;
    if (work.last_seq)
        kr_buf_format(&work.text, "{\"seq\":%jd,\"forgotten\":true}\n", (intmax_t)work.last_seq);
    return (!work.text.n || kr_newfile_write(&work.file, work.text.at, work.text.n, err)) &&
           kr_newfile_replace(&work.file, file, err);
}

bool kr_mirror_forget(struct kr_mirror *mirror, const char *subject, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *const *files;
    size_t n;
    if (!kr_mirror_files(mirror->dir, mem, &files, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!forget_in(mirror, files[i], subject, err))
            return kr_within(err, "forget in the claims of %s", files[i]);
    return true;
}
