// SPDX-License-Identifier: AGPL-3.0-or-later
// What the house holds, in numbers; read again whenever something came or went.

import { signal } from '@preact/signals'
import { api } from '../net/api'
import type { About } from '../net/shapes'

export const about = signal<About | null>(null)

export async function readAbout(): Promise<void> {
  try {
    about.value = await api.about()
  } catch {
    // The numbers are a courtesy: a page without them is whole.
  }
}
