// SPDX-License-Identifier: AGPL-3.0-or-later
// sound.h: what a good microphone, near enough, would have done.
//
// Measures loudness and true peak (EBU R 128 by libebur128), tops cut off, hum,
// rumble, the noise of the place, and where music is; then does only what is
// needed: tops drawn again (declip.h), hum out (hum.h), rumble out (lowcut.h),
// a bare room's late answer out (wpe.h), steady noise down (omlsa.h, voice.h), soft voices nearer
// to loud ones (leveller.h), and the level to -16 LUFS with no true peak above -1 dBTP (limiter.h).
// What the level becomes after all this cannot be foreseen, so it is heard: where the chain does
// more than a gain, the samples are wanted once more, for a rehearsal; and once before that where
// there is hum, because only without it the noise below can be judged; and twice where a room
// answers long, to learn it; and once more where that rehearsal tells that nobody speaks, all along
// or in parts of it (spoken.h, talk.h): there nothing is taken but a steady noise between other
// sounds, and nothing levelled. Music, bangs and whatever is no voice keep their peaks, and may
// stay softer for it. Silence stays silence; clear sound of the right level comes out as it went
// in. Samples come out at the times at which they went in, and as many.
//
// A voice whose peaks stand 18 dB above its loudness cannot have all three: -16 LUFS,
// no peak above -1 dBTP, and no peak bent. The loudness is held, because everybody
// hears a clip that is softer than its neighbours, and nobody the millisecond around
// a peak: there the limiter takes up to 4 dB, and 25 dB of SI-SDR are left, not 28.
// Keeps 50 bytes for each tenth of a second: 2 MB for an hour; and what a rehearsal
// gave, where it is no longer than some minutes (sound_kept.h).
// One thread at a time.

#pragma once
#include "base/json.h"
#include "media/samples.h"

struct kr_sound;
KR_CHECK bool kr_sound_create(double strength, int channels, struct kr_sound **out,
                              struct kr_err *err); // strength [0,1]
void kr_sound_destroy(struct kr_sound **sound);

// Before decide: a steady tone (a motor's; Hz) that is to go as a hum would, where no hum is found.
void kr_sound_expect_tone(struct kr_sound *sound, double hz);

KR_CHECK bool kr_sound_study(struct kr_sound *sound, const struct kr_samples *in,
                             struct kr_err *err);
// {"done", "silent", "loudness" (LUFS), "true_peak" (dBTP), "floor" (dBFS), "snr"
// (dB, loud blocks over the floor), "clipped", "hum_hz" (where there is hum),
// "rumble", "denoise", "rnnoise" (true, false, or "absent": built without it),
// "echo" (s to fall by 60 dB), "dereverb", "music" (share, [0,1]), "gain" (dB), "levelled"}: what
// could not be measured is missing, and what a rehearsal must find is missing until it is settled.
KR_CHECK bool kr_sound_decide(struct kr_sound *sound, json_t **report, struct kr_err *err);

// After decide: are the same samples wanted once more before anything comes out?
// Then rehearse them all, settle, which adds to the report, and ask again.
bool kr_sound_rehearses(const struct kr_sound *sound);
KR_CHECK bool kr_sound_rehearse(struct kr_sound *sound, const struct kr_samples *in,
                                struct kr_err *err);
KR_CHECK bool kr_sound_settle(struct kr_sound *sound, json_t *report, struct kr_err *err);

// After that. Push, then pull until NULL; after the last push end, and pull again.
KR_CHECK bool kr_sound_push(struct kr_sound *sound, const struct kr_samples *in,
                            struct kr_err *err);
KR_CHECK bool kr_sound_end(struct kr_sound *sound, struct kr_err *err);
KR_CHECK bool kr_sound_pull(struct kr_sound *sound, struct kr_samples **out, struct kr_err *err);
