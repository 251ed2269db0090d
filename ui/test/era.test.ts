// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { besideDecade, isCardId, spanOfYears, thingPath } from '../src/era/years'
import { chapterHeight, layBlocks, type Geometry } from '../src/line/blocks'

const year = (n: number, kind: string, id = `${kind}-${n}`) => ({ year: n, cards: [{ id, kind, title: id, edtf: String(n) }] })

test('beside a decade stand few cards, what many kept together first, in the order of their years', () => {
  const years = [year(1979, 'festival'), year(1981, 'thing'), year(1983, 'festival'), year(1984, 'event'), year(1986, 'thing'), year(1990, 'event')]
  assert.deepEqual(besideDecade(years, 1980, 3).map((card) => card.year), [1981, 1983, 1984])
  assert.deepEqual(besideDecade(years, 1980, 1).map((card) => card.id), ['festival-1983'])
  assert.deepEqual(besideDecade(years, 1950, 3), [])
})

test('a thing has its page under its card, or under its name', () => {
  assert.equal(thingPath({ thing: '自行车', card: 'china-daily.bicycle' }), '/thing/china-daily.bicycle')
  assert.equal(thingPath({ thing: 'a/b?', card: '' }), '/thing/a%2Fb%3F')
  assert.ok(isCardId('china-daily.bicycle'))
  assert.ok(!isCardId('Dr. No') && !isCardId('自行车') && !isCardId('a.b.c'))
})

test('years are one or a span', () => {
  assert.deepEqual([spanOfYears(1978, 1978), spanOfYears(1970, 1979), spanOfYears(0, 0), spanOfYears(1985, 0)], ['1978', '1970–1979', '', '1985'])
})

test('the public line takes its place under the decade and nowhere else', () => {
  const g: Geometry = { width: 900, target: 100, gap: 4, chapter: 60, heading: 60, beside: true, after: 10, shelfHeading: 40, between: 10, least: 100 }
  const sections = [
    { key: '1985', year: 1985, month: 0, count: 1, ratio_sum: 8 },
    { key: '1972', year: 1972, month: 0, count: 1, ratio_sum: 8 },
    { key: 'none', year: 0, month: 0, count: 1, ratio_sum: 8 },
  ]
  const alone = layBlocks(sections, new Map(), g)
  const with_years = layBlocks(sections, new Map(), { ...g, beside_years: new Map([['1980', 50]]) })
  assert.deepEqual(with_years.map((block, i) => block.height - (alone[i]?.height ?? 0)), [50, 0, 0])
  assert.equal(chapterHeight('', { ...g, beside_years: new Map([['', 9]]) }), 0)
})
