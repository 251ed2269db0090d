// SPDX-License-Identifier: AGPL-3.0-or-later
// Justified rows: pictures side by side at one height, each by its true shape. Pure arithmetic.

export interface Placed {
  index: number // in the list that was laid out
  left: number
  width: number
}

export interface Row {
  top: number
  height: number
  cells: Placed[]
}

export interface Measure {
  width: number // of the whole row, px
  target: number // height a row would like to have, px
  gap: number
}

// Sound and damaged items have no picture; they get a card of this shape.
export const card_ratio = 1.25

export function ratioOf(picture: { width: number; height: number }): number {
  if (picture.width <= 0 || picture.height <= 0) return card_ratio
  return Math.min(8, Math.max(0.3, picture.width / picture.height))
}

function heightFor(sum: number, count: number, m: Measure): number {
  return (m.width - m.gap * (count - 1)) / sum
}

// How many of the ratios from 'first' make the row whose height is nearest the target.
function rowLength(ratios: readonly number[], first: number, m: Measure): number {
  let sum = 0
  let before = Infinity
  for (let n = 1; first + n <= ratios.length; n++) {
    sum += ratios[first + n - 1] ?? card_ratio
    const height = heightFor(sum, n, m)
    if (height <= m.target) {
      const shorter = m.target - height
      return n > 1 && before - m.target < shorter ? n - 1 : n
    }
    before = height
  }
  return ratios.length - first
}

function place(ratios: readonly number[], first: number, count: number, height: number, top: number, m: Measure): Row {
  const cells: Placed[] = []
  let left = 0
  for (let index = first; index < first + count; index++) {
    const width = (ratios[index] ?? card_ratio) * height
    cells.push({ index, left, width })
    left += width + m.gap
  }
  return { top, height, cells }
}

// The last row keeps the target height rather than stretch a single face across the page.
export function layRows(ratios: readonly number[], m: Measure): Row[] {
  const rows: Row[] = []
  let top = 0
  for (let first = 0; first < ratios.length; ) {
    const count = rowLength(ratios, first, m)
    const sum = ratios.slice(first, first + count).reduce((a, b) => a + b, 0)
    const last = first + count === ratios.length
    const full = heightFor(sum, count, m)
    const height = last ? Math.min(full, m.target) : full
    rows.push(place(ratios, first, count, height, top, m))
    top += height + m.gap
    first += count
  }
  return rows
}

export function rowsHeight(rows: readonly Row[]): number {
  const last = rows[rows.length - 1]
  return last ? last.top + last.height : 0
}

// What the rows of 'count' unread pictures will need, from the sum of their ratios alone.
export function guessHeight(count: number, ratioSum: number, m: Measure): number {
  if (count <= 0) return 0
  const sum = ratioSum > 0 ? ratioSum : count * card_ratio
  const perRow = Math.max(1, (m.width + m.gap) / (m.target * (sum / count) + m.gap))
  const rows = Math.max(1, Math.ceil(count / perRow - 0.2))
  return rows * m.target + (rows - 1) * m.gap
}
