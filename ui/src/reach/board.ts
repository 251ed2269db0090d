// SPDX-License-Identifier: AGPL-3.0-or-later
// The keyboard that is written with by one switch: rows, then keys. What is needed most stands where
// row and key together cost the fewest steps; no key costs more than nine. Pure.

export type Key = { char: string } | { act: 'space' | 'delete' | 'done' | 'letters' | 'figures' }

// Letters by how often they are written: English texts, and pinyin.
const english = 'etaoinshrdlucmfwypgbvkjxqz'
const pinyin = 'iaunhegozsdyljxwbmqtfckrpv'
const figures = '1980275634'
const signs = ['-', '/', ':', '~', ',', '.', '?', '!', "'"]

const chars = (text: string | readonly string[]): Key[] => [...text].map((char) => ({ char }))

export function keysIn(page: 'letters' | 'figures', lang: string): Key[] {
  if (page === 'figures') {
    const [first, ...rest] = chars(figures)
    const acts: Key[] = [{ act: 'done' }, { act: 'delete' }, { act: 'letters' }]
    return [...(first ? [first] : []), ...acts, ...rest, { act: 'space' }, ...chars(signs)]
  }
  const letters = chars(lang.startsWith('zh') ? pinyin : english)
  // A space between words is common in English; pinyin is understood without.
  const space: Key[] = [{ act: 'space' }]
  const [head, tail] = lang.startsWith('zh') ? [[], space] : [space, []]
  const some = letters.slice(0, 3)
  return [...head, ...some, { act: 'done' }, ...letters.slice(3, 7), { act: 'delete' }, ...letters.slice(7), ...tail, { act: 'figures' }]
}

// Into a triangle, along its diagonals: the first key into the first place of the first row, the next two
// into its second place and the second row's first, and so on.
export function rowsOf<K>(keys: readonly K[]): K[][] {
  const rows: K[][] = []
  let row = 0
  let diagonal = 0
  for (const key of keys) {
    const line = rows[row] ?? []
    rows[row] = line
    line.push(key)
    if (row < diagonal) {
      row++
    } else {
      diagonal++
      row = 0
    }
  }
  return rows
}
