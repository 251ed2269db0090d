// SPDX-License-Identifier: AGPL-3.0-or-later
// The geometry of a frame on a picture: fractions of its width and height from the top left, as regions have them.

export interface Box {
  x: number
  y: number
  w: number
  h: number
}

export interface Point {
  x: number
  y: number
}

export const least = 0.02 // a smaller frame could not be seen, nor caught by a pointer
export const step = 0.02

export type Corner = 'nw' | 'ne' | 'sw' | 'se'
export const corners: readonly Corner[] = ['nw', 'ne', 'sw', 'se']

const clamp = (n: number, from: number, to: number) => Math.min(to, Math.max(from, n))
const tidy = (n: number) => Math.round(n * 10_000) / 10_000

// Inside the picture and no smaller than can be seen.
export function fitted({ x, y, w, h }: Box): Box {
  const width = clamp(w, least, 1)
  const height = clamp(h, least, 1)
  return { x: tidy(clamp(x, 0, 1 - width)), y: tidy(clamp(y, 0, 1 - height)), w: tidy(width), h: tidy(height) }
}

// The nine parts of a picture, in the order of reading.
export function partBox(part: number): Box {
  return fitted({ x: (part % 3) / 3, y: Math.floor(part / 3) / 3, w: 1 / 3, h: 1 / 3 })
}

export function partStep(part: number, key: string): number | null {
  const column = part % 3
  const row = Math.floor(part / 3)
  if (key === 'ArrowLeft') return row * 3 + Math.max(0, column - 1)
  if (key === 'ArrowRight') return row * 3 + Math.min(2, column + 1)
  if (key === 'ArrowUp') return Math.max(0, row - 1) * 3 + column
  if (key === 'ArrowDown') return Math.min(2, row + 1) * 3 + column
  return null
}

export function moved(box: Box, dx: number, dy: number): Box {
  return fitted({ ...box, x: box.x + dx, y: box.y + dy })
}

// Wider and higher at its right and lower edge.
export function stretched(box: Box, dw: number, dh: number): Box {
  const w = clamp(box.w + dw, least, 1 - box.x)
  const h = clamp(box.h + dh, least, 1 - box.y)
  return fitted({ ...box, w, h })
}

// Larger or smaller about its middle.
export function grown(box: Box, by: number): Box {
  const w = clamp(box.w + by, least, 1)
  const h = clamp(box.h * (w / box.w), least, 1)
  return fitted({ x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h })
}

export function boxStep(box: Box, key: string, shift: boolean): Box | null {
  const to: Record<string, [number, number]> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  }
  const by = to[key]
  if (by) return shift ? stretched(box, by[0], by[1]) : moved(box, by[0], by[1])
  if (key === '+' || key === '=') return grown(box, step)
  if (key === '-' || key === '_') return grown(box, -step)
  return null
}

export function between(a: Point, b: Point): Box {
  const ends = [clamp(a.x, 0, 1), clamp(b.x, 0, 1), clamp(a.y, 0, 1), clamp(b.y, 0, 1)] as const
  const [ax, bx, ay, by] = ends
  return fitted({ x: Math.min(ax, bx), y: Math.min(ay, by), w: Math.abs(ax - bx), h: Math.abs(ay - by) })
}

// A tap: the frame there is comes to that place, or a square one is laid there.
export function around(at: Point, ratio: number, box: Box | null): Box {
  const w = box?.w ?? (ratio > 1 ? 0.2 / ratio : 0.2)
  const h = box?.h ?? w * ratio
  return fitted({ x: at.x - w / 2, y: at.y - h / 2, w, h })
}

// The corner goes to the point; the one across from it stays.
export function pulled(box: Box, corner: Corner, at: Point): Box {
  const stays = {
    x: corner.endsWith('w') ? box.x + box.w : box.x,
    y: corner.startsWith('n') ? box.y + box.h : box.y,
  }
  return between(stays, at)
}

export function holds(box: Box, at: Point): boolean {
  return at.x >= box.x && at.x <= box.x + box.w && at.y >= box.y && at.y <= box.y + box.h
}
