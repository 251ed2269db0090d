// SPDX-License-Identifier: AGPL-3.0-or-later
// Arrow keys among the pictures: left and right along the line, up and down to the nearest in the next
// row, Home and End to the ends of the section. Tab still goes through all of them.

import type { RefObject } from 'preact'
import { beyond, type Block } from './blocks'

interface Spot {
  block: number
  index: number
}

function spotOf(target: EventTarget | null, blocks: readonly Block[]): Spot | null {
  const place = target instanceof HTMLElement ? target.dataset.tile : undefined
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

function focusTile(sheet: HTMLElement, place: string, tries = 60): void {
  const tile = sheet.querySelector<HTMLElement>(`[data-tile="${CSS.escape(place)}"]`)
  if (tile) tile.focus()
  else if (tries > 0) requestAnimationFrame(() => focusTile(sheet, place, tries - 1))
}

function reveal(sheet: HTMLElement, block: Block, index: number): void {
  const row = block.rows.find((r) => r.cells.some((cell) => cell.index === index))
  const top = sheet.getBoundingClientRect().top + scrollY + block.top + block.body + (row?.top ?? 0)
  const bottom = top + (row?.height ?? 0)
  const air = 96
  if (top - air < scrollY) scrollTo(0, top - air)
  else if (bottom + air > scrollY + innerHeight) scrollTo(0, bottom + air - innerHeight)
}

export function useTileKeys(blocks: readonly Block[], sheet: RefObject<HTMLElement | null>) {
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const spot = spotOf(event.target, blocks)
    const next = spot && nextSpot(blocks, spot, event.key)
    const block = next ? blocks[next.block] : undefined
    if (!next || !block || !sheet.current) return
    event.preventDefault()
    const index = Math.max(0, next.index)
    reveal(sheet.current, block, index)
    focusTile(sheet.current, `${block.section.key}:${index}`)
  }
}
