// SPDX-License-Identifier: AGPL-3.0-or-later
// By one switch: anything in at most nine steps, and where the frame goes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keysIn, rowsOf } from '../src/reach/board'
import { arrange, group, most_steps, reach, simple, things, type Group, type Stop, type Way } from '../src/reach/model'
import { advance, again, current, down, into, start, stopsOf, up, type Spot } from '../src/reach/scan'

const thing = (name: string, weight = 1): Stop<string> => ({ kind: 'thing', name, at: name, weight })
const some = (name: string, n: number, weight = 1) => Array.from({ length: n }, (_, i) => thing(`${name}${i + 1}`, weight))
const way = (to: Way['to']): Way => ({ kind: 'way', to, name: to })
const join = (first: string, last: string) => `${first}-${last}`
const back = way('back')

const head = () =>
  group('head', [group('ways', some('way', 5, 0.3)), thing('words', 0.3), thing('lang', 0.3), thing('lamp', 0.3)])
const rest = () => [head(), thing('source', 0.3), thing('set', 0.3)]
const prints = (rows: readonly number[]) =>
  group('prints', [...rows.map((n, i) => group('', some(`p${i + 1}.`, n))), way('further'), way('earlier')], 'sheet')

// The pages of the house as walk.ts reads them.
const pages: Record<string, Stop<string>[]> = {
  'the line of time at a desk': [prints([5, 4, 5, 3]), thing('choose'), group('years', some('year', 2)), ...rest()],
  'the line of time on a wall': [prints([7, 6, 7, 6, 5]), thing('choose'), group('years', some('year', 2)), ...rest()],
  'the line of time on a phone': [prints([2, 2, 1, 2, 2]), thing('choose'), ...rest()],
  'a picture': [
    thing('line'), group('turn', some('turn', 2)), group('tools', some('tool', 5)), group('versions', some('version', 4)),
    group('known', [thing('caption'), thing('date'), thing('place'), group('people', some('person', 4)), thing('word'), thing('file')]),
    group('mend', some('mend', 2)), group('near', some('near', 6)), ...rest(),
  ],
  'a clip': [
    thing('video'), group('turn', some('turn', 2)), group('tools', some('tool', 4)), group('known', some('fact', 5)),
    group('mend', [...some('switch', 3), thing('strength'), thing('start')]), ...rest(),
  ],
  'a film': [group('screen', [thing('video'), group('chapters', some('chapter', 12))]), group('tools', some('tool', 2)), ...rest()],
  'films': [group('films', some('film', 24)), thing('make'), ...rest()],
  'what was found': [prints([5, 5, 5, 2]), thing('words'), ...rest()],
  'bringing in': [group('choose', some('choose', 2)), group('all', some('all', 3)), group('parcels', some('parcel', 24)), ...rest()],
  'the desk of a film': [
    group('beats', Array.from({ length: 4 }, (_, i) => group(`beat${i}`, some(`beat${i}.`, 6)))),
    group('side', some('field', 5)), ...rest(),
  ],
}

const names = (whole: Group<string>) => things(whole).map((one) => one.name)

test('anything on any page is reached in at most nine steps, and few presses', () => {
  for (const [page, stops] of Object.entries(pages)) {
    const whole = group(page, stops)
    const made = arrange(whole, join)
    const all = reach(made)
    assert.deepEqual(names(made), names(whole), page)
    const most = Math.max(...all.map((one) => one.steps))
    assert.ok(most <= most_steps, `${page}: ${most} steps`)
    assert.ok(Math.max(...all.map((one) => one.presses)) <= 5, page)
    const mean = all.reduce((sum, one) => sum + one.presses, 0) / all.length
    assert.ok(mean <= 3.3, `${page}: ${mean.toFixed(2)} presses`)
  }
})

test('any number of things up to ninety, in any groups, in at most nine steps', () => {
  let seed = 20
  const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n
  const grown = (n: number, deep: number): Stop<string>[] => {
    const stops: Stop<string>[] = []
    for (let left = n; left > 0; ) {
      const size = 1 + random(Math.min(left, 9))
      stops.push(size > 1 && deep > 0 ? group('g', grown(size, deep - 1)) : thing('t'))
      left -= stops[stops.length - 1]?.kind === 'group' ? size : 1
    }
    return stops
  }
  for (const n of [1, 2, 6, 7, 12, 24, 25, 48, 70, 90]) {
    for (const stops of [some('t', n), grown(n, 2)]) {
      const all = reach(arrange(group('page', stops), join))
      assert.equal(all.length, n)
      assert.ok(Math.max(...all.map((one) => one.steps)) <= most_steps, `${n} things`)
    }
  }
})

