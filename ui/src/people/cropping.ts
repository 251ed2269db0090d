// SPDX-License-Identifier: AGPL-3.0-or-later
// A face out of a picture, by style alone: which part is shown, and which of the pictures at hand is sharp enough.

import type { Spot } from '../net/people'

export interface Shape {
  width: number
  height: number
}

const clamp = (n: number, from: number, to: number) => Math.min(to, Math.max(from, n))

// Some air around a frame, as far as the picture goes: a face alone looks cut out.
export function withAir(spot: Spot, air: number): Spot {
  const left = clamp(spot.x - spot.w * air, 0, 1)
  const top = clamp(spot.y - spot.h * air, 0, 1)
  const right = clamp(spot.x + spot.w * (1 + air), left + 0.001, 1)
  const bottom = clamp(spot.y + spot.h * (1 + air), top + 0.001, 1)
  return { x: left, y: top, w: right - left, h: bottom - top }
}

export function ratioOfSpot(spot: Spot, shape: Shape): number {
  return (spot.w * Math.max(1, shape.width)) / (spot.h * Math.max(1, shape.height))
}

// The smallest picture in which the part has as many pixels as it is shown with, or the largest there is.
export function sizeFor(spot: Spot, shape: Shape, shown_px: number): 256 | 1024 | 2048 {
  const longest = Math.max(shape.width, shape.height, 1)
  const part = (spot.h * Math.max(1, shape.height)) / longest
  for (const size of [256, 1024] as const) if (Math.min(size, longest) * part >= shown_px) return size
  return 2048
}

export function partStyle(spot: Spot): Record<string, string> {
  const percent = (n: number) => `${n * 100}%`
  return { width: percent(1 / spot.w), height: percent(1 / spot.h), left: percent(-spot.x / spot.w), top: percent(-spot.y / spot.h) }
}
