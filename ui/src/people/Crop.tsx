// SPDX-License-Identifier: AGPL-3.0-or-later
// A face, cut out of the picture at hand. It keeps its shape.

import type { Portrait, Spot, Face } from '../net/people'
import { partStyle, ratioOfSpot, sizeFor, withAir, type Shape } from './cropping'

const everything: Spot = { x: 0, y: 0, w: 1, h: 1 }

interface Props {
  thumb: string // where the pictures at hand begin; their size follows
  shape: Shape
  spot: Spot | null // null: all of it
  high_rem: number
  air?: number
  alt?: string
}

export function Crop({ thumb, shape, spot, high_rem, air = 0.3, alt = '' }: Props) {
  const part = spot ? withAir(spot, air) : everything
  const ratio = ratioOfSpot(part, shape)
  const size = sizeFor(part, shape, high_rem * 16 * Math.min(2, globalThis.devicePixelRatio || 1))
  return (
    <span class="crop" style={{ width: `${high_rem * ratio}rem`, aspectRatio: String(ratio) }}>
      {thumb && <img src={thumb + size} alt={alt} decoding="async" style={partStyle(part)} />}
    </span>
  )
}

export function FaceCrop({ face, high_rem, alt }: { face: Face; high_rem: number; alt?: string }) {
  return <Crop thumb={`/api/v1/items/${face.item}/thumb/`} shape={face} spot={face} high_rem={high_rem} {...(alt ? { alt } : {})} />
}

export function PortraitCrop({ portrait, high_rem, alt }: { portrait: Portrait; high_rem: number; alt?: string }) {
  const { item, region } = portrait
  return <Crop thumb={item.thumb} shape={item} spot={region} high_rem={high_rem} {...(alt ? { alt } : {})} />
}
