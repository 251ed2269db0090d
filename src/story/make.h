// SPDX-License-Identifier: AGPL-3.0-or-later
// make.h: a story of the archive becomes a film that is kept beside it.
//
// Media references of such a story are item ids. The story itself is stated as
// a claim (it is somebody's telling); the film, its captions and its poster are
// renditions of it and can be made again.

#pragma once
#include "archive/may.h"
#include "archive/treat.h"
#include "story/shots.h"

struct kr_film_files { // what a film becomes; the caller's descriptors, empty and seekable
    int film, captions, poster;
};

// Compiles a shot list whose media are open; *answer is the task's (film/film.h).
KR_CHECK bool kr_film_compile_fds(struct kr_wall *wall, const struct kr_shots *shots,
                                  const int *media, const struct kr_film_files *files,
                                  bool (*progress)(void *context, double done), void *context,
                                  json_t **answer, struct kr_err *err);

// A story whose media are items: fills `film` with the id of the film, which is that of
// its story; the recipe of its renditions is the answer with title and language.
KR_CHECK bool kr_film_make(struct kr_store *store, struct kr_wall *wall, const json_t *story,
                           const char *who, bool (*progress)(void *context, double done),
                           void *context, char film[static KR_UUID_TEXT], struct kr_err *err);

// Whether everybody and everything in a film may be shown (archive/may.h). One that may not
// is withheld until it has been made again without them.
KR_CHECK bool kr_film_may(struct kr_store *store, struct kr_arena *mem, const char *film,
                          const struct kr_view *view, bool *out, struct kr_err *err);
// One of a film's files: kind "film", "captions" or "poster".
KR_CHECK bool kr_film_file(struct kr_store *store, struct kr_arena *mem, const char *film,
                           const char *kind, struct kr_rendition *out, struct kr_err *err);
