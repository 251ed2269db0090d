// SPDX-License-Identifier: AGPL-3.0-or-later
// One voice at a time: whoever presses another hears that one, who presses it again has silence.

import { signal } from '@preact/signals'

export const hearing = signal('') // the file that is heard

let voice: HTMLAudioElement | null = null

function silence(): void {
  voice?.pause()
  voice = null
  hearing.value = ''
}

export function hear(file: string): void {
  const again = hearing.peek() === file
  silence()
  if (again) return
  const next = new Audio(file)
  voice = next
  hearing.value = file
  const over = () => voice === next && silence()
  next.addEventListener('ended', over)
  next.addEventListener('error', over)
  next.play().catch(over)
}

export const stopHearing = silence
