// SPDX-License-Identifier: AGPL-3.0-or-later
// What is wished for a clip, as the page holds it, and as the kit reads it (docs/formats/api.md).

import type { JobOptions } from '../net/shapes'
import { frameOf, type Shown } from './WideShot'

export const mends = ['steady', 'light', 'sound', 'footage'] as const
export type Mend = (typeof mends)[number]

export interface Wish {
  on: Record<Mend, boolean>
  strength: number // [5,100]
  scene: string // "": none of the cards
  shown: Shown
  fill: boolean // edges from the frames around
  along: boolean // the camera went along: its way stays
  mount: string // "": none
}

// A scene says how far to go; a mount rides, so that its way stays without being asked for. What has no
// say where nothing is held still is left out.
export function optionsOf({ on, strength, scene, shown, fill, along, mount }: Wish): JobOptions {
  const frame = frameOf(shown)
  return {
    ...on,
    ...(scene ? { scene } : { strength: strength / 100 }),
    ...(frame && { frame }),
    ...(on.steady && fill && { fill }),
    ...(on.steady && along && !mount && { keep_viewpoint: true }),
    ...(mount && { mount }),
  }
}

export function isNothing(wish: Wish): boolean {
  return !frameOf(wish.shown) && !mends.some((mend) => wish.on[mend])
}
