// SPDX-License-Identifier: AGPL-3.0-or-later
// Where a scan stands, and where it goes next. Pure.

import type { Group, Stop, Way } from './model'
import { things } from './model'

export interface Spot<T> {
  path: Group<T>[] // from the whole page down to the group that is gone through
  at: number
  rounds: number // full rounds of this group without a press
  resting: boolean
}

const rounds_in_group = 2
const rounds_before_rest = 3

export function start<T>(whole: Group<T>): Spot<T> {
  return { path: [whole], at: 0, rounds: 0, resting: false }
}

function here<T>(spot: Spot<T>): Group<T> | undefined {
  return spot.path[spot.path.length - 1]
}

// A group's stops, and the way out of it as the last of them.
export function stopsOf<T>(spot: Spot<T>, back: Way): Stop<T>[] {
  const stops = here(spot)?.stops ?? []
  return spot.path.length > 1 ? [...stops, back] : stops
}

export function current<T>(spot: Spot<T>, back: Way): Stop<T> | null {
  return spot.resting ? null : (stopsOf(spot, back)[spot.at] ?? null)
}

export function up<T>(spot: Spot<T>): Spot<T> {
  const left = here(spot)
  if (spot.path.length < 2 || !left) return { ...spot, at: 0, rounds: 0 }
  const path = spot.path.slice(0, -1)
  const at = path[path.length - 1]?.stops.indexOf(left) ?? 0
  return { path, at: Math.max(0, at), rounds: 0, resting: false }
}

export function down<T>(spot: Spot<T>, into: Group<T>): Spot<T> {
  return { path: [...spot.path, into], at: 0, rounds: 0, resting: false }
}

// One step on. Two rounds without a press leave the group; three of the whole page, and the scan rests.
export function advance<T>(spot: Spot<T>, back: Way): Spot<T> {
  const at = spot.at + 1
  if (at < stopsOf(spot, back).length) return { ...spot, at }
  const rounds = spot.rounds + 1
  if (spot.path.length > 1 && rounds >= rounds_in_group) return up(spot)
  if (spot.path.length === 1 && rounds >= rounds_before_rest) return { ...spot, at: 0, rounds: 0, resting: true }
  return { ...spot, at: 0, rounds }
}

function holds<T>(stop: Stop<T>, at: T): boolean {
  return things(stop).some((one) => one.at === at)
}

// The page has changed: the same spot in the new whole, by the thing it stands on, however deep that
// lies now, or by the first of the group it stands before; null where that is gone.
export function again<T>(spot: Spot<T>, whole: Group<T>): Spot<T> | null {
  const stop = here(spot)?.stops[spot.at]
  const anchor = stop ? things(stop)[0] : undefined
  if (!anchor) return againByGroup(spot, whole)
  const path = [whole]
  for (;;) {
    const last = path[path.length - 1]
    const at = last?.stops.findIndex((one) => holds(one, anchor.at)) ?? -1
    const next = last?.stops[at]
    if (!next) return null
    if (next.kind !== 'group' || (stop?.kind === 'group' && path.length >= spot.path.length)) return { path, at, rounds: spot.rounds, resting: spot.resting }
    path.push(next)
  }
}

// On a stop of the scan itself: the group that holds what the old one held, and its stop of that kind.
function againByGroup<T>(spot: Spot<T>, whole: Group<T>): Spot<T> | null {
  const old = here(spot)
  const anchor = old && things(old)[0]
  const kept = anchor && again({ ...spot, at: old.stops.findIndex((one) => holds(one, anchor.at)) }, whole)
  const stops = kept && here(kept)?.stops
  if (!kept || !stops) return null
  const was = old.stops[spot.at]
  const same = was ? stops.findIndex((one) => one.kind === 'way' && was.kind === 'way' && one.to === was.to) : stops.length
  return { ...kept, at: same < 0 ? kept.at : same }
}

// The first stop of the group that stands for 'key' on the page, with the way to it.
export function into<T>(whole: Group<T>, key: T): Spot<T> | null {
  const path = wayTo(whole, key)
  return path && { path, at: 0, rounds: 0, resting: false }
}

function wayTo<T>(from: Group<T>, key: T): Group<T>[] | null {
  if (from.key === key) return [from]
  for (const stop of from.stops) {
    const rest = stop.kind === 'group' ? wayTo(stop, key) : null
    if (rest) return [from, ...rest]
  }
  return null
}
