// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decadeDate, decadeOfKey, typedDate, yearsOf } from '../src/batch/dates'
import type { Block } from '../src/line/blocks'
import { between } from '../src/line/selecting'
import type { Brief } from '../src/net/shapes'

const items: Record<string, Brief[]> = {
  a: ['a0', 'a1', 'a2'].map((id) => ({ id }) as Brief),
  b: ['b0', 'b1'].map((id) => ({ id }) as Brief),
  c: ['c0'].map((id) => ({ id }) as Brief),
}
const blocks = ['a', 'b', 'c'].map((key) => ({ section: { key } }) as Block)
const ids = (from: [number, number], to: [number, number]) =>
  between(blocks, (key) => items[key] ?? [], { block: from[0], index: from[1] }, { block: to[0], index: to[1] }).map((item) => item.id)

test('a range goes over the borders of sections, in either direction', () => {
  assert.deepEqual(ids([0, 1], [0, 2]), ['a1', 'a2'])
  assert.deepEqual(ids([0, 2], [2, 0]), ['a2', 'b0', 'b1', 'c0'])
  assert.deepEqual(ids([2, 0], [0, 2]), ['a2', 'b0', 'b1', 'c0'])
  assert.deepEqual(ids([1, 1], [1, 1]), ['b1'])
})

test('one digit is one decade', () => {
  assert.deepEqual(['8', '9', '0', '1', '2', '3'].map(decadeOfKey), [1980, 1990, 2000, 2010, 2020, 1930])
  assert.equal(decadeOfKey('x'), null)
  assert.equal(decadeOfKey('10'), null)
  assert.deepEqual(decadeDate(2000), { edtf: '200X' })
  assert.deepEqual(yearsOf(1980).slice(-1), [1989])
})

test('a clock that was wrong is told from a date', () => {
  assert.deepEqual(typedDate(' +8h '), { shift: '+8h' })
  assert.deepEqual(typedDate('-1天'), { shift: '-1天' })
  assert.deepEqual(typedDate('1985~'), { edtf: '1985~' })
  assert.deepEqual(typedDate('八十年代初'), { phrase: '八十年代初' })
})
