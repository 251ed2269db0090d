// SPDX-License-Identifier: AGPL-3.0-or-later
// recording.h: a recording on its way in, piece by piece, so that it cannot be lost.
//
// Somebody speaks, and may not speak again. So a browser sends a piece or two
// every second, and keeps it until we say that it lies on the disk, in the
// waiting folder tmp/recording-<id>/ (docs/formats/archive.md). Promises:
//   (1) a piece that was put outlives a crash and a power cut, unchanged;
//   (2) the same piece again is fine, another content under its number is refused;
//   (3) what was put is removed only after it has become an item, or a person gave
//       it up, or nobody asked for the rest for KR_RECORDING_DAYS;
//   (4) a recording that nobody ends is kept as far as it came without a gap
//       (recordings.h); if the rest comes later, the whole takes its place.
// Threads: a kr_recording belongs to one thread at a time.

#pragma once
#include "archive/ingest.h"
#include "archive/recordingtext.h"
#include "store/tmp.h"

enum {
    KR_RECORDING_DAYS = 30,
    KR_RECORDING_PIECE_MOST = 4 << 20, // bytes
};

struct kr_recording {
    struct kr_tmp folder; // without its lock while it is only seen
    char id[KR_UUID_TEXT];
    struct kr_recording_about about;
    struct kr_piece *pieces; // those that are here, by number
    size_t n;
    size_t run; // how many there are from 0 on without a gap
    uint64_t bytes;
    int64_t changed_ms; // when the last piece came
    const char *result; // what became of it, a JSON object (kr_recording_keep); "" until then
    bool whole;         // and nothing more is to come
};
#define KR_RECORDING_NONE ((struct kr_recording){.folder = KR_TMP_NONE})

// Begins one in the archive folder `archive` under a new id; its lock is the caller's.
KR_CHECK bool kr_recording_begin(int archive, struct kr_arena *mem,
                                 const struct kr_recording_about *about, struct kr_recording *out,
                                 struct kr_err *err);
// Takes the lock: KR_E_BUSY while another has it, KR_E_NOT_FOUND.
KR_CHECK bool kr_recording_take(int archive, struct kr_arena *mem, const char *id,
                                struct kr_recording *out, struct kr_err *err);
// Only looks, beside whoever has the lock.
KR_CHECK bool kr_recording_see(int archive, struct kr_arena *mem, const char *id,
                               struct kr_recording *out, struct kr_err *err);
void kr_recording_leave(struct kr_recording *recording);  // for KR_AUTO; all stays
void kr_recording_forget(struct kr_recording *recording); // a person gave it up

// Puts a piece and flushes it (1) (2). KR_E_INVALID where the bytes do not hash to
// piece->sha256, KR_E_EXISTS for another content, KR_E_TOO_BIG, KR_E_FULL. The list
// of a recording that is whole already takes nothing more (KR_E_EXISTS).
KR_CHECK bool kr_recording_put(struct kr_recording *recording, const struct kr_piece *piece,
                               struct kr_str bytes, struct kr_err *err);

// Makes the first `pieces` (all without a gap) an item, with a copy to listen to, and
// fills result: {"status","id","code","damaged","pieces","whole"}. `whole`: the recorder
// said that this is all. Asked again, or after a crash, it comes to the same item.
KR_CHECK bool kr_recording_keep(struct kr_recording *recording, const struct kr_ingest_params *by,
                                struct kr_arena *mem, size_t pieces, bool whole,
                                struct kr_err *err);
