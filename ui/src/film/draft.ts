// SPDX-License-Identifier: AGPL-3.0-or-later
// A film in the making: prints in a row, each with its words, its time and perhaps a voice.

import type { Beat, Brief, Move, Story } from '../net/shapes'

export interface Draft {
  title: string
  beats: DraftBeat[]
  music: string
  licence: string // why the music may be used
}

export interface DraftBeat {
  item: Brief
  caption: string
  seconds: string // as typed; empty leaves it to the house
  narration: string
  words?: string // what was answered in writing
  move?: Move // to the face that was asked about
  words_of?: string[] // whose words these are
}

// How long things stand, as docs/formats/story.md tells it.
export const usual_s = 5
const title_s = 4
const end_s = 4
const around_voice_s = 0.8
const settle_s = 1.5
const han_s = 0.22
const letter_s = 0.06
const longest_read_s = 60

export function draftOf(items: readonly Brief[], captionOf: (item: Brief) => string): Draft {
  const beats = items.map((item) => ({ item, caption: captionOf(item), seconds: '', narration: '' }))
  return { title: '', beats, music: '', licence: '' }
}

// Follows a changed choice without losing what was written.
export function withChoice(draft: Draft, items: readonly Brief[], captionOf: (item: Brief) => string): Draft {
  const ids = new Set(items.map((item) => item.id))
  const kept = draft.beats.filter((beat) => ids.has(beat.item.id))
  const known = new Set(kept.map((beat) => beat.item.id))
  const added = draftOf(
    items.filter((item) => !known.has(item.id)),
    captionOf,
  )
  return { ...draft, beats: kept.concat(added.beats) }
}

// Beats that somebody made elsewhere take the place of the same pictures, or come at the end.
export function withBeats(draft: Draft, beats: readonly DraftBeat[]): Draft {
  const fresh = new Map(beats.map((beat) => [beat.item.id, beat]))
  const kept = draft.beats.map((beat) => fresh.get(beat.item.id) ?? beat)
  const known = new Set(draft.beats.map((beat) => beat.item.id))
  return { ...draft, beats: kept.concat(beats.filter((beat) => !known.has(beat.item.id))) }
}

export function moved<T>(things: readonly T[], from: number, to: number): T[] {
  const next = [...things]
  const [thing] = next.splice(from, 1)
  if (thing === undefined) return next
  next.splice(Math.min(next.length, Math.max(0, to)), 0, thing)
  return next
}

// A number of seconds a person typed, within reason, or null.
export function secondsOf(text: string): number | null {
  const n = Number(text.trim().replace(',', '.').replace('，', '.'))
  return text.trim() !== '' && Number.isFinite(n) && n >= 0.5 && n <= 600 ? n : null
}

export function readingSeconds(words: string): number {
  let sum = settle_s
  for (const letter of words.trim()) sum += /[\u3400-\u9fff]/.test(letter) ? han_s : letter_s
  return Math.min(longest_read_s, sum)
}

export function beatSeconds(beat: DraftBeat, lengths: ReadonlyMap<string, number>): number {
  const asked = secondsOf(beat.seconds)
  if (asked !== null) return asked
  const voice = beat.narration ? lengths.get(beat.narration) : undefined
  if (beat.item.duration_ms > 0) return Math.min(voice ?? Infinity, beat.item.duration_ms) / 1000
  if (voice) return voice / 1000 + around_voice_s
  return beat.caption.trim() ? Math.max(usual_s, readingSeconds(beat.caption)) : usual_s
}

export function filmSeconds(beats: readonly DraftBeat[], lengths: ReadonlyMap<string, number>): number {
  return beats.reduce((all, beat) => all + beatSeconds(beat, lengths), title_s + end_s)
}

function beatOf(beat: DraftBeat): Beat {
  const made: Beat = { media: beat.item.id }
  const seconds = secondsOf(beat.seconds)
  if (seconds !== null) made.duration = seconds
  if (beat.caption.trim()) made.caption = beat.caption.trim()
  if (beat.narration) made.narration = beat.narration
  else if (beat.words) made.narration = { text: beat.words }
  if (beat.move) made.move = beat.move
  if (beat.words_of) made.words_of = beat.words_of
  return made
}

export function storyOf(draft: Draft, lang: string): Story {
  const story: Story = { title: draft.title.trim(), lang, beats: draft.beats.map(beatOf) }
  if (draft.music) story.music = { media: draft.music, licence: draft.licence.trim() }
  return story
}
