// SPDX-License-Identifier: AGPL-3.0-or-later
// The keys are not lost when the line is drawn anew. Promises:
//   (1) after an act they go on where the first of the chosen ones stood;
//   (2) when the line is read again, or its window was late, they come back to their place, and the
//       window stays where it is;
//   (3) they are never taken from whoever has gone elsewhere meanwhile.

import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import type { Block } from './blocks'
import { dropWish, focusTile, grantWish, moveTo, placeOf, spotAt } from './keys'

interface Stage {
  blocks: readonly Block[]
  sheet: HTMLElement
}

const look_ms = 50
const drawn_ms = 5000 // a slow machine draws its pages anew within this
const gone_ms = 2000 // and what is nowhere by then has gone

let stage: Stage | null = null // what is drawn now
let turn = 0 // counts the goings on; the latest counts

export function stageNow(): Stage | null {
  return stage?.sheet.isConnected ? stage : null
}

// What is drawn now is about to be drawn anew: nobody waits for a tile of it.
export function clearStage(): void {
  stage = null
  turn++
  dropWish()
}

// Puts the keys there, or says whether it is not drawn yet or nowhere among what is drawn.
function put(place: string): 'there' | 'soon' | 'nowhere' {
  const now = stageNow()
  if (!now) return 'soon'
  const spot = spotAt(place, now.blocks)
  const block = spot && now.blocks[spot.block]
  if (!spot || !block) return 'nowhere'
  const last = block.rows[block.rows.length - 1]?.cells
  const count = last ? (last[last.length - 1]?.index ?? -1) + 1 : 0
  if (count === 0) {
    const top = now.sheet.getBoundingClientRect().top + block.top
    if (top > innerHeight || top + block.height < 0) scrollTo(0, top + scrollY)
    return 'soon'
  }
  const there = { block: spot.block, index: Math.min(spot.index, count - 1) }
  moveTo(now.blocks, now.sheet, there, '', 0) // no waiting: it is looked again
  const at = document.activeElement
  return at instanceof HTMLElement && at.dataset.tile === placeOf(now.blocks, there) ? 'there' : 'soon'
}

// The keys go on from there as soon as it is drawn; where it is no more, from the first that is. (1)
export function goOn(place: string): void {
  const mine = ++turn
  const since = performance.now()
  const look = () => {
    const at = document.activeElement
    if (mine !== turn || (at && at !== document.body && at.tagName !== 'H1')) return // (3)
    const how = place ? put(place) : 'nowhere'
    if (how === 'there') return
    if (place && performance.now() - since < (how === 'soon' ? drawn_ms : gone_ms)) {
      setTimeout(look, look_ms)
      return
    }
    document.querySelector<HTMLElement>('.sheet [data-tile], .slip button')?.focus({ preventScroll: true })
  }
  look()
}

// Sets the stage; and when a drawing has taken the tile that had the keys, they come back to it. (2)
export function useStage(blocks: readonly Block[], sheet: RefObject<HTMLElement | null>): void {
  const at = document.activeElement
  const place = at instanceof HTMLElement && sheet.current?.contains(at) ? at.dataset.tile : ''
  useLayoutEffect(() => {
    if (sheet.current) stage = { blocks, sheet: sheet.current }
    grantWish()
    if (place && sheet.current && document.activeElement === document.body) focusTile(sheet.current, place, '', drawn_ms)
  })
}
