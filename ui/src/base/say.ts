// SPDX-License-Identifier: AGPL-3.0-or-later
// What the page says beside what it shows: a line for those who listen, and a slip at the foot that
// may carry one thing to do (undo) and goes by itself.

import { signal } from '@preact/signals'

export interface Slip {
  text: string
  act?: { label: string; run: () => void }
}

export const heard = signal('')
export const slip = signal<Slip | null>(null)

const stay_ms = 12_000
let staying = false // for those who take longer to reach it
let timer = 0

export function say(text: string): void {
  // The same sentence twice must be heard twice: a no-break space makes it new.
  heard.value = heard.value === text ? text + '\u00a0' : text
}

export function showSlip(next: Slip): void {
  clearTimeout(timer)
  slip.value = next
  say(next.text)
  if (!staying) timer = window.setTimeout(closeSlip, stay_ms)
}

export function staySlips(stay: boolean): void {
  staying = stay
}

export function holdSlip(): void {
  clearTimeout(timer)
}

export function closeSlip(): void {
  clearTimeout(timer)
  slip.value = null
}
