// SPDX-License-Identifier: AGPL-3.0-or-later
// From the pulses of a switch to presses. A trembling hand closes a switch five times in 150 ms and
// means it once; a heavy hand rests on it and means nothing. Pure: time is given, in ms.

export interface Feel {
  debounce_ms: number // pulses closer together than this are one press
  hold_ms: number // how long it must be held to count
}

export interface Hand {
  down: boolean
  since: number // of the pulse, or of the first of several that are one
  edge: number // when the switch last opened or closed
  counted: boolean // this pulse has had its press
}

export const idle: Hand = { down: false, since: -1e9, edge: -1e9, counted: false }

export interface Felt {
  hand: Hand
  press: boolean
}

// A bouncing switch opens and closes within the debounce: that is still the same pulse.
function samePulse(hand: Hand, at: number, feel: Feel): boolean {
  return at - hand.edge < feel.debounce_ms
}

export function closed(hand: Hand, at: number, feel: Feel): Felt {
  if (hand.down) return ripe(hand, at, feel) // a key that repeats
  const same = samePulse(hand, at, feel)
  const next = { down: true, since: same ? hand.since : at, edge: at, counted: same && hand.counted }
  return ripe(next, at, feel)
}

export function opened(hand: Hand, at: number, feel: Feel): Felt {
  if (!hand.down) return { hand, press: false }
  const felt = ripe(hand, at, feel)
  return { hand: { ...felt.hand, down: false, edge: at }, press: felt.press }
}

// Asked when time has passed: held long enough by now?
export function ripe(hand: Hand, at: number, feel: Feel): Felt {
  const press = hand.down && !hand.counted && at - hand.since >= feel.hold_ms
  return { hand: press ? { ...hand, counted: true } : hand, press }
}

// In how many ms ripe() is worth asking; null when it is not.
export function dueIn(hand: Hand, at: number, feel: Feel): number | null {
  return hand.down && !hand.counted ? Math.max(0, hand.since + feel.hold_ms - at) : null
}
