// SPDX-License-Identifier: AGPL-3.0-or-later
// Which years stand on the rail: decades first, others where there is room between them.

import type { Block } from './blocks'

export interface RailMark {
  year: number
  at: number // [0,1] of the rail
  decade: boolean
}

const room_em = 1.6

function firstOfYears(blocks: readonly Block[], total: number): RailMark[] {
  const marks: RailMark[] = []
  let year = Number.NaN
  let decade = Number.NaN
  for (const block of blocks) {
    const { section } = block
    if (section.key === 'none' || section.year === year) continue
    year = section.year
    const newDecade = Math.floor(year / 10) !== decade
    decade = Math.floor(year / 10)
    marks.push({ year, at: block.top / total, decade: newDecade })
  }
  return marks
}

export function railMarks(blocks: readonly Block[], total: number, height: number, em: number): RailMark[] {
  if (total <= 0) return []
  const room = (room_em * em) / Math.max(1, height * 0.8)
  const all = firstOfYears(blocks, total)
  const kept: RailMark[] = []
  for (const mark of [...all.filter((m) => m.decade), ...all.filter((m) => !m.decade)]) {
    if (kept.every((other) => Math.abs(other.at - mark.at) >= room)) kept.push(mark)
  }
  return kept.sort((a, b) => a.at - b.at)
}
