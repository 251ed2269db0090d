// SPDX-License-Identifier: AGPL-3.0-or-later
// From pulses to presses, and what is kept of how a switch is set.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closed, dueIn, idle, opened, ripe, type Feel } from '../src/reach/press'
import { fromAddress, sound, stepped, toAddress, usual, withoutSwitch } from '../src/reach/settings'

type Pulse = readonly [down_ms: number, up_ms: number]

// Plays pulses as a page does: each edge, and a look when one is due between them. Answers when it pressed.
function presses(pulses: readonly Pulse[], feel: Feel): number[] {
  const edges = pulses.flatMap(([down, up]) => [[down, closed], [up, opened]] as const)
  const made: number[] = []
  let hand = idle
  edges.forEach(([at, edge], i) => {
    const felt = edge(hand, at, feel)
    hand = felt.hand
    if (felt.press) made.push(at)
    const due = dueIn(hand, at, feel)
    const next = edges[i + 1]?.[0] ?? Infinity
    if (due === null || at + due >= next) return
    const later = ripe(hand, at + due, feel)
    hand = later.hand
    if (later.press) made.push(at + due)
  })
  return made
}

const firm: Feel = { debounce_ms: 150, hold_ms: 0 }
const tremble: Pulse[] = [[0, 15], [30, 45], [62, 80], [95, 110], [125, 150]]

test('five pulses within 150 ms are one press', () => {
  assert.deepEqual(presses(tremble, firm), [0])
  assert.equal(presses(tremble, { debounce_ms: 0, hold_ms: 0 }).length, 5)
})

test('a hand that goes on trembling is still one press; a new press counts', () => {
  const long = Array.from({ length: 40 }, (_, i): Pulse => [i * 70, i * 70 + 40])
  assert.deepEqual(presses(long, firm), [0])
  assert.deepEqual(presses([...tremble, [600, 700], [1000, 1040]], firm), [0, 600, 1000])
})

test('held to count: a touch is nothing, a hold is one press, trembling does not break it', () => {
  const slow: Feel = { debounce_ms: 150, hold_ms: 500 }
  assert.deepEqual(presses([[0, 200], [1000, 1100]], slow), [])
  assert.deepEqual(presses([[0, 3000]], slow), [500])
  assert.deepEqual(presses([[0, 100], [160, 300], [350, 900]], slow), [500])
  // Let go for longer than a tremble, it begins anew.
  assert.deepEqual(presses([[0, 300], [600, 1200]], slow), [1100])
})

test('what was kept is looked at before it is believed', () => {
  assert.deepEqual(sound(null), usual)
  assert.deepEqual(sound({ mode: 'wild', speed_ms: 'x', choose: 'key:<b>', hold_ms: NaN }), usual)
  assert.equal(sound({ speed_ms: 1 }).speed_ms, 500)
  assert.equal(sound({ speed_ms: 1e9 }).speed_ms, 8000)
  assert.equal(sound({ choose: 'pad:3' }).choose, 'pad:3')
  // One switch is never both.
  assert.equal(sound({ choose: 'key:Enter', move: 'key:Enter' }).move, 'key:Space')
})

test('a card sets up a screen, and says only what is not usual', () => {
  const query = (text: string) => new URLSearchParams(text)
  assert.equal(fromAddress(query('q=x'), usual), null)
  assert.equal(fromAddress(query('switch=loud'), usual), null)
  const mine = { ...usual, mode: 'auto' as const, speed_ms: 2500, hold_ms: 300, choose: 'mouse:0' as const, sound: true }
  assert.deepEqual(fromAddress(query(toAddress(mine)), usual), mine)
  assert.equal(toAddress({ ...usual, mode: 'step' }), '?switch=step')
  assert.equal(fromAddress(query('switch=auto&speed=0'), usual)?.speed_ms, 500)
  assert.equal(withoutSwitch(query('choose&switch=auto&speed=2&q=a b')), '?q=a+b')
  assert.equal(withoutSwitch(query('switch=auto')), '')
})

test('slower and faster stay within what is sensible', () => {
  assert.equal(stepped(usual, 'speed_ms', 1).speed_ms, 1750)
  assert.equal(stepped({ ...usual, speed_ms: 500 }, 'speed_ms', -1).speed_ms, 500)
  assert.equal(stepped({ ...usual, hold_ms: 2000 }, 'hold_ms', 1).hold_ms, 2000)
})
