// SPDX-License-Identifier: AGPL-3.0-or-later
// recordings.h: all recordings on their way in: which there are, and those nobody ended.
//
// A tab is closed, a telephone dies, a child runs off: the recorder never says
// that this was all. After a silence what came is kept as an item; the pieces
// stay, so that the rest may still come (archive/recording.h (4)).

#pragma once
#include "archive/recording.h"

// All that lie in tmp/, oldest first, only seen. The list and its texts live in `mem`;
// their folders are closed.
KR_CHECK bool kr_recordings_list(int archive, struct kr_arena *mem, struct kr_recording **out,
                                 size_t *n, struct kr_err *err);
// {"id","kind","mime","began","changed","pieces","run","bytes","result"}.
json_t *kr_recording_new_json(const struct kr_recording *recording);

struct kr_recordings_tended {
    size_t kept;   // became items
    size_t swept;  // were done with, or nobody asked for them for KR_RECORDING_DAYS
    size_t failed; // could not be kept now; they stay
};
// Keeps what has been silent for `silence_s` and is no item yet, and sweeps what is over.
// One that cannot be kept does not hold up the others.
KR_CHECK bool kr_recordings_tend(const struct kr_ingest_params *by, int silence_s,
                                 struct kr_recordings_tended *out, struct kr_err *err);
