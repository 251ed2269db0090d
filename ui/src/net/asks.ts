// SPDX-License-Identifier: AGPL-3.0-or-later
// Questions about pictures and what was answered (docs/formats/api.md).

import { lang } from '../base/words'
import { one, query, read, takeAway, tell } from './api'
import type { Beat, UploadResult } from './shapes'
import { Upload } from './tus'

export interface Place {
  x: number
  y: number
  w: number
  h: number
}

export interface Reply {
  claim: string
  kind: 'voice' | 'film' | 'picture' | 'text'
  media: string
  text: string
  for: string
  reply_to: string
  who: string
  name: string
  at: string
  mime: string
  duration_ms: number
}

export interface Ask {
  id: string
  claim: string
  item: string
  region: Place | null
  span: { from_ms: number; to_ms: number } | null
  text: string
  voice: string
  to: string
  to_name: string
  lang: string
  round: string // of which round it is a question, or ""
  place: 0 | 1 | null // which place of it asks
  who: string
  name: string
  at: string
  answers: number
  rests: boolean // who asks lets theirs rest: no words, no voice, no name
  replies: Reply[]
  kind: string
  width: number
  height: number
  has_picture: boolean
}

export interface Asking {
  item: string
  text: string
  region?: Place
  span?: { from_ms: number; to_ms: number }
  voice?: string
  to?: string
  lang: string
  round?: string
  place?: 0 | 1
}

export interface AskLink {
  id: string
  code: string
  link: string
  qr_size: number
  qr_path: string
}

export interface Me {
  role: string
  account: string
  person: string
  about: string
  session: string
}

const at = (id: string) => `/asks/${one(id)}`

export const asksApi = {
  me: () => read<Me>('/me'),
  enter: (code: string) => tell<Me>('/enter', { code }),
  ofItem: (item: string, signal?: AbortSignal) => read<{ asks: Ask[] }>('/asks?' + query({ item }), signal),
  ask: (id: string, signal?: AbortSignal) => read<Ask>(at(id), signal),
  say: (asking: Asking) => tell<Ask>('/asks', asking),
  takeBack: (id: string) => fetch('/api/v1' + at(id), { method: 'DELETE', credentials: 'same-origin' }),
  link: (id: string) => tell<AskLink>(`${at(id)}/link`, {}),
  answer: (id: string, said: { text?: string; media?: string; reply_to?: string; for?: string }) => tell<Ask>(`${at(id)}/answers`, said),
  answerBack: (id: string, claim: string) => takeAway<Ask>(`${at(id)}/answers/${one(claim)}`),
  beats: (id: string, answer: string) => read<{ beats: Beat[] }>(`${at(id)}/beats?` + query({ answer })),
}

export const pictureOf = (ask: Ask, size: 256 | 1024 | 2048) => `/api/v1${at(ask.id)}/picture/${size}`
// A film or recording, at the span that is asked about (media fragment).
export function playOf(ask: Ask): string {
  const { span } = ask
  return `/api/v1${at(ask.id)}/play` + (span ? `#t=${span.from_ms / 1000},${span.to_ms / 1000}` : '')
}

export const mediaOf = (ask: string, claim: string) => `/api/v1${at(ask)}/answers/${one(claim)}/media`
// Small enough for a thin line; 202 while it is made.
export const smallOf = (ask: string, claim: string) => `/api/v1${at(ask)}/answers/${one(claim)}/small`
export const cardOf = (ask: string, code: string) => `/api/v1${at(ask)}/card.jpg?code=${code}`

const kept_nowhere = { get: () => null, set: () => undefined, forget: () => undefined }

// Brings a file in. What a guest sends becomes their answer by itself; for a member of the home it is said here.
export async function answerWith(ask: string, file: File, more: { reply_to?: string; for?: string }, onProgress: (share: number) => void): Promise<UploadResult> {
  const { role } = await asksApi.me()
  const upload = new Upload(file, {
    endpoint: new URL('/api/v1/uploads', location.href).href,
    memory: kept_nowhere,
    headers: { 'Accept-Language': lang.value },
    onProgress: (sent) => onProgress(sent / Math.max(1, file.size)),
  })
  const result = await upload.run()
  if (result.status !== 'refused' && role !== 'guest') await asksApi.answer(ask, { media: result.id, ...more })
  return result
}
