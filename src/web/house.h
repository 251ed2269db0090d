// SPDX-License-Identifier: AGPL-3.0-or-later
// house.h: what every answer may draw on, and the desk where one is written.
//
// The house is shared by all threads and constant after the start, except what
// has a lock of its own. A desk belongs to one thread: it opens the archive when
// first asked to, once for reading and once for writing, and keeps it open.

#pragma once
#include "base/words.h"
#include "store/store.h"
#include "wall/wall.h"
#include "web/again.h"
#include "web/challenges.h"
#include "web/guard.h"
#include "web/pace.h"
#include "web/reach.h"
#include <pthread.h>

enum { KR_MAKING_MOST = 8 };

struct kr_house {
    const char *archive; // the folder's path
    const char *source;  // where this program's source is offered (AGPL section 13)
    enum kr_lang lang;   // for who does not say
    struct kr_guard guard;
    struct kr_reach *reach; // NULL where the house is open to this machine alone
    struct kr_wall *wall;
    struct kr_again *again;
    struct kr_pace *pace; // of who tries names, passwords, codes and devices
    struct kr_challenges *challenges;
    char home[KR_UUID_TEXT];     // the first home: the owner's, until somebody signs in
    pthread_mutex_t making_lock; // guards `making`: what is being made right now, once each
    pthread_cond_t made;
    struct kr_blob_id making[KR_MAKING_MOST];
    size_t making_count;
};
void kr_house_init(struct kr_house *house); // locks, and nothing asked yet
void kr_house_finish(struct kr_house *house);

// Waits until nobody else makes what this blob needs, then it is the caller's
// to make, until kr_house_made(). Who had to wait finds it made, as a rule.
void kr_house_make(struct kr_house *house, const struct kr_blob_id *blob);
void kr_house_made(struct kr_house *house, const struct kr_blob_id *blob);

struct kr_desk {
    struct kr_house *house;
    struct kr_store *reader, *writer; // NULL until needed
    char home[KR_UUID_TEXT];          // whose the answer at hand is; "": the first
};
KR_CHECK bool kr_desk_read(struct kr_desk *desk, struct kr_store **out, struct kr_err *err);
KR_CHECK bool kr_desk_write(struct kr_desk *desk, struct kr_store **out, struct kr_err *err);
void kr_desk_clear(struct kr_desk *desk);
