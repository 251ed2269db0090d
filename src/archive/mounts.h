// SPDX-License-Identifier: AGPL-3.0-or-later
// mounts.h: what carries a camera (a chair, a pram, a bicycle), learnt once and kept
// in the house under a name.
//
// Each home has its own. A mount is what the sealed program learnt from a ride
// (src/sealed/task_mount.c); it says nothing of who sat there. Kept among the archive's
// settings, so that a rebuild leaves it.

#pragma once
#include "base/json.h"
#include "store/store.h"
#include "wall/wall.h"

enum { KR_MOUNTS_MOST = 100, KR_MOUNT_NAME_MOST = 60 }; // bytes of a name, of 1 at least

// {NAME: {"tilt", "low_hz", "high_hz", "tremor", "tone_hz"}, …}; lives in `mem`.
KR_CHECK bool kr_mounts(struct kr_store *store, struct kr_arena *mem, const json_t **out,
                        struct kr_err *err);
// Keeps `learnt` under a name, in the place of what had it. KR_E_INVALID for a name that is
// none, KR_E_TOO_BIG where there are KR_MOUNTS_MOST.
KR_CHECK bool kr_mount_keep(struct kr_store *store, const char *name, const json_t *learnt,
                            struct kr_err *err);
bool kr_mount_is_name(const char *name);
KR_CHECK bool kr_mount_forget(struct kr_store *store, const char *name,
                              struct kr_err *err); // KR_E_NOT_FOUND where there is none

struct kr_ride {
    bool (*progress)(void *context, double done); // as of kr_wall_ask()
    void *context;
};
// What ten seconds of riding or more tell, of a film open as `fd`; *learnt is the caller's to
// drop. KR_E_UNSUPPORTED without a picture, KR_E_INVALID where less than 5 s could be followed.
KR_CHECK bool kr_mount_of_ride(struct kr_wall *wall, const struct kr_ride *ride, int fd,
                               json_t **learnt, struct kr_err *err);
// The same of an item, and keeps it.
KR_CHECK bool kr_mount_of_item(struct kr_store *store, struct kr_wall *wall,
                               const struct kr_ride *ride, const char *item, const char *name,
                               struct kr_err *err);

// Puts the mount in the place of its name: the member "mount" of a kit's options, where it is
// text. KR_E_NOT_FOUND for a name nobody keeps.
KR_CHECK bool kr_mount_fill(struct kr_store *store, json_t *options, struct kr_err *err);
