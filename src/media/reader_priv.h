// SPDX-License-Identifier: AGPL-3.0-or-later
// reader_priv.h (inside media only): the two halves of a reader.
//
// Both are pulled: a pull gives something, or asks for another packet, or ends.
// So nothing gathers in memory while the reader waits.

#pragma once
#include "media/converter_priv.h"
#include "media/demux_priv.h"
#include "media/film_graph_priv.h"
#include "media/reader.h"

enum { KR_WAITING_MOST = 64 }; // packets

enum kr_pull { KR_PULL_GAVE, KR_PULL_HUNGRY, KR_PULL_ENDED, KR_PULL_FAILED };

// The time of a stream made steady: without stamps, backward steps and absurd gaps.
struct kr_steady {
    bool begun;
    double last_s;  // of what came last
    double shift_s; // added to all that comes
};
// `at_s` may be NAN; `lasts_s` is how long the one before lasted.
double kr_steady_time(struct kr_steady *steady, double at_s, double lasts_s);

struct kr_film {           // the picture half
    AVCodecContext *codec; // NULL: no pictures wanted, or none there
    AVStream *stream;
    AVFrame *decoded, *filtered;
    struct kr_film_graph graph;
    bool drained, flushed, ended; // the decoder, the graph, everything
    int turn;
    struct kr_steady steady;
    double nominal_s; // how long a frame lasts where it does not say
    AVRational rate;  // of what is decoded, nominally
    double lasts_s;   // of the last decoded
    struct kr_frame_pool *pool;
    struct kr_frame *held, *fresh; // shown until the fresh one begins
    bool early;                    // the held frame is from before the wanted part
    int64_t next;                  // with a constant rate: the index to give next
    int64_t damaged;
};

struct kr_sound { // the sound half
    AVCodecContext *codec;
    AVStream *stream;
    AVFrame *decoded;
    struct kr_converter converter;
    bool drained, flushed, ended, begun;
    struct kr_steady steady;
    double lasts_s;
    int64_t at;  // the index of the next sample to come out
    int64_t gap; // of silence that comes first
    struct kr_samples *ready;
    int64_t damaged;
};

struct kr_reader {
    int fd;
    struct kr_reader_params params;
    struct kr_reader_info info;
    struct kr_demux demux;
    AVPacket *packet;
    AVPacket *waiting[KR_WAITING_MOST]; // read while seeking, not decoded yet
    int waiting_count, waiting_next;
    bool input_ended, linear; // linear: do not seek, read from the start
    bool gave;
    int bad_reads; // one after the other
    struct kr_film film;
    struct kr_sound sound;
};

KR_CHECK bool kr_film_open(struct kr_reader *reader, struct kr_err *err);
void kr_film_close(struct kr_film *film);
enum kr_pull kr_film_pull(struct kr_reader *reader, struct kr_frame **out, struct kr_err *err);

KR_CHECK bool kr_reader_sound_open(struct kr_reader *reader, struct kr_err *err);
void kr_reader_sound_close(struct kr_sound *sound);
enum kr_pull kr_reader_sound_pull(struct kr_reader *reader, struct kr_samples **out,
                                  struct kr_err *err);

// Where the wanted part ends, from its start; infinite where it does not.
double kr_reader_limit(const struct kr_reader *reader);
