// SPDX-License-Identifier: AGPL-3.0-or-later
// What people let be shown of theirs, as docs/formats/api.md has it.

import { one, query, read, tell } from './api'

export type Audience = 'home' | 'kin' | 'public'
export type Purpose = 'picture' | 'voice' | 'story'

export interface Said {
  claim: string
  who: string
  who_name: string // of a person
  at: string
}

export interface ConsentRow extends Said {
  audience: Audience
  purpose: Purpose
  allow: boolean
  until: string
  given: '' | 'self' | 'guardian' | 'proxy'
  how: string
}

export interface HandSaid extends Said {
  predicate: 'rest' | 'delay' | 'ask_first'
}

export interface Consent {
  rows: ConsentRow[]
  rest: boolean
  delay: number
  ask_first: string
  hand: HandSaid[]
  own_say: string // from when on a child decides; '' where nobody knows
}

export interface May {
  may: boolean
  may_say: boolean // whether one may let it out
  in_the_way?: string[] // for keepers
}

export const consents = {
  of: (person: string) => read<Consent>(`/persons/${one(person)}/consent`),
  say: (person: string, predicate: string, value: unknown) => tell<Consent>(`/persons/${one(person)}/consent`, { predicate, value }),
  may: (item: string, audience: Audience) => read<May>(`/items/${one(item)}/may?` + query({ audience })),
  // null takes one's own word back.
  release: (item: string, audience: Audience, allow: boolean | null) => tell<unknown>(`/items/${one(item)}/release`, { audience, allow }),
}
