// SPDX-License-Identifier: AGPL-3.0-or-later
// A family apart: one question a week between two places (docs/formats/api.md).

import { one, read, remove, tell } from './api'
import type { Ask } from './asks'

export interface RoundPlace {
  name: string
  persons: { id: string; name: string }[]
}

export interface Round {
  id: string
  claim: string
  places: [RoundPlace, RoundPlace]
  turn: 0 | 1 | null // whose turn it is; null: whoever likes
  from: string // from when they may ask; "": from the beginning
  now: boolean // that time has come
  mine: 0 | 1 | null // where I am
  latest: string // the last question, or ""
}

export type WholeRound = Round & { asks: Ask[] } // the latest first, without their answers

export interface Placing {
  places: { name: string; persons: string[] }[]
}

const at = (id: string) => `/rounds/${one(id)}`

export const rounds = {
  all: (signal?: AbortSignal) => read<{ rounds: Round[] }>('/rounds', signal),
  one: (id: string, signal?: AbortSignal) => read<WholeRound>(at(id), signal),
  begin: (placing: Placing) => tell<Round>('/rounds', placing),
  say: (id: string, claim: string, placing: Placing) => tell<Round>(at(id), { ...placing, claim }),
  end: (id: string) => remove(at(id)),
}
