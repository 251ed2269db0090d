// SPDX-License-Identifier: AGPL-3.0-or-later
// The whole line of time as blocks under one another: where each section stands, laid out before its
// pictures are read. Pure arithmetic, so that a hundred thousand pictures cost a thousand additions.

import type { Section } from '../net/shapes'
import { chapterOf } from './chapters'
import { guessHeight, layRows, rowsHeight, type Measure, type Row } from './rows'

export interface Geometry extends Measure {
  chapter: number // height of a decade's title, px
  heading: number // height of a month's title, px
  beside: boolean // the month stands beside its pictures, not above them
  after: number // air after a section, px
}

export interface Block {
  section: Section
  chapter: string // key of the chapter that begins here, or empty
  top: number
  body: number // top of the pictures, from the block's top
  rows: Row[]
  tail: number // guessed height of what is not yet read
  height: number
}

export interface Known {
  ratios: readonly number[]
  rows?: { made: Row[]; width: number; target: number; count: number }
}

function rowsOf(known: Known, g: Geometry): Row[] {
  const kept = known.rows
  if (kept && kept.width === g.width && kept.target === g.target && kept.count === known.ratios.length) return kept.made
  const made = layRows(known.ratios, g)
  known.rows = { made, width: g.width, target: g.target, count: known.ratios.length }
  return made
}

function tailOf(section: Section, known: Known | undefined, g: Geometry): number {
  const read = known?.ratios.length ?? 0
  if (read >= section.count) return 0
  if (read === 0) return guessHeight(section.count, section.ratio_sum, g)
  const seen = known?.ratios.reduce((a, b) => a + b, 0) ?? 0
  const left = section.count - read
  return guessHeight(left, Math.max(left * 0.5, section.ratio_sum - seen), g) + g.gap
}

function blockOf(section: Section, chapter: string, top: number, known: Known | undefined, g: Geometry): Block {
  const rows = known ? rowsOf(known, g) : []
  const tail = tailOf(section, known, g)
  const pictures = rowsHeight(rows) + tail
  const body = (chapter ? g.chapter : 0) + (g.beside ? 0 : g.heading)
  const height = body + Math.max(pictures, g.beside ? g.heading : 0) + g.after
  return { section, chapter, top, body, rows, tail, height }
}

export function layBlocks(sections: readonly Section[], known: ReadonlyMap<string, Known>, g: Geometry): Block[] {
  const blocks: Block[] = []
  let top = 0
  let chapter = ''
  for (const section of sections) {
    const next = chapterOf(section.key, section.year)
    const block = blockOf(section, next === chapter ? '' : next, top, known.get(section.key), g)
    chapter = next
    blocks.push(block)
    top += block.height
  }
  return blocks
}

export function blocksHeight(blocks: readonly Block[]): number {
  const last = blocks[blocks.length - 1]
  return last ? last.top + last.height : 0
}

// The first thing whose end lies below 'y'; things are sorted and do not overlap.
export function firstBelow<T extends { top: number; height: number }>(things: readonly T[], y: number): number {
  let low = 0
  let high = things.length
  while (low < high) {
    const middle = (low + high) >> 1
    const thing = things[middle]
    if (thing && thing.top + thing.height > y) high = middle
    else low = middle + 1
  }
  return low
}

export function within<T extends { top: number; height: number }>(things: readonly T[], top: number, bottom: number): T[] {
  const seen: T[] = []
  for (let i = firstBelow(things, top); i < things.length; i++) {
    const thing = things[i]
    if (!thing || thing.top >= bottom) break
    seen.push(thing)
  }
  return seen
}

export interface Anchor {
  key: string
  fraction: number // of the block's height that lies above the top of the window
}

export function anchorAt(blocks: readonly Block[], y: number): Anchor | null {
  const block = blocks[Math.min(firstBelow(blocks, y), blocks.length - 1)]
  if (!block) return null
  return { key: block.section.key, fraction: (y - block.top) / block.height }
}

export function anchorTop(blocks: readonly Block[], anchor: Anchor): number | null {
  const block = blocks.find((b) => b.section.key === anchor.key)
  return block ? block.top + anchor.fraction * block.height : null
}

// The picture above or below another: the one in the next row whose middle is nearest.
export function beyond(rows: readonly Row[], index: number, step: 1 | -1): number | null {
  const at = rows.findIndex((row) => row.cells.some((cell) => cell.index === index))
  const here = rows[at]?.cells.find((cell) => cell.index === index)
  const row = rows[at + step]
  if (!here || !row) return null
  const middle = here.left + here.width / 2
  let best = row.cells[0]
  for (const cell of row.cells) {
    const far = Math.abs(cell.left + cell.width / 2 - middle)
    if (best && far < Math.abs(best.left + best.width / 2 - middle)) best = cell
  }
  return best ? best.index : null
}
