// SPDX-License-Identifier: AGPL-3.0-or-later
// What the house holds, in numbers; read again whenever something came or went.

import { signal } from '@preact/signals'
import { api } from '../net/api'
import { isBare } from './route'
import type { About } from '../net/shapes'

export const about = signal<About | null>(null)

export async function readAbout(): Promise<void> {
  if (isBare(location.pathname)) return // a guest is told no numbers
  try {
    about.value = await api.about()
  } catch {
    // The numbers are a courtesy: a page without them is whole.
  }
}
