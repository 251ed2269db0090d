// SPDX-License-Identifier: AGPL-3.0-or-later
// handlers.h: what the rows of routes.c do, by file. Each reads the request,
// does one call into a folder above, and answers.

#pragma once
#include "web/house.h"
#include "web/routes.h"

#define KR_HANDLER(name)                                                                           \
    bool kr_web_##name(struct kr_request *request, struct kr_answer *answer, struct kr_err *err)

struct kr_item;
// The item that the route's first place names, with the text in the request's
// arena; KR_E_NOT_FOUND for what is no id too.
KR_CHECK bool kr_web_item_of(struct kr_request *request, struct kr_store *store,
                             struct kr_item *out, struct kr_err *err);
// Answers the Item, as it is now.
KR_CHECK bool kr_web_tell_item(struct kr_request *request, struct kr_answer *answer,
                               struct kr_store *store, struct kr_err *err);

// Runs an act over `items` (ids) or over what the body's "query" finds, and answers it.
KR_CHECK bool kr_web_run_batch(struct kr_request *request, struct kr_answer *answer,
                               struct kr_store *store, const json_t *body, const json_t *items,
                               const json_t *todo, struct kr_err *err);

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
// assets.c
KR_HANDLER(page);
KR_HANDLER(words);
KR_HANDLER(openapi);
// about.c
KR_HANDLER(about);
KR_HANDLER(timeline);
// items.c
KR_HANDLER(items);
KR_HANDLER(item);
KR_HANDLER(have);
KR_HANDLER(search);
// say.c
KR_HANDLER(claim);
KR_HANDLER(trash_item);
KR_HANDLER(untrash_item);
KR_HANDLER(trash);
KR_HANDLER(empty_trash);
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
// news.c
KR_HANDLER(live);
// consent.c
KR_HANDLER(consent);
KR_HANDLER(say_consent);
KR_HANDLER(release);
KR_HANDLER(may);
// enter.c
KR_HANDLER(me);
KR_HANDLER(enter);
KR_HANDLER(leave);
KR_HANDLER(own);
KR_HANDLER(password);
// doors.c
KR_HANDLER(accounts);
KR_HANDLER(add_account);
KR_HANDLER(change_account);
KR_HANDLER(end_account);
KR_HANDLER(invitations);
KR_HANDLER(invite);
KR_HANDLER(take_back);
KR_HANDLER(sessions);
KR_HANDLER(end_session);
KR_HANDLER(homes);
KR_HANDLER(name_home);
// regions.c
KR_HANDLER(regions);
KR_HANDLER(unframed);
KR_HANDLER(add_region);
KR_HANDLER(move_region);
KR_HANDLER(drop_region);
KR_HANDLER(portraits);
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
// trust.c
KR_HANDLER(trust);
KR_HANDLER(house_ca);
KR_HANDLER(reach);
// media.c
KR_HANDLER(thumb);
KR_HANDLER(original);
KR_HANDLER(play);
KR_HANDLER(rendition_file);
// films.c
KR_HANDLER(films);
KR_HANDLER(film);
KR_HANDLER(film_file);
KR_HANDLER(film_captions);
KR_HANDLER(film_poster);
KR_HANDLER(make_film);
// jobs.c
KR_HANDLER(jobs);
KR_HANDLER(job);
KR_HANDLER(make_job);
KR_HANDLER(cancel_job);
// recordings.c
KR_HANDLER(recordings);
KR_HANDLER(recording_begin);
KR_HANDLER(recording);
KR_HANDLER(recording_end);
KR_HANDLER(recording_give_up);
KR_HANDLER(recording_keep);
KR_HANDLER(recording_piece);
// uploads.c
KR_HANDLER(upload_options);
KR_HANDLER(upload_create);
KR_HANDLER(upload_head);
KR_HANDLER(upload_patch);
KR_HANDLER(upload_delete);
extern const struct kr_pieces kr_upload_pieces;
