// SPDX-License-Identifier: AGPL-3.0-or-later
// Hears what a switch is plugged in as: a key, a button of a mouse (or a finger), a button of a gamepad.

import type { Source } from './settings'

export type Hear = (source: Source, closed: boolean, event: Event | null) => void

const poll_ms = 20

function fromKeys(hear: Hear, stop: AbortSignal): void {
  const key = (event: KeyboardEvent) => {
    if (event.code && event.isTrusted) hear(`key:${event.code}`, event.type === 'keydown', event)
  }
  addEventListener('keydown', key, { capture: true, signal: stop })
  addEventListener('keyup', key, { capture: true, signal: stop })
}

function fromMouse(hear: Hear, stop: AbortSignal): void {
  const button = (event: PointerEvent) => hear(`mouse:${event.button}`, event.type === 'pointerdown', event)
  for (const type of ['pointerdown', 'pointerup', 'pointercancel'] as const)
    addEventListener(type, button, { capture: true, signal: stop })
}

// A browser tells of gamepads only when asked. What is held down already is not a new press.
function fromPads(hear: Hear, stop: AbortSignal): void {
  const down = new Set<number>()
  const look = (told: Hear) => {
    for (const pad of navigator.getGamepads?.() ?? [])
      pad?.buttons.forEach((button, i) => {
        if (button.pressed === down.has(i)) return
        if (button.pressed) down.add(i)
        else down.delete(i)
        told(`pad:${i}`, button.pressed, null)
      })
  }
  look(() => undefined)
  const timer = setInterval(() => look(hear), poll_ms)
  stop.addEventListener('abort', () => clearInterval(timer))
}

// Listens until told to stop.
export function listen(hear: Hear): () => void {
  const stop = new AbortController()
  fromKeys(hear, stop.signal)
  fromMouse(hear, stop.signal)
  fromPads(hear, stop.signal)
  return () => stop.abort()
}

// Is the switch also something that pointing or typing needs? Then the page must not get it.
export function swallow(event: Event | null): void {
  event?.preventDefault()
  event?.stopImmediatePropagation()
}
