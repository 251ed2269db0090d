// SPDX-License-Identifier: AGPL-3.0-or-later
// Which keys do what, and on which pages: one row a habit. Pages that gain keys add theirs here.

export interface KeyRow {
  on: RegExp // the paths it holds for
  keys: readonly string[] // ends of ui.keys.key.…
  does: string // end of ui.keys.…
}

export const keyRows: readonly KeyRow[] = [
  { on: /^\/$/, keys: ['arrows'], does: 'tiles' },
  { on: /^\/$/, keys: ['home_end'], does: 'section' },
  { on: /^\/$/, keys: ['digits'], does: 'rail' },
  { on: /^\/item\//, keys: ['left_right'], does: 'turn' },
  { on: /^\/item\//, keys: ['arrows', 'page'], does: 'divider' },
  { on: /^\/film\/(?!new)/, keys: ['space'], does: 'play' },
  { on: /^\/(search|trash)/, keys: ['arrows'], does: 'tiles' },
  { on: /^\//, keys: ['tab'], does: 'next' },
  { on: /^\//, keys: ['enter'], does: 'use' },
  { on: /^\//, keys: ['escape'], does: 'leave' },
  { on: /^\//, keys: ['question'], does: 'this' },
]

export function keysOn(path: string): KeyRow[] {
  return keyRows.filter((row) => row.on.test(path))
}