test('more than nine steps can hold are still all there', () => {
  const all = reach(arrange(group('page', some('t', 200)), join))
  assert.equal(all.length, 200)
  assert.ok(Math.max(...all.map((one) => one.steps)) <= 16)
})

test('a few things stand side by side; groups of none and of one go', () => {
  const whole = arrange(group('page', [group('a', [thing('1')]), group('b', []), group('c', some('c', 6)), thing('2')]), join)
  assert.deepEqual(whole.stops.map((stop) => stop.name), ['1', 'c', '2'])
  assert.deepEqual(simple(group('page', [group('a', [group('b', [thing('1')])])])).stops, [thing('1')])
})

test('what the page has arranged is left as it is', () => {
  const board = group('board', [group('r1', some('k', 8)), group('r2', some('l', 7))], null, true)
  assert.deepEqual(arrange(board, join), board)
  const inside = arrange(group('page', [thing('a'), board]), join)
  assert.deepEqual(inside.stops[1], board)
})

test('twenty-four things: under six steps on average, not twelve', () => {
  const all = reach(arrange(group('page', some('t', 24)), join))
  const mean = all.reduce((sum, one) => sum + one.steps, 0) / all.length
  assert.ok(mean <= 6, String(mean))
})

const whole = group('page', [thing('a'), group('g', some('g', 3), 'key'), thing('z')])
const walked = (spot: Spot<string>, n: number) => Array.from({ length: n }).reduce<Spot<string>>((at) => advance(at, back), spot)
const at = (spot: Spot<string>) => current(spot, back)?.name

test('the frame goes from stop to stop, into a group and out of it', () => {
  let spot = start(whole)
  assert.equal(at(spot), 'a')
  spot = advance(spot, back)
  const g = current(spot, back)
  assert.ok(g?.kind === 'group')
  spot = down(spot, g)
  assert.deepEqual(stopsOf(spot, back).map((stop) => stop.name), ['g1', 'g2', 'g3', 'back'])
  assert.equal(at(walked(spot, 3)), 'back')
  assert.equal(at(up(walked(spot, 3))), 'g')
  // Two rounds without a press lead out of it too.
  assert.equal(at(walked(spot, 7)), 'back')
  assert.equal(at(walked(spot, 8)), 'g')
})

test('the page has no way back; after three rounds the frame rests', () => {
  const spot = start(whole)
  assert.deepEqual(stopsOf(spot, back).map((stop) => stop.name), ['a', 'g', 'z'])
  assert.equal(walked(spot, 8).resting, false)
  assert.equal(walked(spot, 9).resting, true)
  assert.equal(current(walked(spot, 9), back), null)
})

test('a page that changes does not lose the place', () => {
  const g = whole.stops[1]
  assert.ok(g?.kind === 'group')
  const inside = walked(down({ ...start(whole), at: 1 }, g), 1)
  assert.equal(at(inside), 'g2')
  const grown = group('page', [thing('new'), thing('a'), group('g', [thing('g0'), ...some('g', 3)], 'key'), thing('z')])
  const found = again(inside, grown)
  assert.equal(found && at(found), 'g2')
  assert.equal(again(inside, group('page', [thing('a'), thing('z')])), null)
  // What stood alone and is one of a pair now is still itself: who leafs on is not sent back.
  const alone = group('page', [thing('next'), thing('z')])
  const pair = group('page', [thing('a'), group('pair', [thing('previous'), thing('next')]), thing('z')])
  const on = again(start(alone), pair)
  assert.equal(on && at(on), 'next')
  // On the way back it stays on the way back.
  const leaving = again(walked(inside, 2), grown)
  assert.equal(leaving && at(leaving), 'back')
  const there = into(grown, 'key')
  assert.equal(there && at(there), 'g0')
})

test('every key of the keyboard is written in at most nine steps, the common ones in few', () => {
  for (const lang of ['zh-CN', 'en']) {
    for (const page of ['letters', 'figures'] as const) {
      const keys = keysIn(page, lang)
      const board = group('board', rowsOf(keys).map((row, i) => group(`row${i}`, row.map((key) => thing('char' in key ? key.char : key.act)))), null, true)
      const all = reach(arrange(board, join))
      assert.equal(all.length, keys.length)
      assert.equal(new Set(all.map((one) => one.stop.name)).size, keys.length)
      assert.ok(Math.max(...all.map((one) => one.steps)) <= most_steps, `${lang} ${page}`)
      const cost = (name: string) => all.find((one) => one.stop.name === name)?.steps ?? 99
      assert.ok(cost('done') <= 4, `${lang} ${page} done`)
      if (page === 'letters') for (const letter of 'abcdefghijklmnopqrstuvwxyz') assert.ok(cost(letter) <= most_steps)
      if (page === 'figures') for (const figure of '0123456789') assert.ok(cost(figure) <= 6, figure)
    }
  }
})
