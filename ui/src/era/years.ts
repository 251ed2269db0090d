// SPDX-License-Identifier: AGPL-3.0-or-later
// Which decades there are, and which few cards stand beside a decade of the family's own line.

import { chapterTitle } from '../line/titles'
import type { Mark } from '../net/shapes'
import type { PublicYear } from '../net/era'

export const decades: readonly number[] = [1930, 1940, 1950, 1960, 1970, 1980, 1990, 2000, 2010]
export const first_decade = 1970

export function decadeName(decade: number): string {
  return chapterTitle(String(decade))
}

export interface Beside {
  id: string
  year: number
  title: string
}

// What many kept together stands before what one might own.
const ranks: readonly string[] = ['festival', 'event', 'school', 'song', 'price', 'work', 'housing', 'thing']

// At most `most` cards of a decade, in the order of their years.
export function besideDecade(years: readonly PublicYear[], decade: number, most: number): Beside[] {
  const all = years
    .filter((year) => year.year >= decade && year.year < decade + 10)
    .flatMap((year) => year.cards.map((card) => ({ id: card.id, year: year.year, title: card.title, rank: ranks.indexOf(card.kind) })))
  const chosen = [...all].sort((a, b) => a.rank - b.rank || a.year - b.year).slice(0, most)
  chosen.sort((a, b) => a.year - b.year)
  return chosen.map(({ id, year, title }) => ({ id, year, title }))
}

// Where a thing's own page is: under its card, or under what it is called.
export function thingPath(mark: Pick<Mark, 'thing' | 'card'>): string {
  return '/thing/' + encodeURIComponent(mark.card || mark.thing)
}

export function isCardId(id: string): boolean {
  return /^[a-z0-9][a-z0-9-]*\.[a-z0-9][a-z0-9-]*$/.test(id)
}

// "1978", "1950–1999", or nothing.
export function spanOfYears(from: number | undefined, to: number | undefined): string {
  if (!from) return ''
  return !to || to === from ? String(from) : `${from}–${to}`
}
