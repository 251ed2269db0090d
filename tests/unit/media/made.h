// SPDX-License-Identifier: AGPL-3.0-or-later
// made.h: small pictures, films and sounds for the tests of media/.
#pragma once
#include "harness.h"
#include "media/picture.h"
#include "media/reader.h"
#include "media/writer.h"

// Whether an address sanitizer runs: it needs terabytes of address space, so
// limits on that cannot be tried.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { MADE_SANITIZED = true };
#else
enum { MADE_SANITIZED = false };
#endif
#elif defined(__SANITIZE_ADDRESS__)
enum { MADE_SANITIZED = true };
#else
enum { MADE_SANITIZED = false };
#endif

// A file without a name, for reading and writing.
int made_file(void);

// Grey frames whose brightness tells their number: luma 40 + 4 * (i % 40).
void made_film_frame(struct kr_frame *frame, int i);
int made_frame_number(const struct kr_frame *frame); // [0,40), -1 for none of ours

struct made_film {
    int width, height, frames, fps_num, fps_den, channels;
    double tone_s; // length of the sound; a click of 10 ms lies at each whole second
    const char *title, *language;
    const struct kr_chapter *chapters;
    size_t chapter_count;
};
int made_film(struct kr_test *t, const struct made_film *film);

// A coloured picture with soft shapes and some detail, as KR_RGB8 or KR_RGB16.
struct kr_frame *made_picture(struct kr_test *t, enum kr_pixels pixels, int width, int height);
int made_picture_file(struct kr_test *t, const struct kr_frame *frame,
                      enum kr_picture_format format, int quality);

// The mean of a channel inside a rectangle of an RGB8 frame.
double made_mean(const struct kr_frame *frame, int x, int y, int width, int height, int channel);

// Runs the ffmpeg program where it is installed; false where it is not. `args`
// end with a path below the test's folder, which is opened and given in *fd.
bool made_by_ffmpeg(struct kr_test *t, const char *name, int *fd, const char *const *args);
