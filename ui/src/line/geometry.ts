// SPDX-License-Identifier: AGPL-3.0-or-later
// How big things are on the line of time, for a window of some width.

import type { Geometry } from './blocks'
import type { Measure } from './rows'

const margin_em = 10 // the column in which months stand beside their pictures
const beside_from_em = 56 // wide enough for it

export function isBeside(width: number, em: number): boolean {
  return width >= beside_from_em * em
}

export function rowsMeasure(width: number, em: number): Measure {
  const target = width < 36 * em ? 7 * em : Math.min(15 * em, Math.max(11 * em, width / 7))
  return { width, target, gap: em / 4 }
}

export function geometryOf(width: number, em: number): Geometry {
  const beside = isBeside(width, em)
  const rows = rowsMeasure(beside ? width - margin_em * em : width, em)
  const heights = beside
    ? { chapter: 6 * em, heading: 6 * em, after: 1.5 * em }
    : { chapter: 4.5 * em, heading: 3.5 * em, after: 0.75 * em }
  return { ...rows, ...heights, beside, shelfHeading: 3.5 * em, between: beside ? 2 * em : em, least: 8.75 * em }
}

export function bodyLeft(g: Geometry, em: number): number {
  return g.beside ? margin_em * em : 0
}
