// SPDX-License-Identifier: AGPL-3.0-or-later
// What is known of a picture, and who said so. Tellings may disagree: each voice keeps its own.

import type { Claim, Item } from '../net/shapes'

export interface Voice {
  text: string
  who: string // a source of the house ("exif") or a person's name
  span?: { edtf: string; from: string; to: string }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (!isRecord(value)) return ''
  for (const name of ['text', 'phrase', 'edtf']) {
    const found = value[name]
    if (typeof found === 'string' && found) return found
  }
  return ''
}

// The last word of each voice on a matter, newest first.
export function lastWords(claims: readonly Claim[], predicate: string): Claim[] {
  const said = claims.filter((claim) => claim.predicate === predicate && !claim.retracted)
  said.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  const heard = new Set<string>()
  return said.filter((claim) => !heard.has(claim.who) && heard.add(claim.who))
}

export function whoSaid(item: Item, predicate: string, shown: string): string {
  const words = lastWords(item.claims, predicate)
  const same = words.find((claim) => textOf(claim.value) === shown)
  return (same ?? words[0])?.who ?? ''
}

export function dateVoices(item: Item): Voice[] {
  const voices: Voice[] = []
  const words = lastWords(item.claims, 'date')
  if (item.date.text) {
    const owner = words.find((claim) => isRecord(claim.value) && claim.value.edtf === item.date.edtf)
    const personal = item.date.source === 'person' ? words.find((claim) => claim.who !== 'exif') : undefined
    voices.push({ text: item.date.text, who: (owner ?? personal)?.who ?? item.date.source, span: item.date })
  }
  for (const claim of words) {
    const text = textOf(claim.value)
    const first = voices[0]
    const sameDate = isRecord(claim.value) && claim.value.edtf === item.date.edtf
    if (text && !sameDate && claim.who !== first?.who) voices.push({ text, who: claim.who })
  }
  return voices
}

// A date typed as EDTF is told from one typed as people speak.
export function dateValue(text: string): { edtf: string } | { phrase: string } {
  const plain = text.trim()
  const edtf = /^(?:Y-?\d+|-?\d[\dX]{3}|\.\.)[\dX\-~?%/.TYSZ:]*$/.test(plain)
  return edtf && !/\d\.\d/.test(plain) ? { edtf: plain } : { phrase: plain }
}
