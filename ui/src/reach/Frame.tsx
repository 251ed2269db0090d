// SPDX-License-Identifier: AGPL-3.0-or-later
// What is seen of the scan: a frame around what a press would choose, and its name on a strip that
// keeps out of its way.

import { useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { t } from '../base/words'
import { Sign } from '../app/Sign'
import { now, resting, waiting, type Now } from './engine'
import { held } from './hand'
import { sheet, showSheet } from './sheets'
import { settings } from './settings'
import { boxOf } from './walk'

interface Box {
  left: number
  top: number
  width: number
  height: number
}

const gaps = { thing: 6, group: 8 } // px from a thing to its frame's outer edge: the frame itself, all of it
const look_ms = 250

// Around all of them, and inside the window: a group beyond its edge is framed at the edge.
function around(all: readonly Element[], gap: number): Box | null {
  const boxes = all.filter((one) => one.isConnected).map(boxOf)
  if (boxes.length === 0) return null
  const edge = gap + 3
  const keep = (at: number, most: number) => Math.min(most - edge, Math.max(edge, at))
  const left = keep(Math.min(...boxes.map((box) => box.left)), innerWidth)
  const top = keep(Math.min(...boxes.map((box) => box.top)), innerHeight)
  const right = keep(Math.max(...boxes.map((box) => box.right)), innerWidth)
  const bottom = keep(Math.max(...boxes.map((box) => box.bottom)), innerHeight)
  return { left: left - gap, top: top - gap, width: right - left + 2 * gap, height: bottom - top + 2 * gap }
}

const same = (a: Box | null, b: Box | null) => a?.left === b?.left && a?.top === b?.top && a?.width === b?.width && a?.height === b?.height

function useBox(all: readonly Element[], gap: number): Box | null {
  const [box, setBox] = useState<Box | null>(null)
  useLayoutEffect(() => {
    if (all.length === 0) {
      setBox(null)
      return undefined
    }
    const place = () => setBox((old) => (same(old, around(all, gap)) ? old : around(all, gap)))
    place()
    const timer = setInterval(place, look_ms)
    addEventListener('scroll', place, { passive: true, capture: true })
    addEventListener('resize', place)
    return () => {
      clearInterval(timer)
      removeEventListener('scroll', place, { capture: true })
      removeEventListener('resize', place)
    }
  }, [all, gap])
  return box
}

const px = (box: Box) => ({ left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` })
const none: Element[] = []

type Side = '' | 'high' | 'mid' // at the foot, at the head, just above the tray

function Strip({ at, side }: { at: Now | null; side: Side }) {
  const text = waiting.value ? t('ui.reach.learn.now') : resting.value ? t('ui.reach.resting') : (at?.name ?? '')
  return (
    <div class={`reach-strip ${side}`} role="region" aria-label={t('ui.reach.title')}>
      <p role="status">
        {at && at.within !== '' && <span class="within">{at.within}</span>}
        <span class="stop">{text}</span>
      </p>
      <button type="button" class="plain round" disabled={sheet.value === 'switch'} aria-label={t('ui.reach.open')} onClick={() => showSheet('switch')}>
        <Sign name="switch" />
      </button>
    </div>
  )
}

// The strip takes this much of the foot of the window; on a phone the ways through the house lie below.
function strip_px(): number {
  const em = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
  return (innerWidth <= 48 * em ? 9 : 5.5) * em
}

// What is as tall as the window is framed as far as the strip.
function above(box: Box | null): Box | null {
  if (!box) return null
  const most = innerHeight - strip_px()
  const tall = box.top < strip_px() && box.top + box.height > most
  return tall && held.value === null ? { ...box, height: Math.max(64, most - box.top) } : box
}

// Where it covers neither the frame nor what is in hand.
function sideOf(box: Box | null, hand: Box | null, holding: boolean): Side {
  if (holding) return hand && hand.top < innerHeight / 5 ? 'mid' : 'high'
  return box && box.top + box.height > innerHeight - strip_px() + 1 ? 'high' : ''
}

export function Frame() {
  const at = now.value
  const box = above(useBox(at?.things ?? none, at?.stop.kind === 'thing' ? gaps.thing : gaps.group))
  const inHand = held.value
  const hands = useMemo(() => (inHand ? [inHand.at] : none), [inHand])
  const hand = useBox(hands, gaps.thing)
  if (settings.value.mode === 'off') return null
  const side = sideOf(box, inHand ? hand : null, inHand !== null)
  const looks = ['reach-frame', at?.stop.kind ?? '']
  return (
    <>
      {inHand && hand && <div class="reach-held" aria-hidden="true" style={px(hand)} />}
      {at && box && at.stop.kind !== 'way' && <div class={looks.join(' ')} aria-hidden="true" style={px(box)} />}
      {at && box && at.stop.kind === 'way' && <div class="reach-frame way" aria-hidden="true" style={px(box)} />}
      <Strip at={at} side={side} />
    </>
  )
}
