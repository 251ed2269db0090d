// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/routes.h"

#include "web/handlers.h"
#include <assert.h>
#include <string.h>

enum { KIB = 1024, MIB = 1024 * 1024 };
#define TIB (UINT64_C(1) << 40)

// Method, path, who may, where, body, its largest size, time budget (ms), handler, query, doc.
#define ROUTE(method, pattern, may, place, body, most, budget, handle, fields, doc)                \
    {                                                                                              \
        KR_##method, pattern, KR_MAY_##may, KR_PLACE_##place, KR_BODY_##body, most, budget,        \
            kr_web_##handle, fields, doc, NULL                                                     \
    }
#define PIECES(method, pattern, may, most, budget, handle, doc, pieces)                            \
    {                                                                                              \
        KR_##method, pattern, KR_MAY_##may, KR_PLACE_DESK, KR_BODY_PIECES, most, budget,           \
            kr_web_##handle, "", doc, pieces                                                       \
    }

// clang-format off: one row, one line or two
const struct kr_route kr_routes[] = {
    ROUTE(GET, "/api/v1/about", VIEWER, DESK, NONE, 0, 50, about, "",
          "How much the house holds, and which version this is."),
    ROUTE(GET, "/api/v1/accounts", KEEPER, DESK, NONE, 0, 50, accounts, "",
          "Who may sign in to this home, and as what."),
    ROUTE(POST, "/api/v1/accounts", KEEPER, DESK, JSON, 4 * KIB, 2000, add_account, "",
          "A new account: a name, a role, perhaps a password and a person."),
    ROUTE(POST, "/api/v1/accounts/{id}", KEEPER, DESK, JSON, 4 * KIB, 2000, change_account, "",
          "Another role, person or password for an account."),
    ROUTE(DELETE, "/api/v1/accounts/{id}", KEEPER, DESK, NONE, 0, 200, end_account, "",
          "Ends an account and its sessions."),
    ROUTE(GET, "/api/v1/acts", VIEWER, DESK, NONE, 0, 200, acts, "before limit",
          "What was done last to many items, in words, newest first."),
    ROUTE(POST, "/api/v1/acts", TELLER, DESK, JSON, 256 * KIB, 5000, do_act, "",
          "Does one thing to many items: a date, a place, persons, an album, out of sight."),
    ROUTE(POST, "/api/v1/acts/{id}/undo", TELLER, DESK, JSON, 4 * KIB, 5000, undo_act, "",
          "Takes an act back, whole; an undo too."),
    ROUTE(GET, "/api/v1/albums", VIEWER, DESK, NONE, 0, 100, albums, "",
          "All albums, in the order of their titles."),
    ROUTE(POST, "/api/v1/albums", TELLER, DESK, JSON, 4 * KIB, 200, add_album, "", "A new album."),
    ROUTE(GET, "/api/v1/albums/{id}", VIEWER, DESK, NONE, 0, 100, album, "",
          "One album, with the order of what is in it."),
    ROUTE(POST, "/api/v1/albums/{id}", TELLER, DESK, JSON, 1 * MIB, 1000, say_album, "",
          "Another title, another order."),
    ROUTE(DELETE, "/api/v1/albums/{id}", TELLER, DESK, NONE, 0, 200, drop_album, "",
          "Takes an album away, not what is in it; answers the act that can be undone."),
    ROUTE(GET, "/api/v1/albums/{id}/items", VIEWER, DESK, NONE, 0, 100, album_items, "cursor limit",
          "What is in an album, in its order."),
    ROUTE(POST, "/api/v1/albums/{id}/items", TELLER, DESK, JSON, 256 * KIB, 5000, move_album_items,
          "", "Puts items into an album or takes them out; answers the act."),
    ROUTE(GET, "/api/v1/asks", VIEWER, DESK, NONE, 0, 100, asks, "item state",
          "Questions: of an item, or of the home; state is open or answered."),
    ROUTE(POST, "/api/v1/asks", TELLER, DESK, JSON, 32 * KIB, 200, ask_say, "",
          "Asks something of an item, or of a part of it."),
    ROUTE(GET, "/api/v1/asks/{id}", GUEST, DESK, NONE, 0, 50, ask, "",
          "A question and its answers; a guest only theirs."),
    ROUTE(DELETE, "/api/v1/asks/{id}", TELLER, DESK, NONE, 0, 200, ask_take_back, "",
          "Takes a question back, with every link about it."),
    ROUTE(GET, "/api/v1/asks/{id}/annotation.json", VIEWER, DESK, NONE, 0, 50, ask_annotation, "",
          "A question and its answers as W3C Web Annotations."),
    ROUTE(POST, "/api/v1/asks/{id}/answers", GUEST, DESK, JSON, 32 * KIB, 200, ask_answer, "",
          "Answers a question: in words, or with what was brought in."),
    ROUTE(DELETE, "/api/v1/asks/{id}/answers/{claim}", GUEST, DESK, NONE, 0, 200, ask_answer_back,
          "", "Takes an answer back: one's own, or as a teller."),
    ROUTE(GET, "/api/v1/asks/{id}/answers/{claim}/media", GUEST, DESK, NONE, 0, 50,
          ask_answer_media, "", "What was answered, or the voice that asks: to hear or see."),
    ROUTE(GET, "/api/v1/asks/{id}/answers/{claim}/small", GUEST, DESK, NONE, 0, 200,
          ask_answer_small, "", "The same, small enough for a thin line, or how far it is made."),
    ROUTE(GET, "/api/v1/asks/{id}/beats", VIEWER, DESK, NONE, 0, 50, ask_beats, "answer",
          "An answered question as beats of a story."),
    ROUTE(GET, "/api/v1/asks/{id}/card.jpg", TELLER, DESK, NONE, 0, 2000, ask_card, "code",
          "A question as one picture to send or print, with its code."),
    ROUTE(POST, "/api/v1/asks/{id}/link", TELLER, DESK, JSON, 4 * KIB, 200, ask_link, "",
          "A link about a question: who has it may answer, and is shown nothing else."),
    ROUTE(GET, "/api/v1/asks/{id}/picture/{size}", GUEST, DESK, NONE, 0, 50, ask_picture, "",
          "The picture that is asked about, as a JPEG of 256, 1024 or 2048 pixels."),
    ROUTE(GET, "/api/v1/asks/{id}/play", GUEST, DESK, NONE, 0, 50, ask_play, "",
          "The film or recording that is asked about, as far as a browser plays it, with ranges."),
    ROUTE(GET, "/api/v1/backup", KEEPER, DESK, NONE, 0, 50, backup, "",
          "Where the backup lies, when it is made, and how the last one went."),
    ROUTE(GET, "/api/v1/coach", VIEWER, DESK, NONE, 0, 500, coach, "",
          "What the coach can tell: scene cards, advice, and what one's own body cannot do."),
    ROUTE(POST, "/api/v1/coach/body", VIEWER, DESK, JSON, 4 * KIB, 500, say_body, "",
          "Says what one's own body cannot do; nobody else is told."),
    ROUTE(POST, "/api/v1/enter", ANYONE, DESK, JSON, 4 * KIB, 2000, enter, "",
          "Comes in by name and password, or by the code of an invitation; sets a cookie."),
    ROUTE(POST, "/api/v1/enter/passkey", ANYONE, DESK, JSON, 4 * KIB, 50, enter_begin, "",
          "Asks any device that is known here to sign: a challenge, good for five minutes."),
    ROUTE(POST, "/api/v1/enter/passkey/{challenge}", ANYONE, DESK, JSON, 16 * KIB, 200,
          enter_finish, "", "Comes in by what a known device has signed; sets a cookie."),
    ROUTE(GET, "/api/v1/era", VIEWER, DESK, NONE, 0, 100, era, "q from to pack calm",
          "Era cards: things, songs, prices of their years, by words, years or pack."),
    ROUTE(GET, "/api/v1/era-line", VIEWER, DESK, NONE, 0, 100, era_line, "from to pack calm",
          "The public line: what happened, by year, to be drawn beside the family's own."),
    ROUTE(GET, "/api/v1/era/{id}", VIEWER, DESK, NONE, 0, 100, era_card, "", "One era card."),
    ROUTE(GET, "/api/v1/era/{id}/media", VIEWER, DESK, NONE, 0, 100, era_media, "",
          "The picture of an era card, where it has one."),
    ROUTE(GET, "/api/v1/films", VIEWER, DESK, NONE, 0, 50, films, "", "All films, newest first."),
    ROUTE(POST, "/api/v1/films", TELLER, DESK, JSON, 1 * MIB, 200, make_film, "",
          "Makes a film of a story whose media are item ids; answers the job."),
    ROUTE(GET, "/api/v1/films/{id}", VIEWER, DESK, NONE, 0, 50, film, "", "One film."),
    ROUTE(GET, "/api/v1/films/{id}/captions.vtt", VIEWER, DESK, NONE, 0, 50, film_captions, "",
          "Its subtitles as WebVTT."),
    ROUTE(GET, "/api/v1/films/{id}/file", VIEWER, DESK, NONE, 0, 50, film_file, "",
          "The film itself, with ranges."),
    ROUTE(GET, "/api/v1/films/{id}/poster", VIEWER, DESK, NONE, 0, 50, film_poster, "",
          "One picture that stands for it."),
    ROUTE(POST, "/api/v1/films/{id}/without", KEEPER, DESK, JSON, 4 * KIB, 500, film_without, "",
          "Makes a withheld film again without what may not be shown; answers the job."),
    ROUTE(GET, "/api/v1/flags", VIEWER, DESK, NONE, 0, 2000, flags, "of",
          "Dates of persons that cannot be: of everybody, of a person, or in an item."),
    ROUTE(GET, "/api/v1/folders", KEEPER, DESK, NONE, 0, 5000, folders, "path",
          "The folders below one on the house's own machine; asked there alone."),
    ROUTE(GET, "/api/v1/frame", VIEWER, DESK, NONE, 0, 200, frame, "sitter step now last",
          "What a frame on a shelf shows: what stands there, if it still may, or the next."),
    ROUTE(POST, "/api/v1/have", TELLER, DESK, JSON, 1 * MIB, 100, have, "",
          "Which of these SHA-256 names the archive already holds."),
    ROUTE(GET, "/api/v1/hidden", VIEWER, DESK, NONE, 0, 50, hidden, "cursor limit",
          "What lies out of sight, newest first."),
    ROUTE(GET, "/api/v1/homes", VIEWER, DESK, NONE, 0, 50, homes, "",
          "The homes of this house; for anybody but an owner their own."),
    ROUTE(POST, "/api/v1/homes", OWNER, DESK, JSON, 4 * KIB, 200, name_home, "",
          "Another home, or another name for one."),
    ROUTE(GET, "/api/v1/invitations", KEEPER, DESK, NONE, 0, 50, invitations, "",
          "The links and cards that open this home."),
    ROUTE(POST, "/api/v1/invitations", KEEPER, DESK, JSON, 4 * KIB, 200, invite, "",
          "A link and card that opens this home without a password; its code is told once."),
    ROUTE(DELETE, "/api/v1/invitations/{id}", KEEPER, DESK, NONE, 0, 200, take_back, "",
          "Takes an invitation back, with every session that came by it."),
    ROUTE(GET, "/api/v1/items", VIEWER, DESK, NONE, 0, 50, items, "section kind cursor limit",
          "Items, newest first, a page at a time."),
    ROUTE(GET, "/api/v1/items/{id}", VIEWER, DESK, NONE, 0, 50, item, "",
          "Everything known of one item."),
    ROUTE(DELETE, "/api/v1/items/{id}", KEEPER, DESK, NONE, 0, 200, trash_item, "",
          "Puts an item into the trash, where it rests for 30 days."),
    ROUTE(POST, "/api/v1/items/{id}/claims", TELLER, DESK, JSON, 64 * KIB, 200, claim, "",
          "Says something of an item: its date, caption, title, place, keyword, favourite."),
    ROUTE(POST, "/api/v1/items/{id}/marks", TELLER, DESK, JSON, 16 * KIB, 200, item_marks, "",
          "Marks a thing in an item, or takes a mark back."),
    ROUTE(GET, "/api/v1/items/{id}/may", VIEWER, DESK, NONE, 0, 50, may, "audience sitter",
          "Whether an item may be shown now: to home, kin or public; before whoever sits; to "
          "keepers, who stands in the way."),
    ROUTE(GET, "/api/v1/items/{id}/original", VIEWER, DESK, NONE, 0, 50, original, "",
          "The original, byte for byte, with ranges."),
    ROUTE(POST, "/api/v1/items/{id}/persons", TELLER, DESK, JSON, 4 * KIB, 200, item_persons, "",
          "Says that a person is in an item, or is not after all."),
    ROUTE(GET, "/api/v1/items/{id}/play", VIEWER, DESK, NONE, 0, 50, play, "",
          "What a browser can play of it: the original or its proxy, with ranges."),
    ROUTE(POST, "/api/v1/items/{id}/regions", TELLER, DESK, JSON, 4 * KIB, 200, add_region, "",
          "Frames a place in an item: a face, or another thing."),
    ROUTE(POST, "/api/v1/items/{id}/regions/{claim}", TELLER, DESK, JSON, 4 * KIB, 200, move_region,
          "", "Moves a frame; it shows whom it showed."),
    ROUTE(DELETE, "/api/v1/items/{id}/regions/{claim}", TELLER, DESK, NONE, 0, 200, drop_region, "",
          "Takes a frame back: there is nothing there after all."),
    ROUTE(POST, "/api/v1/items/{id}/regions/{claim}/person", TELLER, DESK, JSON, 4 * KIB, 200,
          name_region, "", "Says who a region of an item shows, or takes that back."),
    ROUTE(POST, "/api/v1/items/{id}/release", VIEWER, DESK, JSON, 4 * KIB, 200, release, "",
          "Lets an item out beyond home, or refuses to: a keeper, and whoever is asked or in it."),
    ROUTE(GET, "/api/v1/items/{id}/thumb/{size}", VIEWER, DESK, NONE, 0, 50, thumb, "",
          "A JPEG whose longest side has at most 256, 1024 or 2048 pixels."),
    ROUTE(POST, "/api/v1/items/{id}/untrash", KEEPER, DESK, JSON, 4 * KIB, 200, untrash_item, "",
          "Takes an item out of the trash."),
    ROUTE(GET, "/api/v1/jobs", VIEWER, DESK, NONE, 0, 50, jobs, "",
          "The latest jobs, newest first."),
    ROUTE(POST, "/api/v1/jobs", TELLER, DESK, JSON, 64 * KIB, 500, make_job, "",
          "Asks for slow work: restore, kit or proxy of an item, add of a folder, backup."),
    ROUTE(GET, "/api/v1/jobs/{id}", VIEWER, DESK, NONE, 0, 50, job, "", "How far a job is."),
    ROUTE(DELETE, "/api/v1/jobs/{id}", TELLER, DESK, NONE, 0, 200, cancel_job, "",
          "Cancels a job."),
    ROUTE(POST, "/api/v1/leave", GUEST, DESK, JSON, 4 * KIB, 200, leave, "",
          "Goes out: the session ends."),
    ROUTE(GET, "/api/v1/live", GUEST, DESK, NONE, 0, 50, live, "after",
          "What is new, as it comes (server-sent events); it says that, never what."),
    ROUTE(GET, "/api/v1/marks", VIEWER, DESK, NONE, 0, 200, marks, "thing card",
          "All pictures of one thing in a row with their years; without a thing, what is marked."),
    ROUTE(GET, "/api/v1/me", ANYONE, DESK, NONE, 0, 50, me, "",
          "Who is asking: role, home, person; and whether the house has an owner."),
    ROUTE(GET, "/api/v1/mounts", VIEWER, DESK, NONE, 0, 50, mounts, "",
          "What carries a camera here: the mounts that the home has learnt."),
    ROUTE(POST, "/api/v1/mounts", TELLER, DESK, JSON, 4 * KIB, 200, learn_mount, "",
          "Learns a mount from a clip of a ride, under a name; answers the job."),
    ROUTE(DELETE, "/api/v1/mounts/{name}", TELLER, DESK, NONE, 0, 200, forget_mount, "",
          "Forgets a mount."),
    ROUTE(GET, "/api/v1/openapi.json", ANYONE, DOOR, NONE, 0, 50, openapi, "", "This description."),
    ROUTE(POST, "/api/v1/owner", ANYONE, DESK, JSON, 4 * KIB, 2000, own, "",
          "Names the first owner; at the house's own machine, and once."),
    ROUTE(GET, "/api/v1/passkeys", VIEWER, DESK, NONE, 0, 50, passkeys, "",
          "The devices that open the door for one's own account."),
    ROUTE(POST, "/api/v1/passkeys", VIEWER, DESK, JSON, 4 * KIB, 50, know_begin, "",
          "Asks a device to make a key for one's own account: a challenge, good for five minutes."),
    ROUTE(POST, "/api/v1/passkeys/{challenge}/keep", VIEWER, DESK, JSON, 16 * KIB, 200, know_finish,
          "", "Keeps the key that a device has made."),
    ROUTE(POST, "/api/v1/passkeys/{id}", VIEWER, DESK, JSON, 4 * KIB, 200, call_passkey, "",
          "Calls a device of one's own something else."),
    ROUTE(DELETE, "/api/v1/passkeys/{id}", VIEWER, DESK, NONE, 0, 200, forget_passkey, "",
          "A device of one's own opens the door no longer."),
    ROUTE(POST, "/api/v1/password", VIEWER, DESK, JSON, 4 * KIB, 2000, password, "",
          "Another password of one's own."),
    ROUTE(GET, "/api/v1/persons", VIEWER, DESK, NONE, 0, 100, persons, "q me",
          "Persons, in the order of their names as they sound; q finds by any name or pinyin."),
    ROUTE(POST, "/api/v1/persons", TELLER, DESK, JSON, 16 * KIB, 200, add_person, "",
          "A new person: a name, and what else is known."),
    ROUTE(GET, "/api/v1/persons/{id}", VIEWER, DESK, NONE, 0, 100, person, "",
          "Everything known of one person."),
    ROUTE(POST, "/api/v1/persons/{id}", TELLER, DESK, JSON, 16 * KIB, 500, say_person, "",
          "Says something of a person: a name, a day of life, a relation; or takes it back."),
    ROUTE(GET, "/api/v1/persons/{id}/about-me", VIEWER, DESK, NONE, 0, 50, about_me, "",
          "The card for whoever cares for a person, part by part."),
    ROUTE(POST, "/api/v1/persons/{id}/about-me", VIEWER, DESK, JSON, 4 * KIB, 200, say_about_me, "",
          "Says a line of it, or takes one back: the person, or a keeper."),
    ROUTE(GET, "/api/v1/persons/{id}/consent", GUEST, DESK, NONE, 0, 50, consent, "",
          "What a person lets be shown, and what is kept from them in a sitting."),
    ROUTE(POST, "/api/v1/persons/{id}/consent", GUEST, DESK, JSON, 4 * KIB, 500, say_consent, "",
          "Says so: their own word, or written down for them by a keeper."),
    ROUTE(GET, "/api/v1/persons/{id}/items", VIEWER, DESK, NONE, 0, 100, person_items,
          "cursor limit", "The items a person is in, newest first, with their age in each."),
    ROUTE(GET, "/api/v1/persons/{id}/kin", VIEWER, DESK, NONE, 0, 100, person_kin, "to",
          "What a person calls another, in Chinese and in English."),
    ROUTE(GET, "/api/v1/persons/{id}/lit-up", VIEWER, DESK, NONE, 0, 200, lit_up, "",
          "What lit a person up in sittings: for themself and keepers."),
    ROUTE(GET, "/api/v1/persons/{id}/portraits", VIEWER, DESK, NONE, 0, 500, portraits, "age",
          "One person's pictures by age, the best of each age first; or the one nearest an age."),
    ROUTE(GET, "/api/v1/reach", VIEWER, DESK, NONE, 0, 50, reach, "",
          "By which addresses the house is reached, and by what it is trusted."),
    ROUTE(GET, "/api/v1/recordings", VIEWER, DESK, NONE, 0, 100, recordings, "",
          "Recordings that are on their way in, or were left so."),
    ROUTE(POST, "/api/v1/recordings", GUEST, DESK, JSON, 16 * KIB, 200, recording_begin, "",
          "Begins a recording that comes in piece by piece."),
    ROUTE(GET, "/api/v1/recordings/{id}", GUEST, DESK, NONE, 0, 50, recording, "",
          "Which pieces of a recording are here."),
    ROUTE(POST, "/api/v1/recordings/{id}/end", GUEST, DESK, JSON, 4 * KIB, 30000, recording_end, "",
          "Tells how many pieces there are; once all are here it becomes an item."),
    ROUTE(POST, "/api/v1/recordings/{id}/give-up", GUEST, DESK, JSON, 4 * KIB, 500,
          recording_give_up, "", "Gives a recording up: its pieces are removed."),
    ROUTE(POST, "/api/v1/recordings/{id}/keep", TELLER, DESK, JSON, 4 * KIB, 30000, recording_keep,
          "", "Keeps a recording that nobody ended, as far as it came without a gap."),
    ROUTE(PUT, "/api/v1/recordings/{id}/pieces/{n}", GUEST, DESK, BYTES, 4 * MIB, 500,
          recording_piece, "", "One piece; what is acknowledged is on the disk."),
    ROUTE(GET, "/api/v1/regions", VIEWER, DESK, NONE, 0, 50, regions, "unnamed cursor limit",
          "Faces that nobody has named, the picture brought in last first."),
    ROUTE(GET, "/api/v1/renditions/{id}/file", VIEWER, DESK, NONE, 0, 50, rendition_file, "",
          "A restored, treated or playable version of an item, with ranges."),
    ROUTE(GET, "/api/v1/rounds", VIEWER, DESK, NONE, 0, 50, rounds, "",
          "Rounds of questions between two places, and whose turn it is."),
    ROUTE(POST, "/api/v1/rounds", TELLER, DESK, JSON, 16 * KIB, 200, round_begin, "",
          "Begins a round: two places, and who is where."),
    ROUTE(GET, "/api/v1/rounds/{id}", VIEWER, DESK, NONE, 0, 50, round, "",
          "One round, with what was asked in it, the latest first."),
    ROUTE(POST, "/api/v1/rounds/{id}", TELLER, DESK, JSON, 16 * KIB, 200, round_say, "",
          "Says anew which places, and who is where; claim is the one that was seen."),
    ROUTE(DELETE, "/api/v1/rounds/{id}", TELLER, DESK, NONE, 0, 200, round_end, "",
          "Ends a round; what was asked stays with its pictures."),
    ROUTE(GET, "/api/v1/search", VIEWER, DESK, NONE, 0, 100, search, "q cursor limit",
          "Items that words or fields find, newest first."),
    ROUTE(GET, "/api/v1/sessions", VIEWER, DESK, NONE, 0, 50, sessions, "",
          "Where somebody is signed in: one's own, for a keeper everybody's."),
    ROUTE(DELETE, "/api/v1/sessions/{id}", VIEWER, DESK, NONE, 0, 200, end_session, "",
          "Ends a session."),
    ROUTE(GET, "/api/v1/settings", KEEPER, DESK, NONE, 0, 50, settings, "",
          "Every setting, its value and where that came from."),
    ROUTE(POST, "/api/v1/settings", KEEPER, DESK, JSON, 64 * KIB, 500, change_settings, "",
          "Changes settings; those of places only at the house's own machine."),
    ROUTE(GET, "/api/v1/sittings", KEEPER, DESK, NONE, 0, 50, sittings, "",
          "The book of sittings: minutes and moods, nothing of what was looked at."),
    ROUTE(POST, "/api/v1/sittings", VIEWER, DESK, JSON, 4 * KIB, 200, sit_down, "",
          "Two people sit down; says who, and whether the book may keep it."),
    ROUTE(GET, "/api/v1/sittings.csv", KEEPER, DESK, NONE, 0, 100, sittings_csv, "",
          "The same book as CSV."),
    ROUTE(POST, "/api/v1/sittings/{id}/again", VIEWER, DESK, JSON, 4 * KIB, 200, sit_again, "",
          "Keeps a thing that lit them up for next time, or no longer."),
    ROUTE(POST, "/api/v1/sittings/{id}/end", VIEWER, DESK, JSON, 4 * KIB, 200, sit_end, "",
          "Enough for today."),
    ROUTE(POST, "/api/v1/sittings/{id}/mood", VIEWER, DESK, JSON, 4 * KIB, 200, sit_mood, "",
          "How it went, by a face that the carer taps: good, quiet or unhappy."),
    ROUTE(POST, "/api/v1/sittings/{id}/never", TELLER, DESK, JSON, 4 * KIB, 200, sit_never, "",
          "Keeps a thing away from whoever sits, for good."),
    ROUTE(POST, "/api/v1/sittings/{id}/offer", VIEWER, DESK, JSON, 128 * KIB, 200, sit_offer, "",
          "Three choices at most: to begin with, or along the thread of what was chosen."),
    ROUTE(GET, "/api/v1/timeline", VIEWER, DESK, NONE, 0, 50, timeline, "",
          "The sections of the line of time and how many items each holds."),
    ROUTE(GET, "/api/v1/trash", KEEPER, DESK, NONE, 0, 50, trash, "", "What lies in the trash."),
    ROUTE(POST, "/api/v1/trash/empty", KEEPER, DESK, JSON, 4 * KIB, 5000, empty_trash, "",
          "Forgets what lies in the trash, for ever."),
    ROUTE(GET, "/api/v1/trust", ANYONE, DOOR, NONE, 0, 50, trust, "",
          "By what the house is trusted: the fingerprint of its certificate."),
    ROUTE(GET, "/api/v1/unframed", VIEWER, DESK, NONE, 0, 50, unframed, "cursor limit",
          "Photographs in which nobody is framed or said to be, newest first."),
    ROUTE(POST, "/api/v1/uploads", GUEST, DESK, NONE, 0, 200, upload_create, "",
          "Begins an upload (tus 1.0.0, creation)."),
    ROUTE(OPTIONS, "/api/v1/uploads", ANYONE, DOOR, NONE, 0, 50, upload_options, "",
          "What of tus 1.0.0 is spoken here."),
    ROUTE(HEAD, "/api/v1/uploads/{id}", GUEST, DESK, NONE, 0, 50, upload_head, "",
          "How far an upload has come."),
    PIECES(PATCH, "/api/v1/uploads/{id}", GUEST, TIB, 60000, upload_patch,
           "Sends the next bytes of an upload; the last ones bring the file in.",
           &kr_upload_pieces),
    ROUTE(DELETE, "/api/v1/uploads/{id}", GUEST, DESK, NONE, 0, 200, upload_delete, "",
          "Gives an upload up (tus 1.0.0, termination)."),
    ROUTE(GET, "/api/v1/words/{lang}", ANYONE, DOOR, NONE, 0, 50, words, "",
          "Every sentence the pages say, in one language."),
    ROUTE(GET, "/house-ca.crt", ANYONE, DOOR, NONE, 0, 50, house_ca, "",
          "The certificate of the house's own authority, for a device to trust."),
    ROUTE(GET, "/{page}", ANYONE, DOOR, NONE, 0, 50, page, "",
          "The pages, drawn by the browser, and what they are made of."),
};
// clang-format on
const size_t kr_routes_count = KR_COUNT(kr_routes);

