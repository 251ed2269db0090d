// SPDX-License-Identifier: AGPL-3.0-or-later
// Choosing many: a click or x takes one, shift everything since the last one; shift with the arrows
// extends and lets go again; a long press begins it on a phone.

import type { RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import type { Brief } from '../net/shapes'
import type { Block } from './blocks'
import { choose, choosing, isChosen, picking } from './choice'
import { stageNow, useStage } from './keep'
import { focusTile, moveTo, nextSpot, placeOf, placeOfKeys, spotAt, type Spot } from './keys'

export type ItemsOf = (key: string) => readonly Brief[]
const press_ms = 450
const slack_px = 10

let anchor = '' // where the last choice was made
let extended: Brief[] = [] // what the arrows have taken since then
let first: Spot | null = null // the first of what was chosen

export function forgetAnchor(): void {
  anchor = ''
  extended = []
  first = null
}

function note(spot: Spot): void {
  if (!first || spot.block < first.block || (spot.block === first.block && spot.index < first.index)) first = spot
}

// Where the first of the chosen ones stands: after an act the keys go on from there.
export function firstPlace(): string {
  const stage = stageNow()
  return first && stage ? placeOf(stage.blocks, first) : ''
}

export function between(blocks: readonly Block[], itemsOf: ItemsOf, a: Spot, b: Spot): Brief[] {
  const [first, last] = a.block < b.block || (a.block === b.block && a.index <= b.index) ? [a, b] : [b, a]
  const all: Brief[] = []
  for (let i = first.block; i <= last.block; i++) {
    const items = itemsOf(blocks[i]?.section.key ?? '')
    all.push(...items.slice(i === first.block ? first.index : 0, i === last.block ? last.index + 1 : undefined))
  }
  return all
}

function steps(key: string): number {
  return key === 'PageDown' || key === 'PageUp' ? 3 : 1
}

function arrowOf(key: string): string {
  return key === 'PageDown' ? 'ArrowDown' : key === 'PageUp' ? 'ArrowUp' : key
}

function walk(blocks: readonly Block[], from: Spot, key: string): Spot | null {
  let spot: Spot | null = from
  for (let i = 0; i < steps(key); i++) {
    const next: Spot | null = spot && nextSpot(blocks, spot, arrowOf(key))
    if (!next || !blocks[next.block] || next.index < 0) return i > 0 ? spot : null
    spot = next
  }
  return spot
}

// Where nothing is to be chosen (`can` false) the keys still go from picture to picture.
export function useSelecting(blocks: readonly Block[], sheet: RefObject<HTMLElement | null>, itemsOf: ItemsOf, can = true) {
  useStage(blocks, sheet)
  const pressed = useRef({ timer: 0, x: 0, y: 0, done: false })

  const begin = (place: string) => {
    if (choosing.peek()) return
    choosing.value = true
    // The print becomes a box to tick: the keys stay with it.
    if (sheet.current) focusTile(sheet.current, place, 'input')
  }

  const take = (place: string, on: boolean, range: boolean) => {
    const spot = spotAt(place, blocks)
    const item = spot && itemsOf(blocks[spot.block]?.section.key ?? '')[spot.index]
    if (!spot || !item) return
    if (picking.value) {
      picking.value(item)
      return
    }
    const from = range ? spotAt(anchor, blocks) : null
    choose(from ? between(blocks, itemsOf, from, spot) : [item], on)
    note(spot)
    anchor = place
    extended = []
  }

  const extend = (spot: Spot, key: string) => {
    const next = walk(blocks, spot, key)
    if (!next || !sheet.current) return
    const from = spotAt(anchor, blocks) ?? spot
    anchor = placeOf(blocks, from)
    note(from)
    note(next)
    choose(extended, false)
    const range = between(blocks, itemsOf, from, next)
    extended = range.filter((item) => !isChosen(item.id))
    choose(range, true)
    choosing.value = true
    moveTo(blocks, sheet.current, next, 'input')
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const place = placeOfKeys(event.target)
    const spot = spotAt(place, blocks)
    if (!spot || !sheet.current) return
    if (can && event.key.toLowerCase() === 'x') {
      event.preventDefault()
      const item = itemsOf(blocks[spot.block]?.section.key ?? '')[spot.index]
      take(place, item ? !isChosen(item.id) : true, event.shiftKey)
      begin(place)
    } else if (can && event.shiftKey && walk(blocks, spot, event.key)) {
      event.preventDefault()
      extend(spot, event.key)
    } else if (!event.shiftKey) {
      const next = nextSpot(blocks, spot, event.key)
      if (!next || !blocks[next.block]) return
      event.preventDefault()
      moveTo(blocks, sheet.current, { ...next, index: Math.max(0, next.index) })
    }
  }

  const lift = () => clearTimeout(pressed.current.timer)
  const onPointerDown = (event: PointerEvent) => {
    const tile = event.target instanceof Element ? event.target.closest<HTMLElement>('a[data-tile]') : null
    pressed.current = { timer: 0, x: event.clientX, y: event.clientY, done: false }
    if (!can || !tile || event.pointerType === 'mouse') return
    pressed.current.timer = window.setTimeout(() => {
      pressed.current.done = true
      take(tile.dataset.tile ?? '', true, false)
      begin(tile.dataset.tile ?? '')
    }, press_ms)
  }
  const onPointerMove = (event: PointerEvent) => {
    if (Math.hypot(event.clientX - pressed.current.x, event.clientY - pressed.current.y) > slack_px) lift()
  }
  // The finger that began it shall not open, tick or offer anything when it goes up.
  const onClickCapture = (event: MouseEvent) => {
    if (!pressed.current.done) return
    pressed.current.done = false
    event.preventDefault()
    event.stopPropagation()
  }
  const onContextMenu = (event: MouseEvent) => {
    if (pressed.current.done) event.preventDefault()
  }
  const handlers = { onKeyDown, onPointerDown, onPointerMove, onPointerUp: lift, onPointerCancel: lift, onClickCapture, onContextMenu }
  return { take, handlers }
}
