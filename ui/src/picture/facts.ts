// SPDX-License-Identifier: AGPL-3.0-or-later
// What is known of a picture, and who said so. Tellings may disagree: each voice keeps its own.

import type { Claim } from '../net/shapes'

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

// The last word of each voice on a matter, newest first. Those who let theirs rest are not told apart:
// what each said stays.
export function lastWords(claims: readonly Claim[], predicate: string): Claim[] {
  const said = claims.filter((claim) => claim.predicate === predicate && !claim.retracted)
  said.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  const heard = new Set<string>()
  return said.filter((claim) => claim.who === '' || (!heard.has(claim.who) && heard.add(claim.who)))
}

// A date typed as EDTF is told from one typed as people speak.
export function dateValue(text: string): { edtf: string } | { phrase: string } {
  const plain = text.trim()
  const edtf = /^(?:Y-?\d+|-?\d[\dX]{3}|\.\.)[\dX\-~?%/.TYSZ:]*$/.test(plain)
  return edtf && !/\d\.\d/.test(plain) ? { edtf: plain } : { phrase: plain }
}
