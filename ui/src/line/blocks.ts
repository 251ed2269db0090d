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
  shelfHeading: number // height of a month's title on a shelf, px
  between: number // air between two sections on a shelf, px
  least: number // width of a section on a shelf, px
  beside_years?: ReadonlyMap<string, number> // height of what stands under a decade's title, px
}

export interface Block {
  section: Section
  inChapter: string
  chapter: string // key of the chapter that begins here, or empty
  top: number
  left: number // on a shelf, from where pictures begin
  width: number // on a shelf: its own; else that of all pictures
  shelf: boolean // shares its height with its neighbours
  body: number // top of the pictures, from the block's top
  rows: Row[]
  tail: number // guessed height of what is not yet read
  height: number
}

export interface Known {
  ratios: readonly number[]
  rows?: { made: Row[]; width: number; target: number; count: number }
}

const sparse = 0.45 // of the width: less than this may share a shelf

function rowsOf(known: Known, m: Measure): Row[] {
  const kept = known.rows
  if (kept && kept.width === m.width && kept.target === m.target && kept.count === known.ratios.length) return kept.made
  const made = layRows(known.ratios, m)
  known.rows = { made, width: m.width, target: m.target, count: known.ratios.length }
  return made
}

function tailOf(section: Section, known: Known | undefined, m: Measure): number {
  const read = known?.ratios.length ?? 0
  if (read >= section.count) return 0
  if (read === 0) return guessHeight(section.count, section.ratio_sum, m)
  const seen = known?.ratios.reduce((a, b) => a + b, 0) ?? 0
  const left = section.count - read
  return guessHeight(left, Math.max(left * 0.5, section.ratio_sum - seen), m) + m.gap
}

// Of a decade's title with what stands under it.
export function chapterHeight(chapter: string, g: Geometry): number {
  return chapter ? g.chapter + (g.beside_years?.get(chapter) ?? 0) : 0
}

interface Spot {
  inChapter: string
  chapter: string
  top: number
  left: number
  width: number
  shelf: boolean
}

function blockOf(section: Section, known: Known | undefined, spot: Spot, g: Geometry): Block {
  const m = { width: spot.width, target: g.target, gap: g.gap }
  const rows = known ? rowsOf(known, m) : []
  const tail = tailOf(section, known, m)
  const heading = spot.shelf ? g.shelfHeading : g.beside ? 0 : g.heading
  const body = chapterHeight(spot.chapter, g) + heading
  const least = g.beside && !spot.shelf ? g.heading : 0
  const height = body + Math.max(rowsHeight(rows) + tail, least) + g.after
  return { ...spot, section, body, rows, tail, height }
}

// How wide a section is when all of it stands in one row.
function naturalWidth(section: Section, known: Known | undefined, g: Geometry): number {
  const all = known && known.ratios.length >= section.count
  const sum = all ? known.ratios.reduce((a, b) => a + b, 0) : section.ratio_sum
  return sum * g.target + g.gap * (section.count - 1)
}

export type KnownParts = ReadonlyMap<string, Known>

// The sections from 'first' that fit side by side on one shelf, with their widths; one or none means
// that the first stands alone.
function shelfFrom(sections: readonly Section[], first: number, parts: KnownParts, g: Geometry): number[] {
  const widths: number[] = []
  let used = 0
  let chapter = ''
  for (let i = first; i < sections.length; i++) {
    const section = sections[i]
    if (!section || section.key === 'none') break
    const here = chapterOf(section.key, section.year)
    const natural = naturalWidth(section, parts.get(section.key), g)
    const width = Math.max(natural, g.least)
    if ((chapter && here !== chapter) || natural > g.width * sparse) break
    if (used + width > g.width + 0.5) break
    chapter = here
    widths.push(width)
    used += width + g.between
  }
  return widths
}

function layShelf(sections: readonly Section[], widths: readonly number[], spot: Spot, parts: KnownParts, g: Geometry): Block[] {
  let left = 0
  const body = chapterHeight(spot.chapter, g) + g.shelfHeading
  const blocks = sections.map((section, i) => {
    const width = widths[i] ?? g.least
    const here = { ...spot, chapter: i === 0 ? spot.chapter : '', left, width, shelf: true }
    left += width + g.between
    const block = blockOf(section, parts.get(section.key), here, g)
    return { ...block, height: block.height + body - block.body, body }
  })
  const height = Math.max(...blocks.map((block) => block.height))
  return blocks.map((block) => ({ ...block, height }))
}

export function layBlocks(sections: readonly Section[], parts: KnownParts, g: Geometry): Block[] {
  const blocks: Block[] = []
  let top = 0
  let chapter = ''
  for (let i = 0; i < sections.length; ) {
    const section = sections[i]
    if (!section) break
    const inChapter = chapterOf(section.key, section.year)
    const spot = { inChapter, chapter: inChapter === chapter ? '' : inChapter, top, left: 0, width: g.width, shelf: false }
    const widths = shelfFrom(sections, i, parts, g)
    const laid =
      widths.length > 1
        ? layShelf(sections.slice(i, i + widths.length), widths, spot, parts, g)
        : [blockOf(section, parts.get(section.key), spot, g)]
    blocks.push(...laid)
    chapter = inChapter
    top += laid[0]?.height ?? 0
    i += laid.length
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
