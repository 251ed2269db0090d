// SPDX-License-Identifier: AGPL-3.0-or-later
// The sitting that goes on in this tab: a reload, a dead battery, and it is there again. What was
// looked at stays in this browser and ends with the tab.

import type { Choice } from '../net/sit'

export interface Away {
  thing: string
  title: string
}

export interface Going {
  id: string
  person: string
  name: string
  step: number
  after: string
  seen: string[]
  away: Away[] // "not this now"
  offered: Choice[] // what lies there
  chosen: Choice | null // what was taken up
  kept: boolean
}

const key = 'sitting'
const seen_most = 400

export function newGoing(id: string, person: string, name: string): Going {
  return { id, person, name, step: 0, after: '', seen: [], away: [], offered: [], chosen: null, kept: false }
}

export function readGoing(): Going | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as Going | null
  } catch {
    return null
  }
}

export function keepGoing(going: Going | null): void {
  try {
    if (going) sessionStorage.setItem(key, JSON.stringify(going))
    else sessionStorage.removeItem(key)
  } catch {
    // A browser that keeps nothing sits well, too.
  }
}

export function withSeen(going: Going, ...things: string[]): string[] {
  return [...going.seen, ...things.filter((thing) => !going.seen.includes(thing))].slice(-seen_most)
}
