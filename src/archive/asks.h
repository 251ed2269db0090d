// SPDX-License-Identifier: AGPL-3.0-or-later
// asks.h: a question about a face in a picture, and what was answered.
//
// A question is a subject of claims of its own: `question` says what is asked of which
// item, `answer` what somebody said to it, in their voice, on film, with a picture or in
// words (docs/formats/claims.md). Whoever has a link about a question may answer it, and
// is shown nothing else (archive/door.h, `about`). Promises:
//   (1) who may see the picture may hear the question, and no one else;
//   (2) an answer is told where its recording may be, and one that is for one person
//       only to them and to whoever said it; of who rests no word (store/asks.h);
//   (3) a recording that was made for a question becomes its answer when it is kept,
//       whether or not the page is still open, and once only.
// Each call that says something is one transaction and the text mirror.

#pragma once
#include "base/words.h"
#include "store/asks.h"
#include "store/claims.h"

enum { KR_ASK_TEXT_MOST = 2000 }; // characters of a question, or of an answer in words

// Asks. The value's form is checked (KR_E_INVALID with a sentence, KR_E_TOO_BIG over
// KR_ASK_TEXT_MOST):
//   item    the picture, film or recording that is asked about
//   region  {"x","y","w","h"}, fractions of the picture; or left out
//   span    {"from_ms","to_ms"} of a film or a recording; or left out
//   text    the question in words; may be left out where there is a voice
//   voice   the id of a recording in which it is asked; or left out
//   to      the id of the person who is asked; or left out
//   lang    the language of the words, a tag such as "zh-CN"; or left out
//   round   the id of the round that it is a question of, with `place`, the number of the
//           place that asks (archive/rounds.h: KR_E_REFUSED where it is not its turn); or left out
KR_CHECK bool kr_ask_say(struct kr_store *store, const json_t *value, const char *who,
                         char id[static KR_UUID_TEXT], struct kr_err *err);
// Takes a question back, and with it every link that was about it.
KR_CHECK bool kr_ask_take_back(struct kr_store *store, const char *id, const char *who,
                               struct kr_err *err);

// Answers. The value, checked as above:
//   media     a recording, film or picture in the archive; or left out: then `text`
//   text      words
//   for       the id of the person who alone is to be told; or left out
//   reply_to  the id of the answer that this one answers; or left out
// Where the answerer is known, they are in their own voice or film from then on, as whoever asks
// is in theirs; a picture shows whom it shows. Of a recording or film a small copy is asked for
// (archive/small.h).
struct kr_answerer {
    const char *who;    // under which name it is kept
    const char *person; // who of the family it is, or ""
};
KR_CHECK bool kr_answer_say(struct kr_store *store, const char *ask, const json_t *value,
                            const struct kr_answerer *by, char claim[static KR_UUID_TEXT],
                            struct kr_err *err);
// KR_E_NOT_FOUND where no such answer is told to this listener.
KR_CHECK bool kr_answer_take_back(struct kr_store *store, const char *ask, const char *claim,
                                  const struct kr_listener *by, struct kr_err *err);
// The recording `item` was made for this cause ("for" of the recording, with "ask", "who",
// "person"); `before` is the shorter part that it takes the place of, or "". Nothing happens
// where the cause is no question, or that question is gone (3).
KR_CHECK bool kr_answer_recorded(struct kr_store *store, const json_t *cause, const char *item,
                                 const char *before, struct kr_err *err);

// Makes the rows of every question from its claims.
KR_CHECK bool kr_asks_rebuild(struct kr_store *store, struct kr_err *err);
// Forgets every question about an item, with what was answered in words.
KR_CHECK bool kr_asks_forget(struct kr_store *store, const char *item, struct kr_err *err);

// What a question says, or that it rests.
const char *kr_ask_said(enum kr_lang lang, const struct kr_ask *ask);
// {"id","claim","item","region","span","text","voice","to","to_name","lang","round","place","who",
// "name","at","answers": how many,"rests"}; region, span and place may be null.
json_t *kr_ask_new_json(struct kr_store *store, struct kr_arena *mem, const struct kr_ask *ask);
// {"claim","kind","media","text","for","reply_to","who","name","at","mime","duration_ms"}.
json_t *kr_reply_new_json(struct kr_store *store, struct kr_arena *mem,
                          const struct kr_reply *reply);

// As a page of annotations (W3C Web Annotation Data Model, 2017): the question, then the answers.
KR_CHECK bool kr_ask_annotation(struct kr_store *store, struct kr_arena *mem,
                                const struct kr_ask *ask, const struct kr_listener *to,
                                json_t **out, struct kr_err *err);
