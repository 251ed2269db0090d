// SPDX-License-Identifier: AGPL-3.0-or-later
// picture.h: photographs in and out.
//
// Loading gives an upright frame (EXIF orientation applied) in sRGB (through
// the file's own profile); alpha is laid on white. JPEG, PNG (16 bit), TIFF,
// WebP, GIF and HEIC/AVIF by libvips, BMP and JPEG 2000 by FFmpeg, RAW by its
// embedded preview. KR_E_TOO_BIG beyond `most_pixels`, KR_E_DAMAGED for what
// cannot be decoded, KR_E_UNSUPPORTED for what is no picture.

#pragma once
#include "media/frame.h"

struct kr_picture_params {
    enum kr_pixels pixels; // KR_RGB8 or KR_RGB16
    int fit;               // longest side at most this (shrink on load); 0: as it is
    int64_t most_pixels;   // of the picture in the file
};
#define KR_PICTURE_DEFAULTS ((struct kr_picture_params){KR_RGB8, 0, 400000000})

KR_CHECK bool kr_picture_load(int fd, const struct kr_picture_params *params, struct kr_frame **out,
                              struct kr_err *err);

enum kr_picture_format { KR_JPEG, KR_WEBP, KR_PNG, KR_TIFF };
struct kr_picture_save_params {
    enum kr_picture_format format;
    int quality;       // [1,100] for JPEG and WebP
    int metadata_from; // a descriptor whose EXIF and XMP go along (orientation set to 1), or -1
};
#define KR_PICTURE_SAVE_DEFAULTS ((struct kr_picture_save_params){KR_JPEG, 90, -1})

// Writes KR_RGB8, KR_RGB16 (TIFF and PNG keep 16 bit) or KR_GRAY8, tagged sRGB.
KR_CHECK bool kr_picture_save(const struct kr_frame *frame, int fd,
                              const struct kr_picture_save_params *params, struct kr_err *err);
// "jpeg", "webp", "png", "tiff"; by a file's ending or by name. false for others.
KR_CHECK bool kr_picture_format_of(const char *ending, enum kr_picture_format *out);
