// SPDX-License-Identifier: AGPL-3.0-or-later
// handlers.h: what the rows of routes.c do, by file. Each reads the request, does one call into a
// folder above, and answers. What concerns the family itself stands in handlers_family.h.

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

// Answers a link that lets somebody in, as text and as a QR code: 201, and kept by no cache.
KR_CHECK bool kr_web_tell_link(struct kr_request *request, struct kr_answer *answer, const char *id,
                               const char *code, const char *link, struct kr_err *err);
// "https://lamp.local:8420", as the asker called the house, or as it is reached by others where
// that is an address of this machine alone; for a `guest` by the plain door (web/reach.h). In the
// request's arena.
const char *kr_web_address(struct kr_request *request, bool guest);

// Runs an act over `items` (ids) or over what the body's "query" finds, and answers it.
KR_CHECK bool kr_web_run_batch(struct kr_request *request, struct kr_answer *answer,
                               struct kr_store *store, const json_t *body, const json_t *items,
                               const json_t *todo, struct kr_err *err);

// assets.c
KR_HANDLER(page);
KR_HANDLER(words);
KR_HANDLER(openapi);
// about.c
KR_HANDLER(about_me);
KR_HANDLER(say_about_me);
KR_HANDLER(lit_up);
KR_HANDLER(sit_down);
KR_HANDLER(sit_offer);
KR_HANDLER(sit_again);
KR_HANDLER(sit_mood);
KR_HANDLER(sit_never);
KR_HANDLER(sit_end);
KR_HANDLER(sittings);
KR_HANDLER(sittings_csv);
KR_HANDLER(frame);

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
// news.c
KR_HANDLER(live);
// consent.c
KR_HANDLER(consent);
KR_HANDLER(say_consent);
KR_HANDLER(release);
KR_HANDLER(may);
// asks.c
struct kr_listener kr_web_listener(const struct kr_request *request); // who is told what was asked
KR_HANDLER(asks);
KR_HANDLER(ask_say);
KR_HANDLER(ask);
KR_HANDLER(ask_take_back);
KR_HANDLER(ask_annotation);
KR_HANDLER(ask_answer);
KR_HANDLER(ask_answer_back);
KR_HANDLER(ask_answer_media);
KR_HANDLER(ask_answer_small);
KR_HANDLER(ask_beats);
KR_HANDLER(ask_card);
KR_HANDLER(ask_link);
KR_HANDLER(ask_picture);
KR_HANDLER(ask_play);
// enter.c
KR_HANDLER(me);
KR_HANDLER(enter);
KR_HANDLER(leave);
KR_HANDLER(own);
KR_HANDLER(password);
// passkeys.c
KR_HANDLER(enter_begin);
KR_HANDLER(enter_finish);
KR_HANDLER(passkeys);
KR_HANDLER(know_begin);
KR_HANDLER(know_finish);
KR_HANDLER(call_passkey);
KR_HANDLER(forget_passkey);
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
KR_HANDLER(film_without);
// mounts.c
KR_HANDLER(mounts);
KR_HANDLER(learn_mount);
KR_HANDLER(forget_mount);
// jobs.c
KR_HANDLER(jobs);
KR_HANDLER(job);
KR_HANDLER(make_job);
KR_HANDLER(cancel_job);
// coach.c
KR_HANDLER(coach);
KR_HANDLER(say_body);
// uploads.c
KR_HANDLER(upload_options);
KR_HANDLER(upload_create);
KR_HANDLER(upload_head);
KR_HANDLER(upload_patch);
KR_HANDLER(upload_delete);
extern const struct kr_pieces kr_upload_pieces;

#include "web/handlers_family.h"
