// SPDX-License-Identifier: AGPL-3.0-or-later
// handlers_family.h: the second half of handlers.h: persons, what is said of things, what may
// be shown, recordings, sittings.

#pragma once
#include "web/handlers.h"

// acts.c
KR_HANDLER(acts);
KR_HANDLER(do_act);
KR_HANDLER(undo_act);
// albums.c
KR_HANDLER(albums);
KR_HANDLER(add_album);
KR_HANDLER(album);
KR_HANDLER(say_album);
KR_HANDLER(drop_album);
KR_HANDLER(album_items);
KR_HANDLER(move_album_items);
KR_HANDLER(hidden);
// persons.c
KR_HANDLER(persons);
KR_HANDLER(add_person);
KR_HANDLER(person);
KR_HANDLER(say_person);
KR_HANDLER(person_items);
KR_HANDLER(person_kin);
KR_HANDLER(flags);
KR_HANDLER(name_region);
KR_HANDLER(item_persons);
// consent.c
KR_HANDLER(consent);
KR_HANDLER(say_consent);
KR_HANDLER(release);
KR_HANDLER(may);
// regions.c
KR_HANDLER(regions);
KR_HANDLER(unframed);
KR_HANDLER(add_region);
KR_HANDLER(move_region);
KR_HANDLER(drop_region);
KR_HANDLER(portraits);
// rounds.c
KR_HANDLER(rounds);
KR_HANDLER(round);
KR_HANDLER(round_begin);
KR_HANDLER(round_say);
KR_HANDLER(round_end);
// era.c
KR_HANDLER(era);
KR_HANDLER(era_line);
KR_HANDLER(era_card);
KR_HANDLER(era_media);
KR_HANDLER(marks);
KR_HANDLER(item_marks);
// housework.c: what only keepers ask for and see
KR_HANDLER(folders);
KR_HANDLER(backup);
KR_HANDLER(settings);
KR_HANDLER(change_settings);
bool kr_web_is_housework(const char *kind); // of a job
// Answers a POST of such a job.
KR_CHECK bool kr_web_ask_housework(struct kr_request *request, struct kr_answer *answer,
                                   const json_t *body, struct kr_err *err);
// recordings.c
KR_HANDLER(recordings);
KR_HANDLER(recording_begin);
KR_HANDLER(recording);
KR_HANDLER(recording_end);
KR_HANDLER(recording_give_up);
KR_HANDLER(recording_keep);
KR_HANDLER(recording_piece);
