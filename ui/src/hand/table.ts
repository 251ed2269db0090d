// SPDX-License-Identifier: AGPL-3.0-or-later
// What stands in the table of what may be shown, and whose word it is.

import type { Audience, Consent, ConsentRow, HandSaid, Purpose } from '../net/consent'
import type { Claim } from '../net/shapes'

export const audiences: readonly Audience[] = ['home', 'kin', 'public']
export const purposes: readonly Purpose[] = ['picture', 'voice', 'story']

export type CellState = 'yes' | 'no' | 'unsaid' | 'ended'

export interface Cell {
  purpose: Purpose
  audience: Audience
  state: CellState
  row: ConsentRow | null
}

// Where nobody said anything, this home sees it and nobody else does. So a yes that has ended is
// of no weight at home.
export function cellOf(consent: Consent, purpose: Purpose, audience: Audience, now: number): Cell {
  const row = consent.rows.find((one) => one.purpose === purpose && one.audience === audience) ?? null
  if (!row) return { purpose, audience, state: 'unsaid', row }
  if (!row.allow) return { purpose, audience, state: 'no', row }
  const ended = row.until !== '' && Date.parse(row.until) <= now
  return { purpose, audience, state: ended ? 'ended' : 'yes', row }
}

// The last day on which it holds: it ends with the first moment after it.
export function lastDay(until: string): string {
  const end = Date.parse(until)
  return Number.isNaN(end) ? '' : new Date(end - 1).toISOString()
}

export const standing = (consent: Consent, predicate: HandSaid['predicate']) => consent.hand.filter((one) => one.predicate === predicate)

// Their own word is theirs alone; what somebody wrote down for them, that one may take back too.
export function mayUndo(said: readonly { who: string }[], person: string, who: string): boolean {
  return who === person || said.every((one) => one.who === who)
}

// Until then a guardian speaks for them; '' once they decide themselves, or where nobody knows.
export function childUntil(consent: Consent, now: number): string {
  return consent.own_say !== '' && Date.parse(consent.own_say) > now ? consent.own_say : ''
}

interface Release {
  who: string
  allow: boolean
}

// The last word of each on letting a picture out.
export function releasesOf(claims: readonly Claim[], audience: Audience): Release[] {
  const last = new Map<string, boolean>()
  for (const claim of claims) {
    if (claim.predicate !== 'release' || claim.retracted) continue
    const value = claim.value as { audience?: unknown; allow?: unknown } | null
    if (value?.audience === audience) last.set(claim.who, value.allow === true)
  }
  return [...last].map(([who, allow]) => ({ who, allow }))
}

export function isLetOut(releases: readonly Release[]): boolean {
  return releases.some((one) => one.allow)
}

export function hasRefused(releases: readonly Release[], who: string): boolean {
  return releases.some((one) => one.who === who && !one.allow)
}
