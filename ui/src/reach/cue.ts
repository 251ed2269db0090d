// SPDX-License-Identifier: AGPL-3.0-or-later
// Short sounds for a step and for a choice; and a spoken name, where the page has one.

import { things, type Stop } from './model'

const pitches = { thing: 660, group: 440, way: 330 } as const
const chosen_hz = 990
const loud = 0.08

let voice: HTMLAudioElement | null = null
let context: AudioContext | null = null

function sound(hz: number, ms: number): void {
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
  const tone = context.createOscillator()
  const level = context.createGain()
  const end = context.currentTime + ms / 1000
  tone.frequency.value = hz
  level.gain.setValueAtTime(loud, context.currentTime)
  level.gain.exponentialRampToValueAtTime(0.0005, end)
  tone.connect(level).connect(context.destination)
  tone.start()
  tone.stop(end)
}

export function cueStep(kind: keyof typeof pitches): void {
  sound(pitches[kind], 60)
}

export function cueChoice(on: boolean): void {
  if (on) sound(chosen_hz, 120)
}

export function speakName(stop: Stop<Element>): void {
  const at = stop.kind === 'group' ? stop.key : things(stop)[0]?.at
  const file = at?.getAttribute('data-voice')
  voice?.pause()
  if (!file) return
  voice = new Audio(file)
  void voice.play().catch(() => undefined) // a browser may want a press first
}

export function openCues(): () => void {
  return () => {
    voice?.pause()
    void context?.close()
    context = voice = null
  }
}
