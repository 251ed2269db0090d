// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/blobs.h"
#include "harness.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

static const char hello_hex[] = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

static struct kr_blobs *drawer(struct kr_test *t)
{
    struct kr_blobs *blobs = NULL;
    EXPECT_OK(kr_blobs_open(t->folder, &blobs, &t->err));
    return blobs;
}

static struct kr_blob_id keep(struct kr_test *t, struct kr_blobs *blobs, const char *text)
{
    struct kr_blob_id id = {{0}};
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes(text, strlen(text));
    EXPECT_OK(kr_blobs_keep(blobs, fd, 1 << 20, &id, NULL, &t->err));
    return id;
}

static bool count(void *context, const struct kr_blob_id *id)
{
    (void)id;
    ++*(int *)context;
    return true;
}

static int count_of(struct kr_test *t, struct kr_blobs *blobs)
{
    int n = 0;
    EXPECT_OK(kr_blobs_each(blobs, count, &n, &t->err));
    return n;
}

static const char *path_of(struct kr_test *t, const struct kr_blob_id *id)
{
    char hex[KR_SHA256_HEX];
    kr_blob_hex(id, hex);
    return kr_arena_format(t->mem, "%s/blobs/%.2s/%s", t->dir, hex, hex + 2);
}

TEST(anyone_with_sha256sum_finds_it_under_its_name)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    struct kr_blob_id id;
    uint64_t size = 0;
    struct stat st;
    struct kr_str text = {"", 0};
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes("hello", 5);
    EXPECT_OK(kr_blobs_keep(blobs, fd, 5, &id, &size, &t->err));
    EXPECT_INT(size, 5);
    char hex[KR_SHA256_HEX];
    kr_blob_hex(&id, hex);
    EXPECT_STR(hex, hello_hex);
    const char *path = kr_arena_format(t->mem, "blobs/%.2s/%s", hex, hex + 2);
    EXPECT_OK(kr_read_file(t->mem, t->folder, path, 100, &text, &t->err));
    EXPECT_STR(text.at, "hello");
    EXPECT(fstatat(t->folder, path, &st, 0) == 0);
    EXPECT_INT(st.st_mode & 0777, 0444);
    EXPECT_INT(st.st_nlink, 1);
}

TEST(the_same_bytes_are_kept_once_and_the_first_stays)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    struct stat first, second;
    struct kr_blob_id id = keep(t, blobs, "one reel");
    EXPECT(stat(path_of(t, &id), &first) == 0);
    keep(t, blobs, "one reel");
    EXPECT(stat(path_of(t, &id), &second) == 0);
    EXPECT_INT(second.st_ino, first.st_ino);
    keep(t, blobs, "another");
    EXPECT_INT(count_of(t, blobs), 2);
}

TEST(keeping_starts_at_the_offset_and_an_empty_file_is_a_file)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    struct kr_blob_id id;
    uint64_t size = 9;
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes("xxhello", 7);
    EXPECT(lseek(fd, 2, SEEK_SET) == 2);
    EXPECT_OK(kr_blobs_keep(blobs, fd, 100, &id, &size, &t->err));
    EXPECT_INT(size, 5);
    EXPECT_OK(kr_blobs_keep(blobs, fd, 100, &id, &size, &t->err)); // at its end now
    EXPECT_INT(size, 0);
    EXPECT_OK(kr_blobs_verify(blobs, &id, &size, &t->err));
}

TEST(too_much_is_refused_and_leaves_nothing_behind)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    struct kr_blob_id id;
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes("a long reel", 11);
    EXPECT_FAIL(kr_blobs_keep(blobs, fd, 4, &id, NULL, &t->err), KR_E_TOO_BIG);
    EXPECT(unlinkat(t->folder, "blobs", AT_REMOVEDIR) == 0); // only an empty folder can go
    EXPECT(unlinkat(t->folder, "tmp", AT_REMOVEDIR) == 0);
}

struct scribbler {
    int fd;
    _Atomic bool stop;
};

static void *scribble(void *context)
{
    struct scribbler *work = context;
    for (int i = 0; !work->stop; i++)
        if (pwrite(work->fd, &i, sizeof i, (i % 100) * 4096) < 0)
            break;
    return NULL;
}

TEST(a_file_that_changes_while_we_read_it_is_refused)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    pthread_t thread;
    struct kr_blob_id id;
    KR_AUTO(kr_fd_close) int fd = openat(t->folder, "source", O_RDWR | O_CREAT, 0644);
    EXPECT(ftruncate(fd, 64 << 20) == 0);
    struct scribbler work = {.fd = fd};
    EXPECT(pthread_create(&thread, NULL, scribble, &work) == 0);
    bool ok = kr_blobs_keep(blobs, fd, UINT64_MAX, &id, NULL, &t->err);
    work.stop = true;
    pthread_join(thread, NULL);
    EXPECT_FAIL(ok, KR_E_CONFLICT);
    EXPECT_INT(count_of(t, blobs), 0);
}

