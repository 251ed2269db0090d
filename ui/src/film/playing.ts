// SPDX-License-Identifier: AGPL-3.0-or-later

import type { Chapter } from '../net/shapes'

// The chapter that is playing, or -1 before the first.
export function chapterAt(chapters: readonly Chapter[], now_ms: number): number {
  let at = -1
  chapters.forEach((chapter, i) => {
    if (chapter.start_ms <= now_ms) at = i
  })
  return at
}
