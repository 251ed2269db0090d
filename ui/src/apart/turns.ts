// SPDX-License-Identifier: AGPL-3.0-or-later
// Who may ask this week, and as whose question.

import { signal } from '@preact/signals'
import type { Round } from '../net/rounds'

export type Place = 0 | 1

export interface Offer {
  round: string
  place: Place
  from: string // the place that asks
  to: string // the place that is asked
}

// The round whose question somebody went out to find a picture for.
export const wished = signal('')

// As whose question of the week something may be asked now by whoever is here: nobody is offered the
// other place's turn, and who lives at neither may write down a question for whichever has it.
export function offersOf(rounds: readonly Round[]): Offer[] {
  return rounds.flatMap((round) => {
    if (!round.now) return []
    const places = ([0, 1] as const).filter((place) => (round.turn === null || round.turn === place) && (round.mine === null || round.mine === place))
    return places.map((place) => ({ round: round.id, place, from: round.places[place].name, to: round.places[place === 0 ? 1 : 0].name }))
  })
}
