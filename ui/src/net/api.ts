// SPDX-License-Identifier: AGPL-3.0-or-later
// The one door to the house. Answers are the shapes of shapes.ts; a refusal carries the sentence the
// house wrote for people.

import { lang, t } from '../base/words'
import type { About, Act, Album, Brief, Done, Film, Item, Job, JobOptions, Leaf, Person, Story, Timeline, Trusted, Withheld } from './shapes'

const root = '/api/v1'

export class Refusal extends Error {
  constructor(
    sentence: string,
    readonly status: number,
    readonly kind = '', // the problem's title, for programs
  ) {
    super(sentence)
  }
}

export function sentenceOf(cause: unknown): string {
  return cause instanceof Refusal ? cause.message : t('ui.error.unknown')
}

export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError'
}

async function refusalOf(answer: Response): Promise<Refusal> {
  let sentence = ''
  let kind = ''
  try {
    const problem = (await answer.json()) as { title?: string; detail?: string }
    sentence = problem.detail ?? ''
    kind = problem.title ?? ''
  } catch {
    // No problem document: the general sentence below stands in.
  }
  const general = answer.status === 404 ? t('ui.error.gone') : t('ui.error.unknown')
  return new Refusal(sentence || general, answer.status, kind)
}

// Whoever must come in first is led to the door, whichever page asked.
let signedOut: () => void = () => undefined
export function onSignedOut(lead: () => void): void {
  signedOut = lead
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('Accept-Language', lang.value)
  if (typeof init.body === 'string') headers.set('Content-Type', 'application/json')
  let answer: Response
  try {
    answer = await fetch(root + path, { ...init, headers, credentials: 'same-origin' })
  } catch (cause) {
    if (isAbort(cause)) throw cause
    throw new Refusal(t('ui.error.offline'), 0)
  }
  if (answer.status === 401) signedOut()
  if (!answer.ok) throw await refusalOf(answer)
  return answer
}

let reading = 0

// Something that the page wants to show is on its way.
export function isReading(): boolean {
  return reading > 0
}

export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  reading++
  try {
    const answer = await send(path, signal ? { signal } : {})
    return (await answer.json()) as T
  } finally {
    reading--
  }
}

export async function tell<T>(path: string, body: unknown): Promise<T> {
  const answer = await send(path, { method: 'POST', body: JSON.stringify(body) })
  const text = await answer.text()
  return (text ? JSON.parse(text) : null) as T
}

// A thing with the tag under which it may be changed: who changed it meanwhile is not written over.
export interface Tagged<T> {
  thing: T
  tag: string
}

async function readTagged<T>(path: string): Promise<Tagged<T>> {
  const answer = await send(path, {})
  return { thing: (await answer.json()) as T, tag: answer.headers.get('ETag') ?? '' }
}

async function tellIf<T>(path: string, body: unknown, tag: string): Promise<T> {
  const answer = await send(path, { method: 'POST', body: JSON.stringify(body), headers: { 'If-Match': tag } })
  return (await answer.json()) as T
}

export async function remove(path: string): Promise<void> {
  await send(path, { method: 'DELETE' })
}

// What a DELETE leaves behind, where it tells.
export async function takeAway<T>(path: string): Promise<T> {
  const answer = await send(path, { method: 'DELETE' })
  return (await answer.json()) as T
}

export function query(fields: Record<string, string | number>): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== '')
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
}

export const one = (id: string) => encodeURIComponent(id)

export const api = {
  about: () => read<About>('/about'),
  timeline: () => read<Timeline>('/timeline'),
  items: (fields: Record<string, string | number>, signal?: AbortSignal) =>
    read<Leaf>('/items?' + query(fields), signal),
  search: (fields: Record<string, string | number>, signal?: AbortSignal) =>
    read<Leaf>('/search?' + query(fields), signal),
  item: (id: string, signal?: AbortSignal) => read<Item>(`/items/${one(id)}`, signal),
  claim: (id: string, predicate: string, value: unknown, certain = 0.9) =>
    tell<Item>(`/items/${one(id)}/claims`, { predicate, value, certain }),
  doTo: (items: string[], todo: Record<string, unknown>) => tell<Done>('/acts', { items, do: todo }),
  undo: (act: string) => tell<Done>(`/acts/${one(act)}/undo`, {}),
  acts: () => read<{ acts: Act[] }>('/acts'),
  albums: () => read<{ albums: Album[] }>('/albums'),
  addAlbum: (title: string) => tell<Album>('/albums', { title }),
  album: (id: string) => readTagged<Album>(`/albums/${one(id)}`),
  changeAlbum: (id: string, what: { title?: string; order?: string[] }, tag: string) =>
    tellIf<Album>(`/albums/${one(id)}`, what, tag),
  albumItems: (id: string, cursor: string) => read<Leaf>(`/albums/${one(id)}/items?` + query({ cursor, limit: 200 })),
  dropAlbum: async (id: string) => {
    const answer = await send(`/albums/${one(id)}`, { method: 'DELETE' })
    return (await answer.json()) as { act: string }
  },
  hidden: (cursor: string) => read<Leaf>('/hidden?' + query({ cursor, limit: 200 })),
  persons: (q: string) => read<{ persons: Person[] }>('/persons?' + query({ q })),
  addPerson: (name: string) => tell<Person>('/persons', { name }),
  trashItem: (id: string) => remove(`/items/${one(id)}`),
  untrash: (id: string) => tell<Item>(`/items/${one(id)}/untrash`, {}),
  trash: () => read<{ items: Brief[] }>('/trash'),
  emptyTrash: () => tell<unknown>('/trash/empty', { confirm: true }),
  films: () => read<{ films: Film[]; withheld?: Withheld[] }>('/films'),
  filmWithout: (id: string) => tell<Job>(`/films/${one(id)}/without`, {}),
  film: (id: string) => read<Film>(`/films/${one(id)}`),
  makeFilm: (story: Story) => tell<Job>('/films', story),
  startJob: (kind: string, item: string, options: JobOptions) => tell<Job>('/jobs', { kind, item, options }),
  jobs: () => read<{ jobs: Job[] }>('/jobs'),
  job: (id: string) => read<Job>(`/jobs/${one(id)}`),
  cancelJob: (id: string) => remove(`/jobs/${one(id)}`),
  trust: () => read<Trusted>('/trust'),
  have: (sha256: string[]) => tell<{ have: Record<string, string> }>('/have', { sha256 }),
}
