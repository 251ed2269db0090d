// SPDX-License-Identifier: AGPL-3.0-or-later
// What a scan goes through: things in groups in groups, laid out so that every one of them is reached
// in at most nine steps (a step is one move of the frame), with as few steps and presses as can be.
//
// Grouped scanning beats scanning one by one from about six things on: 24 things take 12.5 steps on
// average one by one, 5.8 in groups. Pure: knows nothing of a page.

export interface Thing<T> {
  kind: 'thing'
  name: string
  at: T
  weight: number // how much its steps count when groups are made
}

// A stop that belongs to the scan itself, not to the page.
export interface Way {
  kind: 'way'
  name: string
  to: 'back' | 'further' | 'earlier'
}

export interface Group<T> {
  kind: 'group'
  name: string
  stops: Stop<T>[]
  key: T | null // what it stands for on the page; null for a group that was made here
  arranged: boolean // its order was thought out: left as it is
}

export type Stop<T> = Thing<T> | Way | Group<T>

export const most_steps = 9
const most_stops = 6 // in one group; the way back comes after them
const long_row = 30
const press = 1.5 // a press costs as much as one and a half steps
const few = 3 // as many as this may stand loose among others
const torn = 2.5 // what it costs to break up a larger group that the page made
const loosened = 0.6 // and a small one
const invented = 0.8 // and to make one that it did not

export function group<T>(name: string, stops: Stop<T>[], key: T | null = null, arranged = false): Group<T> {
  return { kind: 'group', name, stops, key, arranged }
}

export function things<T>(stop: Stop<T>): Thing<T>[] {
  if (stop.kind === 'group') return stop.stops.flatMap((one) => things(one))
  return stop.kind === 'thing' ? [stop] : []
}

// Without empty groups, and without groups of one.
export function simple<T>(whole: Group<T>): Group<T> {
  const stops = whole.stops.flatMap((stop): Stop<T>[] => {
    if (stop.kind !== 'group') return [stop]
    const inner = simple(stop)
    if (inner.stops.length === 0) return []
    const [only] = inner.stops
    return inner.stops.length === 1 && only ? [only] : [inner]
  })
  return { ...whole, stops }
}

function weightOf<T>(stop: Stop<T>): number {
  if (stop.kind === 'group') return stop.stops.reduce((sum, one) => sum + weightOf(one), 0)
  return stop.kind === 'thing' ? stop.weight : 1
}

interface Plan<T> {
  cost: number
  stops: Stop<T>[]
}

// plans[q]: the best way to lay a row of stops so that the next free place is q.
type Plans<T> = (Plan<T> | undefined)[]

// Finds the cheapest layout within a number of steps, by trying at each place: the next stop alone, the
// next few together, or the stops of the next group one by one.
class Layout<T> {
  private kept = new Map<readonly Stop<T>[], Map<number, Plans<T>>>()
  private join: (first: string, last: string) => string

  constructor(join: (first: string, last: string) => string) {
    this.join = join
  }

  best(row: readonly Stop<T>[], from: number, to: number, left: number): Plan<T> | null {
    let best: Plan<T> | null = null
    for (const plan of this.lay(row, from, to, 1, left)) if (plan && (!best || plan.cost < best.cost)) best = plan
    return best
  }

  private lay(row: readonly Stop<T>[], from: number, to: number, at: number, left: number): Plans<T> {
    if (from === to) {
      const nothing: Plans<T> = []
      nothing[at] = { cost: 0, stops: [] }
      return nothing
    }
    const known = this.kept.get(row) ?? new Map<number, Plans<T>>()
    this.kept.set(row, known)
    const name = ((from * 256 + to) * 16 + at) * 64 + left
    const before = known.get(name)
    if (before) return before
    const plans: Plans<T> = []
    known.set(name, plans)
    if (at <= Math.min(left, most_stops)) this.tryAll(row, from, to, at, left, plans)
    return plans
  }

