// SPDX-License-Identifier: AGPL-3.0-or-later
// Era cards, the public line, and things marked in pictures (docs/formats/api.md).

import { one, query, read, tell } from './api'
import type { Brief, Item, Mark } from './shapes'

export interface EraCard {
  id: string
  pack: string
  kind: string
  year: number
  date: { edtf: string; from: string; to: string; text: string }
  region: string
  title: string
  text: string
  words: string[]
  sources: string[]
  licence: string
  media: string
  care: boolean
}

export interface PublicYear {
  year: number
  cards: { id: string; kind: string; title: string; edtf: string }[]
}

export interface MarkedThing {
  thing: string
  card: string
  count: number
  from: number
  to: number
}

export interface ThingRow {
  items: Brief[]
  marks: Mark[]
  card: EraCard | null
}

export interface Marking {
  thing: string
  card?: string
  region?: { x: number; y: number; w: number; h: number }
  date?: string
  sentence?: string
  voice?: string
}

export const eraApi = {
  cards: (fields: Record<string, string | number>, signal?: AbortSignal) =>
    read<{ cards: EraCard[] }>('/era?' + query(fields), signal),
  card: (id: string, signal?: AbortSignal) => read<EraCard>(`/era/${one(id)}`, signal),
  line: () => read<{ years: PublicYear[] }>('/era-line?calm=1'),
  things: () => read<{ things: MarkedThing[] }>('/marks'),
  row: (fields: { thing: string } | { card: string }, signal?: AbortSignal) =>
    read<ThingRow>('/marks?' + query({ ...fields }), signal),
  mark: (item: string, marking: Marking) => tell<Item>(`/items/${one(item)}/marks`, marking),
  takeBack: (item: string, claim: string) => tell<Item>(`/items/${one(item)}/marks`, { retract: claim }),
}