TEST(damage_is_found_and_the_same_bytes_heal_it)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    struct kr_blob_id id = keep(t, blobs, "grandmother");
    EXPECT(chmod(path_of(t, &id), 0644) == 0 && truncate(path_of(t, &id), 5) == 0);
    EXPECT_FAIL(kr_blobs_verify(blobs, &id, NULL, &t->err), KR_E_DAMAGED);
    keep(t, blobs, "grandmother");
    EXPECT_OK(kr_blobs_verify(blobs, &id, NULL, &t->err));
    EXPECT_INT(count_of(t, blobs), 1);
}

TEST(mending_takes_the_right_bytes_and_no_others)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    struct kr_blob_id id = keep(t, blobs, "grandmother");
    EXPECT(chmod(path_of(t, &id), 0644) == 0);
    KR_AUTO(kr_fd_close) int hurt = open(path_of(t, &id), O_WRONLY);
    EXPECT(pwrite(hurt, "X", 1, 3) == 1); // same length: only the hash can tell
    KR_AUTO(kr_fd_close) int wrong = kr_test_bytes("grandfather", 11);
    EXPECT_FAIL(kr_blobs_mend(blobs, wrong, &id, &t->err), KR_E_DAMAGED);
    EXPECT_FAIL(kr_blobs_verify(blobs, &id, NULL, &t->err), KR_E_DAMAGED);
    KR_AUTO(kr_fd_close) int right = kr_test_bytes("grandmother", 11);
    EXPECT_OK(kr_blobs_mend(blobs, right, &id, &t->err));
    EXPECT_OK(kr_blobs_verify(blobs, &id, NULL, &t->err));
}

TEST(what_is_missing_or_forgotten_is_not_found)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    struct kr_blob_id id = keep(t, blobs, "private");
    int fd = -1;
    EXPECT(kr_blobs_has(blobs, &id));
    EXPECT_OK(kr_blobs_forget(blobs, &id, &t->err));
    EXPECT_OK(kr_blobs_forget(blobs, &id, &t->err));
    EXPECT(!kr_blobs_has(blobs, &id));
    EXPECT_FAIL(kr_blobs_read(blobs, &id, &fd, &t->err), KR_E_NOT_FOUND);
    EXPECT_FAIL(kr_blobs_verify(blobs, &id, NULL, &t->err), KR_E_NOT_FOUND);
    EXPECT_INT(fd, -1);
}

TEST(a_name_is_sixty_four_small_hex_digits)
{
    (void)t;
    struct kr_blob_id id;
    EXPECT(kr_blob_of_hex(hello_hex, &id));
    EXPECT(!kr_blob_of_hex(hello_hex + 1, &id));
    EXPECT(
        !kr_blob_of_hex("2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824", &id));
    EXPECT(
        !kr_blob_of_hex("../../../../../../../../../../../../../../../../../../etc/passwd00", &id));
}

struct order {
    struct kr_blob_id last;
    bool sorted;
};

static bool in_order(void *context, const struct kr_blob_id *id)
{
    struct order *order = context;
    order->sorted = order->sorted && memcmp(&order->last, id, sizeof *id) < 0;
    order->last = *id;
    return true;
}

TEST(each_blob_comes_once_in_order_and_strange_files_do_not)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    struct order order = {.sorted = true};
    for (int i = 0; i < 40; i++)
        keep(t, blobs, kr_arena_format(t->mem, "reel %d", i));
    KR_AUTO(kr_fd_close) int stray = openat(t->folder, "blobs/Thumbs.db", O_CREAT | O_RDWR, 0644);
    EXPECT(stray >= 0);
    EXPECT_INT(count_of(t, blobs), 40);
    EXPECT_OK(kr_blobs_each(blobs, in_order, &order, &t->err));
    EXPECT(order.sorted);
}

enum { THREADS = 4, EACH = 25 };

static void *keep_many(void *context)
{
    struct kr_blobs *blobs = context;
    for (int i = 0; i < EACH; i++) {
        char text[20];
        struct kr_blob_id id;
        kr_format(text, sizeof text, "shared %d", i);
        KR_AUTO(kr_fd_close) int fd = kr_test_bytes(text, strlen(text));
        if (!kr_blobs_keep(blobs, fd, 100, &id, NULL, NULL))
            return (void *)1;
    }
    return NULL;
}

TEST(threads_share_a_drawer)
{
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = drawer(t);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        EXPECT(pthread_create(&threads[i], NULL, keep_many, blobs) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        EXPECT(!failed);
    }
    EXPECT_INT(count_of(t, blobs), EACH);
}

MAIN(CASE(anyone_with_sha256sum_finds_it_under_its_name),
     CASE(the_same_bytes_are_kept_once_and_the_first_stays),
     CASE(keeping_starts_at_the_offset_and_an_empty_file_is_a_file),
     CASE(too_much_is_refused_and_leaves_nothing_behind),
     CASE(a_file_that_changes_while_we_read_it_is_refused),
     CASE(damage_is_found_and_the_same_bytes_heal_it),
     CASE(mending_takes_the_right_bytes_and_no_others),
     CASE(what_is_missing_or_forgotten_is_not_found), CASE(a_name_is_sixty_four_small_hex_digits),
     CASE(each_blob_comes_once_in_order_and_strange_files_do_not), CASE(threads_share_a_drawer))
