// SPDX-License-Identifier: AGPL-3.0-or-later
// Everybody who says something of a picture: what, how sure, when, and whose word is shown. Pure.

import { myWord } from '../door/word'
import type { Claim, Item } from '../net/shapes'
import { lastWords, textOf } from './facts'

export interface Voice {
  claim: Claim
  text: string
  who: string // a source of the house ("exif"), "owner", or a person's name
  counts: boolean
  own: boolean
  span?: { edtf: string; from: string; to: string }
}

function edtfOf(claim: Claim): string {
  const value = claim.value as { edtf?: unknown } | null
  return typeof value === 'object' && value !== null && typeof value.edtf === 'string' ? value.edtf : ''
}

function voiceOf(claim: Claim, shown: Claim | undefined): Voice {
  const { from, to } = claim
  return {
    claim,
    text: claim.text || textOf(claim.value),
    who: claim.who_name || claim.who,
    counts: claim === shown,
    own: claim.who !== '' && claim.who === myWord.value,
    ...(from !== undefined && to !== undefined ? { span: { edtf: edtfOf(claim), from, to } } : {}),
  }
}

// The one that is shown first, then the others, newest first; each voice with its last word.
export function voicesOf(item: Item, predicate: string): Voice[] {
  const words = lastWords(item.claims, predicate)
  const shown = words.find((claim) => claim.counts) ?? words[0]
  const voices = words
    .map((claim) => voiceOf(claim, shown))
    .filter((voice) => voice.text)
    .sort((a, b) => Number(b.counts) - Number(a.counts))
  // What two files say alike is one voice; people are heard each for themselves.
  return voices.filter((voice, at) => isPerson(voice) || !voices.some((other, i) => i < at && other.text === voice.text))
}

const sources = /^(?:exif|file|filename|filename-.*|folder|gps|id3|iptc|kinreel|quicktime|sidecar|tags|xmp)$/

export function isPerson(voice: Voice): boolean {
  return !sources.test(voice.claim.who)
}

// Two people say two things: neither is wrong, and both are heard.
export function disagree(voices: readonly Voice[]): boolean {
  const said = voices.filter(isPerson).map((voice) => (voice.span ? voice.span.edtf : voice.text))
  return new Set(said).size > 1
}

// Why the first of several is the one that is shown.
export function whyOf(voices: readonly Voice[]): 'person' | 'last' | 'surer' | '' {
  const [first, ...others] = voices
  if (!first || others.length === 0) return ''
  if (!isPerson(first)) return 'surer'
  return others.some(isPerson) ? 'last' : 'person'
}

export function sureness(certain: number): 'sure' | 'fairly' | 'guess' {
  return certain >= 0.85 ? 'sure' : certain >= 0.6 ? 'fairly' : 'guess'
}
