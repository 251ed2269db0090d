// SPDX-License-Identifier: AGPL-3.0-or-later
// film.h: a shot list becomes a film.
//
// Photographs with a gliding camera, clips, cards and captions, voices and
// music, as one MP4 that every player plays, with chapters, a WebVTT file of
// its words and a poster. (1) The same list and media give the same frames and
// samples. (2) Memory does not grow with the film's length. (3) Nothing of a
// clip outside its part is shown or heard. (4) No voice is made by a machine.
// Runs behind the wall: it knows descriptors, not files. One thread at a time.

#pragma once
#include "base/json.h"

// `shot_list` is described in docs/formats/story.md; media_fds[i] is its medium
// number i. out_fd: a seekable file opened for reading and writing; vtt_fd and
// poster_fd (JPEG) may be -1. Every descriptor stays the caller's; media are
// read at places of their own, so one may stand for several numbers.
// progress (may be NULL) is told [0,1] a few times a second; false stops with
// KR_E_INTERRUPTED. *answer: {"duration_ms", "width", "height", "fps", "frames",
// "loudness_lufs" (null for silence), "true_peak_db", "chapters": [{"start_ms", "title"}]}.
KR_CHECK bool kr_film_compile(const json_t *shot_list, const int *media_fds, size_t n, int out_fd,
                              int vtt_fd, int poster_fd,
                              bool (*progress)(void *context, double done), void *context,
                              json_t **answer, struct kr_err *err);
