// SPDX-License-Identifier: AGPL-3.0-or-later
// sayers.h: whose words stand in a story.
//
// A beat says in `words_of` (docs/formats/story.md) who said what it shows in words, persons or the
// doors by which they came: so that they can let them rest. A question and its answer bring it
// along (story/askbeat.h); this adds who wrote the caption of a picture, where a beat tells it as
// it stands, and who marked the thing whose years it tells.

#pragma once
#include "base/json.h"
#include "store/store.h"

// Adds them to the beats of `story`, a story's JSON (story/story.h has checked it), up to
// KR_STORY_SAYERS for each.
KR_CHECK bool kr_story_name_sayers(struct kr_store *store, struct kr_arena *mem, json_t *story,
                                   struct kr_err *err);
