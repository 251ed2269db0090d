// SPDX-License-Identifier: AGPL-3.0-or-later
// Whether this device is at the end of a thin line: as somebody said on it, else as its browser measures.

import { signal } from '@preact/signals'

export interface Connection {
  saveData?: boolean
  effectiveType?: string
}

const kept_under = 'kinreel.thin'
const narrow = ['slow-2g', '2g', '3g']
export const thin = signal(false)

export function isThin(said: string | null, line: Connection | undefined): boolean {
  if (said !== null) return said === 'yes'
  return line?.saveData === true || narrow.includes(line?.effectiveType ?? '')
}

export function openThin(): void {
  let said: string | null = null
  try {
    said = localStorage.getItem(kept_under)
  } catch {
    // A browser that keeps nothing: what it measures holds.
  }
  thin.value = isThin(said, (navigator as { connection?: Connection }).connection)
}

export function sayThin(on: boolean): void {
  thin.value = on
  try {
    localStorage.setItem(kept_under, on ? 'yes' : 'no')
  } catch {
    // It holds for this page.
  }
}
