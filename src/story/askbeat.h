// SPDX-License-Identifier: AGPL-3.0-or-later
// askbeat.h: an answered question becomes part of a story.
#pragma once
#include "archive/asks.h"
#include "story/story.h"

// The camera goes from the whole picture to the region: kept to the picture's shape, with room
// around it, and not closer than the picture is sharp (long_px is its longer side).
struct kr_rect kr_ask_closeness(const struct kr_rect *region, int long_px);

// The beats of a question and one of its answers, or its first where `claim` is "": the picture
// with the camera's move, the voice as narration (or the words of a written answer), the question
// as caption; a film or picture that was the answer is a second beat. A list that a story takes
// (docs/formats/story.md). KR_E_NOT_FOUND where nothing was answered.
KR_CHECK bool kr_ask_beats(struct kr_store *store, struct kr_arena *mem, const struct kr_ask *ask,
                           const struct kr_listener *to, const char *claim, json_t **out,
                           struct kr_err *err);
