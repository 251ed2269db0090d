// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anchorAt, anchorTop, beyond, blocksHeight, firstBelow, layBlocks, within, type Known } from '../src/line/blocks'
import { nearestSection, typedYear } from '../src/line/chapters'
import { geometryOf } from '../src/line/geometry'
import { nextSpot } from '../src/line/keys'
import { railMarks } from '../src/line/railmarks'
import { layRows } from '../src/line/rows'
import type { Section } from '../src/net/shapes'

const g = geometryOf(1200, 16)

function months(count: number, each: number): Section[] {
  return Array.from({ length: count }, (_, i) => {
    const year = 2025 - Math.floor(i / 12)
    const month = 12 - (i % 12)
    return { key: `${year}-${String(month).padStart(2, '0')}`, year, month, count: each, ratio_sum: each * 1.4 }
  })
}

test('a hundred thousand pictures are laid out quickly, and only a window of them is drawn', () => {
  const sections = months(900, 111)
  const began = performance.now()
  const blocks = layBlocks(sections, new Map(), g)
  assert.ok(performance.now() - began < 200)
  assert.equal(blocks.length, 900)
  assert.ok(blocksHeight(blocks) > 1_000_000)
  assert.ok(within(blocks, 500_000, 501_500).length < 6)
})

test('blocks follow one another without gap or overlap', () => {
  const blocks = layBlocks(months(60, 30), new Map(), g)
  blocks.forEach((block, i) => {
    const before = blocks[i - 1]
    if (before) assert.equal(block.top, before.top + before.height)
  })
})

test('a decade begins once', () => {
  const blocks = layBlocks(months(12 * 30, 20), new Map(), g)
  const chapters = blocks.map((block) => block.chapter).filter(Boolean)
  assert.deepEqual(chapters, ['2020', '2010', '2000', '1990'])
})

test('sparse months share a shelf and do not cover one another', () => {
  const blocks = layBlocks(months(24, 1), new Map(), g)
  assert.ok(blocks.some((block) => block.shelf))
  assert.ok(blocksHeight(blocks) < 24 * 200)
  blocks.forEach((block, i) => {
    const before = blocks[i - 1]
    if (!before) return
    if (before.top === block.top) assert.ok(block.left >= before.left + before.width)
    else assert.ok(block.top >= before.top + before.height - 1e-6)
    assert.ok(block.left + block.width <= g.width + 1)
  })
})

test('the undated never stand on a shelf', () => {
  const none = { key: 'none', year: 0, month: 0, count: 1, ratio_sum: 1 }
  const blocks = layBlocks([...months(2, 1), none], new Map(), g)
  assert.equal(blocks[2]?.shelf, false)
  assert.equal(blocks[2]?.chapter, 'none')
})

test('a part that was read replaces its guess, the rest stays guessed', () => {
  const sections = months(1, 400)
  const known: Known = { ratios: Array.from({ length: 200 }, () => 1.4) }
  const block = layBlocks(sections, new Map([['2025-12', known]]), g)[0]
  assert.ok(block && block.rows.length > 0 && block.tail > 0)
  const whole: Known = { ratios: Array.from({ length: 400 }, () => 1.4) }
  assert.equal(layBlocks(sections, new Map([['2025-12', whole]]), g)[0]?.tail, 0)
})

test('the first block below a line, at its edges', () => {
  const things = [0, 10, 20].map((top) => ({ top, height: 10 }))
  assert.equal(firstBelow(things, -5), 0)
  assert.equal(firstBelow(things, 10), 1)
  assert.equal(firstBelow(things, 29.9), 2)
  assert.equal(firstBelow(things, 30), 3)
})

test('what was at the top of the window stays there when heights change', () => {
  const sections = months(40, 40)
  const before = layBlocks(sections, new Map(), g)
  const anchor = anchorAt(before, 9000)
  assert.ok(anchor)
  const known: Known = { ratios: Array.from({ length: 40 }, () => 3) }
  const after = layBlocks(sections, new Map([['2025-12', known]]), g)
  const block = after.find((one) => one.section.key === anchor.key)
  const top = anchorTop(after, anchor)
  assert.ok(block && top !== null && top >= block.top && top <= block.top + block.height)
})

test('up and down go to the nearest picture of the next row', () => {
  const rows = layRows([2, 2, 2, 2, 2, 2], { width: 640, target: 100, gap: 0 })
  assert.equal(beyond(rows, 1, 1), 4)
  assert.equal(beyond(rows, 4, -1), 1)
  assert.equal(beyond(rows, 4, 1), null)
})

test('arrow keys walk from month to month', () => {
  const known = (): Known => ({ ratios: Array.from({ length: 20 }, () => 1.5) })
  const parts = new Map([['2025-12', known()], ['2025-11', known()]])
  const blocks = layBlocks(months(2, 20), parts, g)
  assert.deepEqual(nextSpot(blocks, { block: 0, index: 19 }, 'ArrowRight'), { block: 1, index: 0 })
  assert.deepEqual(nextSpot(blocks, { block: 1, index: 0 }, 'ArrowLeft'), { block: 0, index: 19 })
  assert.deepEqual(nextSpot(blocks, { block: 0, index: 3 }, 'Home'), { block: 0, index: 0 })
  assert.equal(nextSpot(blocks, { block: 0, index: 3 }, 'x'), null)
})

test('years on the rail keep their distance', () => {
  const blocks = layBlocks(months(12 * 80, 10), new Map(), g)
  const marks = railMarks(blocks, blocksHeight(blocks), 800, 16)
  assert.ok(marks.length > 10)
  marks.forEach((mark, i) => {
    const before = marks[i - 1]
    if (before) assert.ok(mark.at - before.at >= 0.03)
  })
})

test('a year as people type it', () => {
  assert.equal(typedYear('1985', 2026), 1985)
  assert.equal(typedYear('85年', 2026), 1985)
  assert.equal(typedYear('19', 2026), 2019)
  assert.equal(typedYear('上学那年', 2026), null)
  assert.equal(nearestSection([{ key: '1990-01', year: 1990 }, { key: '1980', year: 1980 }, { key: 'none', year: 0 }], 3), 1)
})
