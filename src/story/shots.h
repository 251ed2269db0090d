// SPDX-License-Identifier: AGPL-3.0-or-later
// shots.h: from a story to the shot list that the film compiler follows.
//
// A story says what is told; the shot list says it completely: a title card, a
// shot for each beat with its time, its camera move, its chapter, and an end
// card. It is the `film` task's JSON (docs/formats/story.md, "The shot list") and
// speaks of media by number, so that nothing behind the wall ever sees a path.
// What depends on a file's content (its length, whether it moves) is left to
// the sealed side. (1) The same story gives the same shot list, byte for byte.
// Threads: no state.

#pragma once
#include "story/story.h"

struct kr_shots_params {
    int width, height; // px, even, [64, 3840]
    int fps;           // [1, 60]
};
#define KR_SHOTS_DEFAULTS ((struct kr_shots_params){1920, 1080, 25})

struct kr_shots {
    json_t *list;            // owned; see kr_shots_finish()
    const char **references; // of each media number, each once; in the arena
    size_t reference_count;
};

KR_CHECK bool kr_shots_make(struct kr_arena *mem, const struct kr_story *story,
                            const struct kr_shots_params *params, struct kr_shots *out,
                            struct kr_err *err);
void kr_shots_finish(struct kr_shots *shots);

// Who knows where a reference lies: fills *fd (handed over) or fails.
typedef bool (*kr_shots_resolver)(void *context, const char *reference, int *fd,
                                  struct kr_err *err);
// Opens every reference in order into fds[reference_count]; after a failure
// none is open.
KR_CHECK bool kr_shots_open(const struct kr_shots *shots, kr_shots_resolver resolver, void *context,
                            int *fds, struct kr_err *err);
void kr_shots_close(const struct kr_shots *shots, int *fds);

// A resolver for story files: `context` points to a descriptor (int) of the
// story's folder. Only regular files that lie below it are opened, also by way of links.
KR_CHECK bool kr_shots_resolve_file(void *context, const char *reference, int *fd,
                                    struct kr_err *err);
