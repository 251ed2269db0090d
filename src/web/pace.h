// SPDX-License-Identifier: AGPL-3.0-or-later
// pace.h: how often somebody may be wrong.
//
// Counts failures by key ("name:anna", "from:192.168.1.7"): after `most` of them the
// key rests, and each `each_ms` lets one more try. Held in memory alone: a few thousand
// keys, the oldest makes place. Any thread.

#pragma once
#include <stdbool.h>
#include <stdint.h>

struct kr_pace;
struct kr_pace *kr_pace_create(int most, int64_t each_ms);
void kr_pace_destroy(struct kr_pace **pace);

// Whether the key may try now; *wait_s tells when it may, where not. `now_ms` is monotonic.
bool kr_pace_may(struct kr_pace *pace, const char *key, int64_t now_ms, int *wait_s);
void kr_pace_failed(struct kr_pace *pace, const char *key, int64_t now_ms);
