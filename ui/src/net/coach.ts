// SPDX-License-Identifier: AGPL-3.0-or-later
// What the coach can tell whoever films: cards of scenes, advice, and which of it fits their body
// (docs/formats/api.md). It is asked once for each page that wants it.

import { signal } from '@preact/signals'
import { read, tell } from './api'

export interface SceneCard {
  scene: string
  key: string // these are keys of words/
  stand: string
  lamp: string
  microphone: string
  takes: string[]
  keep_viewpoint: boolean // its way stays
}

export interface Advice {
  cause: string
  key: string
  unfit: string[] // bodies it asks too much of
}

export interface Coach {
  scenes: SceneCard[]
  advice: Advice[]
  bodies: string[]
  body: string[] // one's own
}

export const coach = signal<Coach | null>(null)
export const isAsked = signal(false) // an answer is on its way

export async function readCoach(): Promise<void> {
  if (coach.value || isAsked.value) return
  isAsked.value = true
  try {
    coach.value = await read<Coach>('/coach')
  } catch {
    // Without it the cards are not offered, and advice is given as it was written down.
  } finally {
    isAsked.value = false
  }
}

// Shown at once, so that a second word said before the house has answered is added to the first.
let said = 0
export async function sayBody(body: string[]): Promise<void> {
  const turn = ++said
  const was = coach.value
  if (was) coach.value = { ...was, body }
  try {
    const answer = await tell<Coach>('/coach/body', { body })
    if (turn === said) coach.value = answer
  } catch (cause) {
    if (turn === said) coach.value = was
    throw cause
  }
}

// How a piece of advice is said to whoever looks: of its cause the first way that asks nothing of them
// that they cannot do. What this house does not know is said as it was written down.
export function fitting(said: { cause: string; key: string }, known: Coach | null): string {
  const fits = known?.advice.find(({ cause, unfit }) => cause === said.cause && !unfit.some((word) => known.body.includes(word)))
  return fits?.key ?? said.key
}
