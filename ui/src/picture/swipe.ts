// SPDX-License-Identifier: AGPL-3.0-or-later
// A finger drawn across the picture turns the page. Two fingers, or a slanted stroke, do not.

const far_px = 60

export interface Stroke {
  x: number
  y: number
}

export function turnOf(from: Stroke, to: Stroke): 'previous' | 'next' | null {
  const dx = to.x - from.x
  const dy = to.y - from.y
  if (Math.abs(dx) < far_px || Math.abs(dx) < 2 * Math.abs(dy)) return null
  return dx < 0 ? 'next' : 'previous'
}

export function swiping(turn: (to: 'previous' | 'next') => void) {
  let from: Stroke | null = null
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0]
      const own = event.target instanceof Element && event.target.closest('[role=slider], video, audio, input')
      from = touch && event.touches.length === 1 && !own ? { x: touch.clientX, y: touch.clientY } : null
    },
    onTouchEnd: (event: TouchEvent) => {
      const touch = event.changedTouches[0]
      const to = from && touch ? turnOf(from, { x: touch.clientX, y: touch.clientY }) : null
      from = null
      if (to) turn(to)
    },
  }
}
