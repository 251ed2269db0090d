// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { card_ratio, guessHeight, layRows, ratioOf, rowsHeight } from '../src/line/rows'

const m = { width: 1000, target: 180, gap: 4 }

function ratios(count: number, seed = 1): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647
    return 0.6 + (state / 2147483647) * 1.4
  })
}

test('every row but the last fills the width, and keeps each shape', () => {
  const shapes = ratios(80)
  const rows = layRows(shapes, m)
  for (const [i, row] of rows.entries()) {
    const end = row.cells[row.cells.length - 1]
    assert.ok(end)
    if (i < rows.length - 1) assert.ok(Math.abs(end.left + end.width - m.width) < 0.01)
    for (const cell of row.cells) assert.ok(Math.abs(cell.width / row.height - (shapes[cell.index] ?? 0)) < 1e-9)
  }
})

test('each picture is placed once, in order', () => {
  const placed = layRows(ratios(57), m).flatMap((row) => row.cells.map((cell) => cell.index))
  assert.deepEqual(placed, Array.from({ length: 57 }, (_, i) => i))
})

test('rows stay near the height they would like', () => {
  for (const row of layRows(ratios(200), m).slice(0, -1)) {
    assert.ok(row.height > m.target * 0.65 && row.height < m.target * 1.6, String(row.height))
  }
})

test('a lone last picture is not blown up', () => {
  const rows = layRows([1.5], m)
  assert.equal(rows[0]?.height, m.target)
})

test('a panorama wider than the page shrinks to it', () => {
  const rows = layRows([8, 1.5], m)
  assert.equal(rows[0]?.cells.length, 1)
  assert.equal(rows[0]?.cells[0]?.width, m.width)
})

test('rows do not overlap', () => {
  const rows = layRows(ratios(40), m)
  rows.forEach((row, i) => {
    const before = rows[i - 1]
    if (before) assert.ok(Math.abs(row.top - (before.top + before.height + m.gap)) < 1e-9)
  })
})

test('nothing has no height', () => {
  assert.equal(rowsHeight(layRows([], m)), 0)
  assert.equal(guessHeight(0, 0, m), 0)
})

test('the guess from the sum alone is close to the truth', () => {
  for (const seed of [1, 2, 3]) {
    const shapes = ratios(300, seed)
    const sum = shapes.reduce((a, b) => a + b, 0)
    const truth = rowsHeight(layRows(shapes, m))
    assert.ok(Math.abs(guessHeight(300, sum, m) / truth - 1) < 0.12)
  }
})

test('sound has the shape of a card', () => {
  assert.equal(ratioOf({ width: 0, height: 0 }), card_ratio)
  assert.equal(ratioOf({ width: 100, height: 10000 }), 0.3)
})
