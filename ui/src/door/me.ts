// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is here. What somebody may not do is not shown to them; the house refuses it in any case.

import { signal } from '@preact/signals'
import { go } from '../app/route'
import { readCookie, writeCookie } from '../base/cookies'
import { onSignedOut } from '../net/api'
import { door, type Me, type Role } from '../net/door'
import { mayBe } from './ways'
import { myWord } from './word'

const nobody: Me = { role: 'nobody', home: '', account: '', session: '', person: '', hand: false, name: '', about: '', owned: true, near: false, secure: false }

export const me = signal<Me>(nobody)
export const shownName = signal('') // the person's, where the account is somebody of the family

// How one came in last, by this browser: told when the door is shut again from the other side.
export type Came = '' | 'card' | 'account'
export const ended = signal<Came>('')

export function may(least: Role): boolean {
  return mayBe(me.value.role, least)
}

// The first-run page is for whoever sits at a machine whose house has no owner yet, and for the
// owner who has just named themselves there.
export function mayStart(): boolean {
  const here = me.value
  return here.near && (!here.owned || here.role === 'owner')
}

function wordOf(here: Me): string {
  return here.person || (here.role === 'owner' ? 'owner' : here.account)
}

function came(): Came {
  const how = readCookie('came')
  return how === 'card' || how === 'account' ? how : ''
}

async function readName(here: Me): Promise<void> {
  shownName.value = here.name
  if (!here.person || !mayBe(here.role, 'viewer')) return
  const person = await door.person(here.person).catch(() => null)
  if (person?.name) shownName.value = person.name
}

export async function readMe(): Promise<void> {
  me.value = await door.me()
  myWord.value = wordOf(me.value)
  ended.value = me.value.role === 'nobody' ? came() : ''
  void readName(me.value)
}

export function leadIn(): void {
  if (location.pathname === '/enter') return
  ended.value = came()
  me.value = { ...nobody, near: me.value.near }
  const here = location.pathname + location.search
  go(here === '/' ? '/enter' : '/enter?to=' + encodeURIComponent(here), 'replace')
}

// A question that was under way while somebody signed in here is refused, and says nothing of now.
async function perhapsOut(): Promise<void> {
  const before = me.value
  const here = await door.me().catch(() => null)
  if (me.value !== before || !here) return
  if (here.role === 'nobody') leadIn()
  else await readMe()
}

export function openMe(): Promise<void> {
  onSignedOut(() => void perhapsOut())
  return readMe()
}

// Whoever came in begins with empty shelves: nothing of who was here before stays in memory.
export function cameIn(here: Me, to: string): void {
  writeCookie('came', here.account ? 'account' : 'card')
  location.replace(to)
}

export async function goOut(): Promise<void> {
  await door.leave().catch(() => undefined)
  writeCookie('came', '')
  location.assign('/enter')
}
