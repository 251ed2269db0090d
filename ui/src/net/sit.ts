// SPDX-License-Identifier: AGPL-3.0-or-later
// Sittings, the frame, the card about somebody (docs/formats/api.md).

import { one, query, read, tell } from './api'

export interface Choice {
  thing: string
  medium: 'photo' | 'video' | 'audio' | 'film' | 'card' | 'words'
  why: string
  title: string
  say: string
  feel: string
  lit: boolean
  width: number
  height: number
  image: string
  play: string
}

export type Mood = 'good' | 'quiet' | 'unhappy'

export interface Sitting {
  id: string
  person: string
  began: string
  minutes: number
  company: string
  again: number
  good: number
  quiet: number
  unhappy: number
}

export interface AboutPart {
  part: string
  lines: { text: string; claim: string }[]
}

export interface Avoid {
  kind: string
  value: string
  claim: string
}

export interface Lit {
  thing: string
  claim: string
  title: string
}

export interface Me {
  role: string
  person: string
}

const of = (id: string) => `/sittings/${one(id)}`
const person = (id: string) => `/persons/${one(id)}`

export const sit = {
  begin: (body: { person?: string; company?: string; log?: boolean }) => tell<Sitting>('/sittings', body),
  offer: (id: string, body: { after: string; seen: readonly string[]; away: readonly string[]; step: number }) =>
    tell<{ choices: Choice[] }>(`${of(id)}/offer`, body),
  again: (id: string, thing: string, keep: boolean) => tell<null>(`${of(id)}/again`, { thing, keep }),
  mood: (id: string, mood: Mood) => tell<null>(`${of(id)}/mood`, { mood }),
  never: (id: string, thing: string) => tell<null>(`${of(id)}/never`, { thing }),
  end: (id: string) => tell<Sitting>(`${of(id)}/end`, {}),
  book: () => read<{ sittings: Sitting[] }>('/sittings'),
  frame: (fields: Record<string, string | number>) => read<{ picture: Choice | null }>('/frame?' + query(fields)),
}

export const cared = {
  me: () => read<Me>('/me'),
  about: (id: string) => read<{ parts: AboutPart[] }>(`${person(id)}/about-me`),
  sayAbout: (id: string, part: string, text: string) =>
    tell<{ parts: AboutPart[] }>(`${person(id)}/about-me`, { part, text }),
  takeBackAbout: (id: string, retract: string) => tell<{ parts: AboutPart[] }>(`${person(id)}/about-me`, { retract }),
  avoids: (id: string) => read<{ avoid: Avoid[] }>(`${person(id)}/consent`),
  avoid: (id: string, kind: string, value: string) =>
    tell<{ avoid: Avoid[] }>(`${person(id)}/consent`, { predicate: 'avoid', value: { kind, value } }),
  takeBack: (id: string, claim: string) =>
    tell<{ avoid: Avoid[] }>(`${person(id)}/consent`, { predicate: 'retract', value: claim }),
  litUp: (id: string) => read<{ lit_up: Lit[] }>(`${person(id)}/lit-up`),
  link: (label: string, to: string) =>
    tell<{ link: string; qr_size: number; qr_path: string }>('/invitations', { role: 'viewer', label, to }),
  enter: (code: string) => tell<Me>('/enter', { code }),
}
