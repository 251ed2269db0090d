// SPDX-License-Identifier: AGPL-3.0-or-later
// One line between before (left) and after (right), to drag or to step.

import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../base/words'
import { Sign } from '../app/Sign'
import { dividerAt, dividerStep } from './dividing'

interface Props {
  at: number
  area: RefObject<HTMLElement | null>
  move: (at: number) => void
}

export function Divider({ at, area, move }: Props) {
  const [held, setHeld] = useState(false)
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const box = area.current?.getBoundingClientRect()
    if (!box || (event.type === 'pointermove' && !held)) return
    if (event.type === 'pointerdown') {
      event.currentTarget.setPointerCapture(event.pointerId)
      setHeld(true)
    }
    move(dividerAt(event.clientX, box.left, box.width))
  }
  const step = (event: KeyboardEvent) => {
    const next = dividerStep(at, event.key)
    if (next === null) return
    event.preventDefault()
    event.stopPropagation()
    move(next)
  }
  const share = Math.round(at * 100)
  return (
    <div
      class="divider"
      role="slider"
      tabIndex={0}
      style={{ left: `${at * 100}%` }}
      aria-label={t('ui.compare.label')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
      aria-valuetext={t('ui.compare.value', { share })}
      onKeyDown={step}
      onPointerDown={drag}
      onPointerMove={drag}
      onPointerUp={() => setHeld(false)}
      onPointerCancel={() => setHeld(false)}
    >
      <span class="handle">
        <Sign name="left" />
        <Sign name="right" />
      </span>
    </div>
  )
}

export function Sides() {
  return (
    <>
      <span class="side before" aria-hidden="true">
        {t('ui.compare.before')}
      </span>
      <span class="side after" aria-hidden="true">
        {t('ui.compare.after')}
      </span>
    </>
  )
}
