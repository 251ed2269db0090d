// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures chosen on the line of time, in the order of choosing. They lie ready until the film is
// started or the choice is dropped, also across a reload.

import { signal } from '@preact/signals'
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
  return choice.value.some((item) => item.id === id)
}

export function choose(items: readonly Brief[], on: boolean): void {
  const ids = new Set(items.map((item) => item.id))
  const others = choice.value.filter((item) => !ids.has(item.id))
  const already = new Set(choice.value.map((item) => item.id))
  keep(on ? choice.value.concat(items.filter((item) => !already.has(item.id))) : others)
}

export function dropChoice(): void {
  keep([])
}
