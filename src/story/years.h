// SPDX-License-Identifier: AGPL-3.0-or-later
// years.h: what a beat's small line tells of its years, looked up in the archive.
//
// A beat may name a mark or an era card instead of writing "1978 · 永久牌自行车". Looked up,
// the words stand in the story itself, so that it can be told again where the mark was taken
// back and the card is gone.

#pragma once
#include "store/store.h"
#include "story/story.h"

// Fills in the text of every beat that names a mark or a card and has none, in `story`
// (which lives in `mem`) and in the JSON it was read from. KR_E_INVALID where there is none.
KR_CHECK bool kr_story_look_up(struct kr_store *store, struct kr_arena *mem, json_t *json,
                               struct kr_story *story, struct kr_err *err);