bool kr_may_ask(enum kr_may may, enum kr_role role)
{
    static_assert((int)KR_MAY_OWNER == (int)KR_ROLE_OWNER + 1, "one row for each role");
    return may >= KR_MAY_ANYONE && may <= KR_MAY_OWNER && (int)role + 1 >= (int)may;
}

const char *kr_may_name(enum kr_may may)
{
    return may == KR_MAY_ANYONE ? "anyone" : kr_role_name((enum kr_role)((int)may - 1));
}

// Everything that is not below /api belongs to the row of pages.
static bool matches_page(const struct kr_url *url, const char *params[2])
{
    if (url->segment_count > 0 && strcmp(url->segments[0], "api") == 0)
        return false;
    params[0] = url->segment_count > 0 ? url->segments[0] : "";
    return true;
}

static bool matches(const char *pattern, const struct kr_url *url, const char *params[2])
{
    size_t places = 0, segment = 0;
    if (strcmp(pattern, "/{page}") == 0)
        return matches_page(url, params);
    for (const char *at = pattern + 1; *at; segment++) {
        size_t n = strcspn(at, "/");
        if (segment == url->segment_count)
            return false;
        const char *is = url->segments[segment];
        if (*at == '{')
            params[places++] = is;
        else if (strlen(is) != n || memcmp(is, at, n) != 0)
            return false;
        at += n + (at[n] == '/');
    }
    return segment == url->segment_count;
}

static bool answers(const struct kr_route *route, enum kr_method method)
{
    return route->method == method || (route->method == KR_GET && method == KR_HEAD);
}

const struct kr_route *kr_route_of(struct kr_arena *mem, enum kr_method method,
                                   const struct kr_url *url, const char *params[2],
                                   const char **allowed)
{
    const struct kr_route *found = NULL;
    *allowed = "";
    for (size_t i = 0; i < kr_routes_count; i++) {
        const struct kr_route *route = &kr_routes[i];
        const char *places[2] = {"", ""};
        bool last = strcmp(route->pattern, "/{page}") == 0; // what no other row names
        if ((last && **allowed) || !matches(route->pattern, url, places))
            continue;
        *allowed =
            kr_arena_format(mem, "%s%s%s", *allowed, **allowed ? ", " : "",
                            route->method == KR_GET ? "GET, HEAD" : kr_method_name(route->method));
        if (answers(route, method) && (!found || route->method == method)) {
            found = route;
            memcpy(params, places, sizeof places);
        }
    }
    return found;
}
