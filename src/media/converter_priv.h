// SPDX-License-Identifier: AGPL-3.0-or-later
// converter_priv.h (inside media only): decoded sound made into the sound that is wanted.
//
// Files change their rate, their layout and their sample format midway; the converter is
// made anew where they do.
#pragma once
#include <libavutil/frame.h>
#include <libswresample/swresample.h>

struct kr_converter { // {0} to begin with
    struct SwrContext *swr;
    struct {
        int rate, format, channels;
    } made_for; // what the decoder gave last
};

struct kr_converted { // what is wanted; the layout is borrowed, and read only
    AVChannelLayout *layout;
    enum AVSampleFormat format;
    int rate; // Hz
};

// Makes `converter->swr` fit for `frame`. Returns FFmpeg's error number, below 0, where it
// cannot; then swr is NULL.
int kr_converter_fit(struct kr_converter *converter, const AVFrame *frame,
                     const struct kr_converted *to);
void kr_converter_finish(struct kr_converter *converter);

// A layout that says which channel is which, even where the file only says how many.
// *out is the caller's to uninit. Returns FFmpeg's error number, below 0, where it fails.
int kr_layout_told(const AVChannelLayout *is, AVChannelLayout *out);
