// SPDX-License-Identifier: AGPL-3.0-or-later
// small.h: the small copy of a film or a recording, for a thin line.
//
// What is answered to a question is made small ahead of time, so that it is ready when the
// far home asks for it; whoever asks earlier, or after somebody emptied the cache, has it
// made then. It is a rendition of the kind "small" (archive/treat.h): cache, not truth,
// forgotten with its item. Promises:
//   (1) one job at a time for each item, and none where the copy is here;
//   (2) what could not be made is not tried again within the hour.

#pragma once
#include "store/cache.h"

struct kr_small {
    bool made, coming;             // or neither: nobody has asked yet
    struct kr_rendition rendition; // where made
    double share;                  // in [0,1]: how far it is
};
// Where the small copy of an item stands. KR_E_UNSUPPORTED where making it failed (2).
KR_CHECK bool kr_small_look(struct kr_store *store, struct kr_arena *mem, const char *item,
                            struct kr_small *out, struct kr_err *err);
// Has it made, unless it is there or on its way (1) (2). A transaction of its own.
KR_CHECK bool kr_small_wish(struct kr_store *store, const char *item, struct kr_err *err);
