// SPDX-License-Identifier: AGPL-3.0-or-later
// A film in the making: prints in a row, each with its words, its time and perhaps a voice.

import type { Beat, Brief, Story } from '../net/shapes'

export interface Draft {
  title: string
  beats: DraftBeat[]
  music: string
}

export interface DraftBeat {
  item: Brief
  caption: string
  seconds: string // as typed; empty leaves it to the house
  narration: string
}

export const usual_s = 5
const crossing_s = 0.8

export function draftOf(items: readonly Brief[], captionOf: (item: Brief) => string): Draft {
  const beats = items.map((item) => ({ item, caption: captionOf(item), seconds: '', narration: '' }))
  return { title: '', beats, music: '' }
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
  return text.trim() !== '' && Number.isFinite(n) && n >= 1 && n <= 600 ? n : null
}

export function beatSeconds(beat: DraftBeat, lengths: ReadonlyMap<string, number>): number {
  const asked = secondsOf(beat.seconds)
  if (asked !== null) return asked
  const voice = beat.narration ? lengths.get(beat.narration) : undefined
  if (voice) return voice / 1000
  return beat.item.duration_ms > 0 ? beat.item.duration_ms / 1000 : usual_s
}

export function filmSeconds(beats: readonly DraftBeat[], lengths: ReadonlyMap<string, number>): number {
  const sum = beats.reduce((all, beat) => all + beatSeconds(beat, lengths), 0)
  return Math.max(0, sum - Math.max(0, beats.length - 1) * crossing_s)
}

function beatOf(beat: DraftBeat): Beat {
  const made: Beat = { media: beat.item.id }
  const seconds = secondsOf(beat.seconds)
  if (seconds !== null) made.duration = seconds
  if (beat.caption.trim()) made.caption = beat.caption.trim()
  if (beat.narration) made.narration = beat.narration
  return made
}

export function storyOf(draft: Draft, lang: string): Story {
  const story: Story = { title: draft.title.trim(), lang, beats: draft.beats.map(beatOf) }
  if (draft.music) story.music = { media: draft.music }
  return story
}
