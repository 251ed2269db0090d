// SPDX-License-Identifier: AGPL-3.0-or-later
// Who looks at the family: kinship words are said from where they stand. Kept in this browser only.

import { signal } from '@preact/signals'
import { readCookie, writeCookie } from '../base/cookies'

export const me = signal(readCookie('me'))

export function becomeMe(id: string): void {
  writeCookie('me', id)
  me.value = id
}
