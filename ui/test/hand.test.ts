// SPDX-License-Identifier: AGPL-3.0-or-later
// What may be shown, without a browser: what stands in a place of the table, whose word can be taken back, and
// whether a picture is let out.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellOf, childUntil, hasRefused, isLetOut, lastDay, mayUndo, releasesOf } from '../src/hand/table'
import type { Consent, ConsentRow } from '../src/net/consent'
import type { Claim } from '../src/net/shapes'

const now = Date.parse('2026-11-29T12:00:00Z')

function saying(...rows: Partial<ConsentRow>[]): Consent {
  const whole = rows.map((row) => ({ audience: 'kin', purpose: 'picture', allow: true, until: '', given: 'self', how: '', claim: 'c', who: 'owner', who_name: '', at: '', ...row }) as ConsentRow)
  return { rows: whole, rest: false, delay: 0, ask_first: '', hand: [], own_say: '' }
}

test('a place says yes, no, that nobody spoke, or that a yes has ended', () => {
  const state = (consent: Consent) => cellOf(consent, 'picture', 'kin', now).state
  assert.equal(state(saying()), 'unsaid')
  assert.equal(state(saying({ purpose: 'voice' })), 'unsaid')
  assert.equal(state(saying({})), 'yes')
  assert.equal(state(saying({ allow: false })), 'no')
  assert.equal(state(saying({ until: '2026-11-30T00:00:00Z' })), 'yes')
  assert.equal(state(saying({ until: '2026-11-29T12:00:00Z' })), 'ended')
})

test('an end is told by the last day that counts', () => {
  assert.equal(lastDay('2031-05-02T00:00:00Z').slice(0, 10), '2031-05-01')
  assert.equal(lastDay('whenever'), '')
})

test('their own word is theirs alone; what was written down, whoever wrote it takes back too', () => {
  assert.ok(mayUndo([{ who: 'mei' }], 'mei', 'mei'))
  assert.ok(mayUndo([{ who: 'owner' }], 'mei', 'mei'))
  assert.ok(mayUndo([{ who: 'owner' }], 'mei', 'owner'))
  assert.ok(!mayUndo([{ who: 'owner' }, { who: 'mei' }], 'mei', 'owner'))
})

test('a child is one until the day of its own say', () => {
  assert.equal(childUntil({ ...saying(), own_say: '2035-03-02T00:00:00Z' }, now), '2035-03-02T00:00:00Z')
  assert.equal(childUntil({ ...saying(), own_say: '2020-03-02T00:00:00Z' }, now), '')
  assert.equal(childUntil(saying(), now), '')
})

test('the last word of each counts, and one that was taken back does not', () => {
  const said = (who: string, allow: boolean, retracted = false) => ({ predicate: 'release', value: { audience: 'kin', allow }, who, retracted }) as Claim
  const of = (...claims: Claim[]) => releasesOf(claims, 'kin')
  assert.ok(!isLetOut(of()))
  assert.ok(isLetOut(of(said('owner', true))))
  assert.ok(!isLetOut(of(said('owner', true), said('owner', false))))
  assert.ok(!isLetOut(of(said('owner', true, true))))
  const both = of(said('owner', true), said('mei', false))
  assert.ok(isLetOut(both) && hasRefused(both, 'mei') && !hasRefused(both, 'owner'))
  assert.deepEqual(releasesOf([said('owner', true)], 'public'), [])
})
