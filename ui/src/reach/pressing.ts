// SPDX-License-Identifier: AGPL-3.0-or-later
// Hears the switches that were set, and makes presses of their pulses. What a switch sends does not
// reach the page, except where somebody types or points with it on purpose.

import { closed, dueIn, idle, opened, ripe, type Hand } from './press'
import { settings, type Source } from './settings'
import { listen, swallow } from './sources'

const writing = 'input:not([type=button], [type=checkbox], [type=radio], [type=range], [type=submit]), textarea, [contenteditable=true]'

// A helper who goes into a field with pointer or Tab types there, and the switch key is a letter.
let helper: Element | null = null
let helped = 0
const help_ms = 15_000 // after this long without another key, the switch is a switch again

function noticeHelper(source: Source, event: Event | null): void {
  const at = event?.target instanceof Element ? event.target.closest(writing) : null
  if (source.startsWith('mouse:')) helper = at
  if (source === 'key:Tab') helper = null
  if (source.startsWith('key:') && at && source !== 'key:Tab' && event?.isTrusted) helper = at
  helped = performance.now()
}

function isHelpers(source: Source): boolean {
  return source.startsWith('key:') && helper !== null && helper === document.activeElement && performance.now() - helped < help_ms
}

class Switch {
  private hand: Hand = idle
  private timer = 0
  private press: () => void

  constructor(press: () => void) {
    this.press = press
  }

  pulse(isClosed: boolean): void {
    const felt = (isClosed ? closed : opened)(this.hand, performance.now(), settings.value)
    this.take(felt.hand, felt.press)
  }

  private take(hand: Hand, press: boolean): void {
    this.hand = hand
    clearTimeout(this.timer)
    const due = dueIn(hand, performance.now(), settings.value)
    if (due !== null) this.timer = window.setTimeout(() => this.look(), due)
    if (press) this.press()
  }

  private look(): void {
    const felt = ripe(this.hand, performance.now(), settings.value)
    this.take(felt.hand, felt.press)
  }
}

// The clicks and menus that follow a button of the mouse are part of the press.
const after_button = ['mousedown', 'mouseup', 'click', 'auxclick', 'contextmenu'] as const

function swallowClicks(deaf: () => boolean): () => void {
  const stop = new AbortController()
  const clicked = (event: MouseEvent) => {
    const { mode, choose, move } = settings.value
    const source = `mouse:${event.button}`
    if (event.isTrusted && !deaf() && (source === choose || (mode === 'step' && source === move))) swallow(event)
  }
  for (const type of after_button) addEventListener(type, clicked, { capture: true, signal: stop.signal })
  return () => stop.abort()
}

// Until told to stop; 'deaf' says when somebody else is listening to the switch.
export function hearSwitch(choose: () => void, move: () => void, deaf: () => boolean): () => void {
  const chooses = new Switch(choose)
  const moves = new Switch(move)
  const mine = (source: Source) => {
    const set = settings.value
    return source === set.choose ? chooses : source === set.move && set.mode === 'step' ? moves : null
  }
  const noClicks = swallowClicks(deaf)
  // Whoever looks elsewhere has let go, though nobody heard it.
  const letGo = () => [chooses, moves].forEach((one) => one.pulse(false))
  addEventListener('blur', letGo)
  const end = listen((source, isClosed, event) => {
    if (deaf()) return
    const one = mine(source)
    const chord = event instanceof KeyboardEvent && (event.ctrlKey || event.metaKey || event.altKey)
    if (!one) noticeHelper(source, event)
    if (!one || chord || isHelpers(source)) return
    swallow(event)
    if (!(event instanceof KeyboardEvent && event.repeat)) one.pulse(isClosed)
  })
  return () => {
    end()
    noClicks()
    removeEventListener('blur', letGo)
  }
}
