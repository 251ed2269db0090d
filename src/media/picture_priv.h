// SPDX-License-Identifier: AGPL-3.0-or-later
// picture_priv.h (inside media only): a picture as rows, whoever decodes it.
//
// libvips, FFmpeg and the RAW previews all end here: rows of colour without
// alpha, as they lie in the file, with what must still be done to them (colour,
// turning). One function makes a frame of them, shrinking on the way.

#pragma once
#include "media/colour_priv.h"
#include "media/picture.h"
#include "media/sniff_priv.h"
#include "media/turn_priv.h"

struct kr_rows {
    int width, height;           // of the rows that come; maybe already shrunk
    int full_width, full_height; // in the file
    enum kr_model model;
    bool wide;             // uint16_t samples
    struct kr_str profile; // ICC, lives as long as the rows; may be empty
    int orientation;       // EXIF, [1,8], what is left to turn
    bool damaged;          // some rows could not be read and are grey
    char why[160];         // the reason
    // The next row: width x (1, 3 or 4) samples.
    bool (*next)(struct kr_rows *rows, void *row, struct kr_err *err);
    void (*close)(struct kr_rows *rows); // frees all, the struct too
    struct kr_str exif, xmp; // blobs of formats gexiv2 cannot read; live as long as the rows
};

struct kr_open_picture {
    int fd;              // or -1:
    struct kr_str bytes; // in memory, outlives the rows
    struct kr_sniffed sniffed;
    int fit;
    int64_t most_pixels;
};
// Opens by what the first bytes say.
KR_CHECK bool kr_rows_open(const struct kr_open_picture *open, struct kr_rows **out,
                           struct kr_err *err);
void kr_rows_close(struct kr_rows **rows);
KR_CHECK bool kr_rows_vips(const struct kr_open_picture *open, struct kr_rows **out,
                           struct kr_err *err);
KR_CHECK bool kr_rows_ffmpeg(const struct kr_open_picture *open, struct kr_rows **out,
                             struct kr_err *err);
KR_CHECK bool kr_rows_raw(const struct kr_open_picture *open, struct kr_rows **out,
                          struct kr_err *err);

// Reads all rows into an upright sRGB frame, its longest side at most `fit` (0: all).
KR_CHECK bool kr_rows_frame(struct kr_rows *rows, enum kr_pixels pixels, int fit,
                            struct kr_frame **out, struct kr_err *err);

// States a failure of libvips with its own words, and clears them.
bool kr_fail_vips(struct kr_err *err, enum kr_code code, const char *attempt);
// The same of an FFmpeg error number.
bool kr_fail_av(struct kr_err *err, int code, const char *attempt);
