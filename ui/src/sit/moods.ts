// SPDX-License-Identifier: AGPL-3.0-or-later
// Three faces, drawn with one stroke. The carer taps one; nothing reads a mood by itself.

import type { Mood } from '../net/sit'

const round = 'M24 5a19 19 0 1 0 0 38 19 19 0 0 0 0-38zM17.500 19v2M30.500 19v2'

export const moodNames: readonly { mood: Mood; path: string }[] = [
  { mood: 'good', path: `${round}M15 28c4 7 14 7 18 0` },
  { mood: 'quiet', path: `${round}M16 31h16` },
  { mood: 'unhappy', path: `${round}M15.500 34c4-6 13-6 17 0` },
]
