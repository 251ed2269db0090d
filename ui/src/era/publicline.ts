// SPDX-License-Identifier: AGPL-3.0-or-later
// The public line beside the private one: read once for each language, shown unless somebody put it away.

import { signal } from '@preact/signals'
import { readCookie, writeCookie } from '../base/cookies'
import { lang } from '../base/words'
import { eraApi, type PublicYear } from '../net/era'

export const publicYears = signal<readonly PublicYear[]>([])
export const lineIsOn = signal(readCookie('years') !== 'off')
let spokenIn = ''

export function switchLine(on: boolean): void {
  lineIsOn.value = on
  writeCookie('years', on ? 'on' : 'off')
}

// Without it the pictures stand alone; that is no trouble.
export async function openPublicLine(): Promise<void> {
  if (spokenIn === lang.value) return
  const wanted = lang.value
  try {
    const { years } = await eraApi.line()
    spokenIn = wanted
    publicYears.value = years
  } catch {
    publicYears.value = []
  }
}
