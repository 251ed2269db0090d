// SPDX-License-Identifier: AGPL-3.0-or-later
// The film in the making lies on the desk while other pages are looked at.

import type { Draft } from './draft'

let kept: Draft | null = null

export const keptDraft = () => kept

export function keepDraft(draft: Draft | null): void {
  kept = draft
}
