// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures chosen on the line of time, among what was found, in an album; in the order of choosing.
// They lie ready until something is done with them or the choice is dropped, also across a reload.

import { computed, signal } from '@preact/signals'
import type { Brief } from '../net/shapes'

const key = 'kinreel.choice'

function kept(): Brief[] {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '[]') as Brief[]
  } catch {
    return []
  }
}

export const choice = signal<Brief[]>(kept())
export const choosing = signal(false)
// Somebody looks for one picture more, whose date the chosen ones shall have: who hears of it.
export const picking = signal<((item: Brief) => void) | null>(null)
const ids = computed(() => new Set(choice.value.map((item) => item.id)))

function keep(items: Brief[]): void {
  choice.value = items
  try {
    // Previews are the heavy part and can be read again.
    sessionStorage.setItem(key, JSON.stringify(items.map((item) => ({ ...item, preview: '' }))))
  } catch {
    // No room in the browser: the choice still lives in this page.
  }
}

export function isChosen(id: string): boolean {
  return ids.value.has(id)
}

export function choose(items: readonly Brief[], on: boolean): void {
  const these = new Set(items.map((item) => item.id))
  const already = ids.peek()
  keep(on ? choice.peek().concat(items.filter((item) => !already.has(item.id))) : choice.peek().filter((item) => !these.has(item.id)))
}

export function dropChoice(): void {
  keep([])
}
