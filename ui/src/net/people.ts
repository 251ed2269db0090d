// SPDX-License-Identifier: AGPL-3.0-or-later
// Persons, faces and kinship: the shapes of docs/formats/api.md, and the ways to ask for them.

import { api, query, read, takeAway, tell } from './api'
import type { Brief, Claim, Item } from './shapes'

export interface Spot {
  x: number
  y: number
  w: number
  h: number
}

export interface Life {
  edtf: string
  text: string
  place: string
}

export interface Kin {
  word: string
  zh: string
  en: string
}

export interface Face extends Spot {
  claim: string
  item: string
  width: number
  height: number
}

export type Sex = '' | 'f' | 'm' | 'x'

export interface Person {
  id: string
  name: string
  sort: string
  sex: Sex
  born: Life
  died: Life
  portrait: Face | null
  kin?: Kin // what "me" calls them
}

export interface Relation {
  kind: string
  to: string
  name: string
  order: string
  said_of: string
  claim: string
}

export interface Flag {
  what: string
  whom: string
  name: string
  other: string
  other_name: string
  item: string
  claims: string[]
  text: string
}

export interface PersonName {
  text: string
  kind: string
  lang: string
  claim: string
}

export interface WholePerson extends Person {
  names: PersonName[]
  relations: Relation[]
  claims: Claim[]
  flags: Flag[]
}

export interface OpenFace extends Spot {
  claim: string
  kind: string
  name: string
  item: Brief
}

export interface Age {
  from: number
  to: number
  about: boolean
  text: string
}

export interface Portrait {
  at: number
  age: Age
  region: (Spot & { claim: string }) | null
  item: Brief
}

export type Framed = Item & { region: string }

const id = (one: string) => encodeURIComponent(one)
const regionsOf = (item: string) => `/items/${id(item)}/regions`

export const people = {
  list: (fields: { q?: string; me?: string }, signal?: AbortSignal) =>
    read<{ persons: Person[] }>('/persons?' + query(fields), signal),
  one: (person: string, signal?: AbortSignal) => read<WholePerson>(`/persons/${id(person)}`, signal),
  add: (body: Record<string, unknown>) => tell<WholePerson>('/persons', body),
  say: (person: string, predicate: string, value: unknown) =>
    tell<WholePerson>(`/persons/${id(person)}`, { predicate, value, certain: 0.9 }),
  portraits: (person: string, fields: { age?: number } = {}, signal?: AbortSignal) =>
    read<{ portraits: Portrait[] }>(`/persons/${id(person)}/portraits?` + query(fields), signal),
  unnamed: (fields: { cursor?: string; limit?: number }, signal?: AbortSignal) =>
    read<{ regions: OpenFace[]; next: string; total: number }>('/regions?unnamed&' + query(fields), signal),
  unframed: (fields: { cursor?: string; limit?: number }, signal?: AbortSignal) =>
    read<{ items: Brief[]; next: string }>('/unframed?' + query(fields), signal),
  frame: (item: string, spot: Spot, more: { name?: string; kind?: string; person?: string } = {}) =>
    tell<Framed>(regionsOf(item), { ...spot, ...more }),
  moveFrame: (item: string, claim: string, spot: Spot) => tell<Framed>(`${regionsOf(item)}/${id(claim)}`, spot),
  dropFrame: (item: string, claim: string) => takeAway<Item>(`${regionsOf(item)}/${id(claim)}`),
  nameFrame: (item: string, claim: string, person: string | null) =>
    tell<Item>(`${regionsOf(item)}/${id(claim)}/person`, { person }),
  isIn: (item: string, person: string, yes = true) => tell<Item>(`/items/${id(item)}/persons`, { person, in: yes }),
}

function saysIn(item: Item, person: string): boolean {
  const meant = (value: unknown) => (value as { person?: unknown } | null)?.person === person
  return item.claims.some((claim) => claim.predicate === 'in_picture' && !claim.retracted && meant(claim.value))
}

// Somebody is not in a picture after all, wherever in it they were said to be.
export async function isNotIn(id: string, person: string): Promise<Item> {
  let item = await api.item(id)
  const shows = item.regions.filter((region) => region.person === person && region.claim)
  for (const region of shows) item = await people.nameFrame(id, region.claim ?? '', null)
  if (saysIn(item, person)) item = await people.isIn(id, person, false)
  return item
}