  private tryAll(row: readonly Stop<T>[], from: number, to: number, at: number, left: number, plans: Plans<T>): void {
    const first = row[from]
    if (!first) return
    const go = (head: Plan<T> | null, next: number, place: number) => {
      if (head) follow(plans, head, this.lay(row, next, to, place, left))
    }
    go(this.alone(first, at, left), from + 1, at + 1)
    for (let end = from + 2; end <= to; end++) {
      if (at === 1 && from === 0 && end === row.length) break // all in one group would be the row again
      go(this.together(row, from, end, at, left), end, at + 1)
    }
    if (first.kind !== 'group' || first.arranged) return
    const loose = (first.stops.length > few ? torn : loosened) * weightOf(first)
    this.lay(first.stops, 0, first.stops.length, at, left).forEach((plan, place) => {
      if (plan && place > at) go({ cost: plan.cost + loose, stops: plan.stops }, from + 1, place)
    })
  }

  private alone(stop: Stop<T>, at: number, left: number): Plan<T> | null {
    if (stop.kind !== 'group') return { cost: weightOf(stop) * at, stops: [stop] }
    const inner = stop.arranged ? asItIs(stop, left - at) : this.best(stop.stops, 0, stop.stops.length, left - at)
    if (!inner) return null
    return { cost: inner.cost + weightOf(stop) * (at + press), stops: [{ ...stop, stops: inner.stops }] }
  }

  private together(row: readonly Stop<T>[], from: number, end: number, at: number, left: number): Plan<T> | null {
    const inner = this.best(row, from, end, left - at)
    const first = row[from]
    const last = row[end - 1]
    if (!inner || !first || !last) return null
    const weight = row.slice(from, end).reduce((sum, one) => sum + weightOf(one), 0)
    const made = group(this.join(first.name, last.name), inner.stops)
    return { cost: inner.cost + weight * (at + press + invented), stops: [made] }
  }
}

function follow<T>(plans: Plans<T>, head: Plan<T>, rest: Plans<T>): void {
  rest.forEach((plan, end) => {
    const cost = plan ? head.cost + plan.cost : Infinity
    const now = plans[end]
    if (plan && (!now || cost < now.cost)) plans[end] = { cost, stops: head.stops.concat(plan.stops) }
  })
}

function asItIs<T>(whole: Group<T>, left: number): Plan<T> | null {
  const all = reach(whole)
  if (all.some((one) => one.steps > left)) return null
  return { cost: all.reduce((sum, one) => sum + one.steps + press * (one.presses - 1), 0), stops: whole.stops }
}

// Very long rows are cut up before anything is tried: trying takes the square of their length.
function cut<T>(whole: Group<T>, join: (first: string, last: string) => string): Group<T> {
  const stops = whole.stops.map((stop) => (stop.kind === 'group' && !stop.arranged ? cut(stop, join) : stop))
  if (stops.length <= long_row) return { ...whole, stops }
  const pieces: Stop<T>[] = []
  for (let i = 0; i < stops.length; i += most_stops) {
    const piece = stops.slice(i, i + most_stops)
    pieces.push(group(join(piece[0]?.name ?? '', piece[piece.length - 1]?.name ?? ''), piece))
  }
  return cut({ ...whole, stops: pieces }, join)
}

// The same things, arranged. Where nine steps cannot hold them all, it takes as many as it must.
export function arrange<T>(whole: Group<T>, join: (first: string, last: string) => string): Group<T> {
  const tidy = simple(whole)
  if (tidy.arranged || tidy.stops.length === 0) return tidy
  const { stops } = cut(tidy, join)
  for (let left = most_steps; left < 40; left++) {
    const plan = new Layout<T>(join).best(stops, 0, stops.length, left)
    if (plan) return { ...tidy, stops: plan.stops }
  }
  return tidy
}

export interface Reached<T> {
  stop: Thing<T> | Way
  steps: number // moves of the frame until it stands there
  presses: number // the one that chooses it too
}

export function reach<T>(whole: Group<T>): Reached<T>[] {
  return whole.stops.flatMap((stop, i) => {
    if (stop.kind !== 'group') return [{ stop, steps: i + 1, presses: 1 }]
    return reach(stop).map((one) => ({ ...one, steps: one.steps + i + 1, presses: one.presses + 1 }))
  })
}
