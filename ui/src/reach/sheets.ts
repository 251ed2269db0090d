// SPDX-License-Identifier: AGPL-3.0-or-later
// Which of the two dialogs is open: how the switch is set, or the keys of this page.

import { signal } from '@preact/signals'
import { settings } from './settings'
import { modal } from './walk'

export type Sheet = '' | 'switch' | 'keys'
export const sheet = signal<Sheet>('')

export function showSheet(which: Sheet): void {
  sheet.value = which
}

const writes = 'input:not([type=button], [type=checkbox], [type=radio], [type=range], [type=submit]), textarea, select, [contenteditable=true]'

// '?' shows the keys, unless somebody is writing, or would rather not have a key of one letter.
export function openKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.key !== '?' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const at = event.target instanceof Element ? event.target.closest(writes) : null
    if (at || !settings.value.help || modal()) return
    event.preventDefault()
    showSheet('keys')
  })
}
