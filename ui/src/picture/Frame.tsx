// SPDX-License-Identifier: AGPL-3.0-or-later
// A frame drawn on a picture, by pointer (draw it, move it, pull a corner, or tap), by keyboard, and by buttons
// alone: first one of nine parts, then its place and size. Lies over the picture, in a box of its shape (.mat).

import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Sign, type SignName } from '../app/Sign'
import { say } from '../base/say'
import { t } from '../base/words'
import { around, between, boxStep, corners, holds, moved, partBox, partStep, pulled } from './framing'
import type { Box, Corner, Point } from './framing'

interface Props {
  start?: Box // a frame to be changed; without one it is drawn
  label?: string // what is being framed
  onDone: (box: Box) => void
  onCancel: () => void
}

const share = (n: number) => `${n * 100}%`
const whole = (n: number) => Math.round(n * 100)

export function placeOf(box: Box): Record<string, string> {
  return { left: share(box.x), top: share(box.y), width: share(box.w), height: share(box.h) }
}

function saidBox(box: Box): string {
  return t('ui.frame.place', { x: whole(box.x), y: whole(box.y), w: whole(box.w), h: whole(box.h) })
}

function Parts({ part, choose, take }: { part: number; choose: (part: number) => void; take: (part: number) => void }) {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const there = list.current?.children[part]
    if (there instanceof HTMLElement) there.focus({ preventScroll: true })
  }, [part])
  const walk = (event: KeyboardEvent) => {
    const next = partStep(part, event.key)
    if (next === null) return
    event.preventDefault()
    choose(next)
  }
  return (
    <div class="frame-parts" ref={list} onKeyDown={walk}>
      {Array.from({ length: 9 }, (_, at) => (
        <button type="button" key={at} tabIndex={at === part ? 0 : -1} aria-label={t(`ui.frame.part.${at}`)} onClick={() => take(at)} />
      ))}
    </div>
  )
}

// What the pointer is doing with the frame.
type Grip = { from: Point; box: Box | null; how: 'draw' | 'move' | Corner }

function dragged(grip: Grip, at: Point): Box {
  if (grip.how === 'draw' || !grip.box) return between(grip.from, at)
  if (grip.how === 'move') return moved(grip.box, at.x - grip.from.x, at.y - grip.from.y)
  return pulled(grip.box, grip.how, at)
}

function usePointer(area: RefObject<HTMLElement | null>, box: Box | null, set: (box: Box) => void) {
  const grip = useRef<Grip | null>(null)
  const pointOf = (event: PointerEvent): Point => {
    const room = area.current?.getBoundingClientRect()
    if (!room || !room.width || !room.height) return { x: 0, y: 0 }
    return { x: (event.clientX - room.left) / room.width, y: (event.clientY - room.top) / room.height }
  }
  const gripOf = (event: PointerEvent, at: Point): Grip['how'] => {
    const corner = event.target instanceof HTMLElement ? event.target.dataset.corner : undefined
    if (corner) return corner as Corner
    return box && holds(box, at) ? 'move' : 'draw'
  }
  return {
    onPointerDown: (event: PointerEvent) => {
      const on_bar = event.target instanceof Element && event.target.closest('.frame-bar')
      event.stopPropagation()
      if (on_bar || event.button !== 0) return
      const at = pointOf(event)
      grip.current = { from: at, box, how: gripOf(event, at) }
      area.current?.setPointerCapture(event.pointerId)
    },
    onPointerMove: (event: PointerEvent) => {
      if (!grip.current || isTap(grip.current.from, pointOf(event))) return
      set(dragged(grip.current, pointOf(event)))
    },
    onPointerUp: (event: PointerEvent) => {
      const held = grip.current
      grip.current = null
      const at = pointOf(event)
      const room = area.current
      if (held && room && isTap(held.from, at) && (held.how === 'draw' || held.how === 'move'))
        set(around(at, room.clientWidth / Math.max(1, room.clientHeight), held.box))
    },
    onPointerCancel: () => (grip.current = null),
    onTouchStart: (event: TouchEvent) => event.stopPropagation(), // a stroke here turns no page
  }
}

function isTap(from: Point, to: Point): boolean {
  return Math.abs(from.x - to.x) < 0.01 && Math.abs(from.y - to.y) < 0.01
}

const buttons: readonly { key: string; sign: SignName; name: string }[] = [
  { key: 'ArrowLeft', sign: 'left', name: 'left' },
  { key: 'ArrowUp', sign: 'up', name: 'up' },
  { key: 'ArrowDown', sign: 'down', name: 'down' },
  { key: 'ArrowRight', sign: 'right', name: 'right' },
  { key: '-', sign: 'less', name: 'smaller' },
  { key: '+', sign: 'more', name: 'larger' },
]

interface BarProps {
  box: Box | null
  press: (key: string) => void
  done: () => void
  leave: () => void
}

// At the half of the picture where the frame is not.
function Bar({ box, press, done, leave }: BarProps) {
  const low = box !== null && box.y + box.h / 2 > 0.5
  return (
    <div class={low ? 'frame-bar high' : 'frame-bar'}>
      <p class="frame-hint" id="frame-hint">
        {t(box ? 'ui.frame.hint.box' : 'ui.frame.hint.part')}
      </p>
      {box &&
        buttons.map((one) => (
          <button type="button" class="round" key={one.key} aria-label={t(`ui.frame.${one.name}`)} onClick={() => press(one.key)}>
            <Sign name={one.sign} />
          </button>
        ))}
      {box && (
        <button type="button" class="act" onClick={done}>
          <Sign name="check" />
          {t('ui.frame.done')}
        </button>
      )}
      <button type="button" onClick={leave}>
        {t('ui.edit.leave')}
      </button>
    </div>
  )
}

function Outline({ box, label }: { box: Box; label: string }) {
  const frame = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => frame.current?.focus({ preventScroll: true }), [])
  return (
    <div class="frame-box" ref={frame} role="application" tabIndex={0} aria-label={label} aria-describedby="frame-hint" style={placeOf(box)}>
      {corners.map((corner) => (
        <span key={corner} class={`frame-corner ${corner}`} data-corner={corner} />
      ))}
    </div>
  )
}

export function Frame({ start, label, onDone, onCancel }: Props) {
  const area = useRef<HTMLDivElement>(null)
  const [box, setBox] = useState<Box | null>(start ?? null)
  const [part, choose] = useState(4)
  const name = label ?? t('ui.frame.label')
  const put = (next: Box) => {
    setBox(next)
    say(saidBox(next))
  }
  const press = (key: string, shift = false) => {
    const next = box && boxStep(box, key, shift)
    if (next) put(next)
    return next !== null
  }
  const keys = (event: KeyboardEvent) => {
    const on_frame = event.target instanceof Element && event.target.closest('.frame-box')
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Escape') onCancel()
    else if (on_frame && box && event.key === 'Enter') onDone(box)
    else if (!on_frame || !press(event.key, event.shiftKey)) return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="frame" ref={area} role="group" aria-label={name} onKeyDown={keys} {...usePointer(area, box, put)}>
      {box ? <Outline box={box} label={name} /> : <Parts part={part} choose={choose} take={(at) => put(partBox(at))} />}
      <Bar box={box} press={press} done={() => box && onDone(box)} leave={onCancel} />
    </div>
  )
}
