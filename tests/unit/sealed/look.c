// SPDX-License-Identifier: AGPL-3.0-or-later
// The look and side-car tasks through the real program.
#include "base/file.h"
#include "harness.h"
#include "media/picture.h"
#include "media/start.h"
#include "wall/wall.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static struct kr_wall *wall_of(struct kr_test *t)
{
    struct kr_wall *wall = NULL;
    const struct kr_wall_params params = {.workers = 1, .program = getenv("KINREEL_TEST_MEDIA")};
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    return wall;
}

static bool look(struct kr_test *t, struct kr_wall *wall, const int fds[4], json_t **answer)
{
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    kr_json_set_str(args, "kind", "");
    kr_json_set_str(args, "mime", "");
    kr_json_set_str(args, "name_hint", "");
    const struct kr_question question = {.task = "look", .args = args, .fds = fds, .fd_count = 4};
    return kr_wall_ask(wall, &question, answer, &t->err);
}

static int photograph(struct kr_test *t)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    const struct kr_picture_save_params params = KR_PICTURE_SAVE_DEFAULTS;
    int fd = kr_test_bytes("", 0);
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_frame_create(KR_RGB8, 1600, 1200, &frame, &t->err));
    for (int y = 0; y < 1200; y++)
        for (int x = 0; x < 3 * 1600; x++)
            frame->plane[0][y * frame->stride[0] + x] = (uint8_t)((x * y / 64) ^ (x + 3 * y));
    EXPECT_OK(kr_picture_save(frame, fd, &params, &t->err));
    return fd; // its offset at the end: the task finds the start itself
}

TEST(a_photograph_is_told_and_gets_its_thumbnails)
{
    static const int longest[] = {256, 1024, 1600};
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    int fds[4] = {photograph(t), kr_test_bytes("old", 3), kr_test_bytes("old", 3),
                  kr_test_bytes("old", 3)};
    EXPECT_OK(look(t, wall, fds, &answer));
    EXPECT_STR(kr_json_str(answer, "kind", ""), "photo");
    EXPECT_INT(kr_json_int(answer, "width", 0), 1600);
    for (int i = 0; i < 3; i++) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *thumb = NULL;
        const struct kr_picture_params params = KR_PICTURE_DEFAULTS;
        EXPECT(lseek(fds[i + 1], 0, SEEK_SET) == 0);
        EXPECT_OK(kr_picture_load(fds[i + 1], &params, &thumb, &t->err));
        EXPECT_INT(thumb->width, longest[i]);
    }
    for (int i = 0; i < 4; i++)
        kr_fd_close(&fds[i]);
}

TEST(what_is_nothing_is_refused_and_leaves_no_thumbnail)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    json_t *answer;
    int fds[4] = {kr_test_bytes("a shopping list", 15), kr_test_bytes("", 0), kr_test_bytes("", 0),
                  kr_test_bytes("", 0)};
    EXPECT_FAIL(look(t, wall, fds, &answer), KR_E_UNSUPPORTED);
    for (int i = 0; i < 4; i++) {
        EXPECT(i == 0 || lseek(fds[i], 0, SEEK_END) == 0);
        kr_fd_close(&fds[i]);
    }
}

TEST(a_side_car_is_read)
{
    static const char xmp[] =
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
        "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">外婆和桥</rdf:li></rdf:Alt>"
        "</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>";
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes(xmp, sizeof xmp - 1);
    const struct kr_question question = {.task = "sidecar", .fds = &fd, .fd_count = 1};
    EXPECT_OK(kr_wall_ask(wall, &question, &answer, &t->err));
    EXPECT_STR(kr_json_str(kr_json_get(answer, "meta"), "caption", ""), "外婆和桥");
    EXPECT(ftruncate(fd, 30) == 0);
    json_t *none;
    EXPECT_FAIL(kr_wall_ask(wall, &question, &none, &t->err), KR_E_INVALID);
}

// Every file in the folder is told or called damaged, whatever it does to a worker.
static void look_at_all(struct kr_test *t, struct kr_wall *wall, const char *folder, int *seen)
{
    DIR *dir = opendir(folder);
    EXPECT(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        KR_AUTO(kr_json_drop) json_t *answer = NULL;
        if (entry->d_name[0] == '.')
            continue;
        int fds[4] = {openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC), kr_test_bytes("", 0),
                      kr_test_bytes("", 0), kr_test_bytes("", 0)};
        EXPECT(fds[0] >= 0);
        if (look(t, wall, fds, &answer))
            EXPECT(kr_json_get(answer, "kind") || kr_json_get(answer, "damaged"));
        else
            EXPECT(t->err.code != KR_OK && t->err.code != KR_E_INTERNAL);
        for (int i = 0; i < 4; i++)
            kr_fd_close(&fds[i]);
        ++*seen;
    }
    closedir(dir);
}

TEST(hostile_files_get_an_answer_and_the_wall_stands)
{
    const char *folder = kr_test_material(t, "hostile/open/mozilla-broken-media");
    if (!folder)
        SKIP("no ../shared/material");
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    int seen = 0;
    look_at_all(t, wall, folder, &seen);
    EXPECT(seen > 10);
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    int fds[4] = {photograph(t), kr_test_bytes("", 0), kr_test_bytes("", 0), kr_test_bytes("", 0)};
    EXPECT_OK(look(t, wall, fds, &answer));
    for (int i = 0; i < 4; i++)
        kr_fd_close(&fds[i]);
}

MAIN(CASE(a_photograph_is_told_and_gets_its_thumbnails),
     CASE(what_is_nothing_is_refused_and_leaves_no_thumbnail), CASE(a_side_car_is_read),
     CASE(hostile_files_get_an_answer_and_the_wall_stands))
