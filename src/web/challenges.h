// SPDX-License-Identifier: AGPL-3.0-or-later
// challenges.h: what the house asked a device to sign, until it is answered.
//
// A challenge is 256 random bits as text. It stands for five minutes, is taken once,
// and only for the purpose it was made for ("enter", "know:" and a session). Held in
// memory alone, a thousand of them, and of whoever asks (`from`) at most 32: the
// oldest of theirs makes place first, so that nobody's pressing pushes out another's.
// Any thread. `now_ms` is monotonic.

#pragma once
#include "base/secret.h"

enum { KR_CHALLENGE_MS = 5 * 60 * 1000 };

struct kr_challenges;
struct kr_challenges *kr_challenges_create(void);
void kr_challenges_destroy(struct kr_challenges **challenges);

void kr_challenge_new(struct kr_challenges *challenges, const char *purpose, const char *from,
                      int64_t now_ms, char out[static KR_TOKEN_TEXT]);
// True once, in time, for this purpose.
KR_CHECK bool kr_challenge_take(struct kr_challenges *challenges, const char *purpose,
                                const char *challenge, int64_t now_ms);
