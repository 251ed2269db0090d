// SPDX-License-Identifier: AGPL-3.0-or-later
// Arrow keys among the pictures: left and right along the line, up and down to the nearest in the next
// row, Home and End to the ends of the section. Tab still goes through all of them.

import { beyond, type Block } from './blocks'

export interface Spot {
  block: number
  index: number
}

// A place is "section:index", as the tiles bear it.
export function placeOf(blocks: readonly Block[], spot: Spot): string {
  return `${blocks[spot.block]?.section.key}:${spot.index}`
}

export function spotAt(place: string, blocks: readonly Block[]): Spot | null {
  if (!place) return null
  const at = place.lastIndexOf(':')
  const block = blocks.findIndex((b) => b.section.key === place.slice(0, at))
  return block < 0 ? null : { block, index: Number(place.slice(at + 1)) }
}

function count(block: Block | undefined): number {
  const row = block?.rows[block.rows.length - 1]
  return row ? (row.cells[row.cells.length - 1]?.index ?? -1) + 1 : 0
}

function along(blocks: readonly Block[], spot: Spot, step: 1 | -1): Spot {
  const index = spot.index + step
  if (index >= 0 && index < count(blocks[spot.block])) return { block: spot.block, index }
  const block = spot.block + step
  return { block, index: step > 0 ? 0 : count(blocks[block]) - 1 }
}

function across(blocks: readonly Block[], spot: Spot, step: 1 | -1): Spot {
  const index = beyond(blocks[spot.block]?.rows ?? [], spot.index, step)
  if (index !== null) return { block: spot.block, index }
  // Sections on one shelf stand beside one another: up and down leave the shelf.
  let block = spot.block + step
  while (blocks[block] && blocks[block]?.top === blocks[spot.block]?.top) block += step
  return { block, index: step > 0 ? 0 : count(blocks[block]) - 1 }
}

export function nextSpot(blocks: readonly Block[], spot: Spot, key: string): Spot | null {
  switch (key) {
    case 'ArrowRight':
      return along(blocks, spot, 1)
    case 'ArrowLeft':
      return along(blocks, spot, -1)
    case 'ArrowDown':
      return across(blocks, spot, 1)
    case 'ArrowUp':
      return across(blocks, spot, -1)
    case 'Home':
      return { block: spot.block, index: 0 }
    case 'End':
      return { block: spot.block, index: count(blocks[spot.block]) - 1 }
    default:
      return null
  }
}

const patience_ms = 2000 // a slow machine draws it within this

interface Wish {
  sheet: HTMLElement
  place: string
  kind: string
  from: Element | null // where the keys were
}

let wished: Wish | null = null // a tile that is not drawn yet

// Nobody waits for a tile any more.
export function dropWish(): void {
  wished = null
}

// Whenever something was drawn: the keys go to the tile that is waited for, unless they are elsewhere by now.
export function grantWish(): void {
  if (!wished) return
  const at = document.activeElement
  const elsewhere = at !== wished.from && at !== document.body
  const tile = elsewhere ? null : wished.sheet.querySelector<HTMLElement>(`${wished.kind}[data-tile="${CSS.escape(wished.place)}"]`)
  if (!tile && !elsewhere) return
  wished = null
  tile?.focus({ preventScroll: true })
}

// Where the keys are, or shall be as soon as it is drawn: a key held down goes on from there.
export function placeOfKeys(target: EventTarget | null): string {
  if (wished && wished.from === target) return wished.place
  return target instanceof HTMLElement ? (target.dataset.tile ?? '') : ''
}

// The tile may be drawn at the end of this turn, or only after the window has moved; `kind` waits until
// it is a box to tick.
export function focusTile(sheet: HTMLElement, place: string, kind = '', wait_ms = patience_ms): void {
  const wish = { sheet, place, kind, from: document.activeElement }
  wished = wish
  grantWish()
  if (wait_ms === 0) return dropWish()
  queueMicrotask(grantWish)
  setTimeout(() => wished === wish && dropWish(), wait_ms)
}

function reveal(sheet: HTMLElement, block: Block, index: number): void {
  const row = block.rows.find((r) => r.cells.some((cell) => cell.index === index))
  const top = sheet.getBoundingClientRect().top + scrollY + block.top + block.body + (row?.top ?? 0)
  const bottom = top + (row?.height ?? 0)
  const foot = document.querySelector<HTMLElement>('.action-slip')?.offsetHeight ?? 0
  const air = 96
  if (top - air < scrollY) scrollTo(0, top - air)
  else if (bottom + air + foot > scrollY + innerHeight) scrollTo(0, bottom + air + foot - innerHeight)
}

export function moveTo(blocks: readonly Block[], sheet: HTMLElement, spot: Spot, kind = '', wait_ms = patience_ms): void {
  const block = blocks[spot.block]
  if (!block) return
  reveal(sheet, block, spot.index)
  focusTile(sheet, placeOf(blocks, spot), kind, wait_ms)
}
