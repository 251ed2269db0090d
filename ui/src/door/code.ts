// SPDX-License-Identifier: AGPL-3.0-or-later
// The code of a card: as it is printed, as it is typed, and as it comes in an address behind '#'.

import { signal } from '@preact/signals'

// Waits here until the page at the door takes it.
export const arrived = signal('')

// Letters and digits alone count, whatever the case and whatever stands between.
export function bareCode(text: string): string {
  return text.toUpperCase().replace(/[^0-9A-Z]/g, '')
}

// In three groups, as one reads it aloud.
export function inGroups(code: string): string {
  return bareCode(code).match(/.{1,4}/g)?.join(' ') ?? ''
}

export function codeOf(hash: string): string {
  const code = bareCode(hash.replace(/^#/, ''))
  return code.length >= 8 && code.length <= 32 ? code : ''
}

// Out of the address bar and its history before anything else is done with it.
export function takeCode(): void {
  if (location.pathname !== '/enter' || !location.hash) return
  arrived.value = codeOf(location.hash)
  history.replaceState(history.state, '', location.pathname + location.search)
}

export function openCodes(): void {
  takeCode()
  addEventListener('hashchange', takeCode)
}
