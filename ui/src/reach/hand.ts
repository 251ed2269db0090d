// SPDX-License-Identifier: AGPL-3.0-or-later
// What it means to choose a thing: most are pressed; a text, a slider, a film, a list are taken in hand,
// and the tray shows what can be done with them.

import { signal } from '@preact/signals'

export type Held =
  | { kind: 'text'; at: HTMLInputElement | HTMLTextAreaElement }
  | { kind: 'slide'; at: HTMLElement }
  | { kind: 'media'; at: HTMLMediaElement }
  | { kind: 'pick'; at: HTMLSelectElement }

export const held = signal<Held | null>(null)

const unwritten = ['button', 'submit', 'reset', 'checkbox', 'radio', 'file', 'image', 'color']

export function heldBy(element: Element): Held | null {
  if (element instanceof HTMLTextAreaElement) return { kind: 'text', at: element }
  if (element instanceof HTMLSelectElement) return { kind: 'pick', at: element }
  if (element instanceof HTMLMediaElement) return { kind: 'media', at: element }
  if (element instanceof HTMLInputElement && element.type === 'range') return { kind: 'slide', at: element }
  if (element instanceof HTMLInputElement && !unwritten.includes(element.type)) return { kind: 'text', at: element }
  if (element instanceof HTMLElement && element.getAttribute('role') === 'slider') return { kind: 'slide', at: element }
  return null
}

export function take(element: Element): void {
  const one = heldBy(element)
  if (one) {
    held.value = one
    return
  }
  if (!(element instanceof HTMLElement)) return
  element.focus({ preventScroll: true })
  element.click()
}

// As if it had been typed: the page's own handlers hear of it.
export function write(field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string): void {
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field) as object, 'value')
  own?.set?.call(field, value)
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  field.dispatchEvent(new Event('change', { bubbles: true }))
}

// A line of text that has nothing but Enter to send it.
export function finish(field: HTMLInputElement | HTMLTextAreaElement): void {
  const form = field.form
  const lone = form && field instanceof HTMLInputElement && !form.querySelector('button:not([type=button]), input[type=submit]')
  if (lone) form.requestSubmit()
}

export type Slide = 'less' | 'more' | 'much_less' | 'much_more'

export function isUpright(at: HTMLElement): boolean {
  return at.getAttribute('aria-orientation') === 'vertical'
}

const keys: Record<Slide, [string, string]> = {
  less: ['ArrowLeft', 'ArrowUp'],
  more: ['ArrowRight', 'ArrowDown'],
  much_less: ['PageDown', 'PageUp'],
  much_more: ['PageUp', 'PageDown'],
}
const shares: Record<Slide, number> = { less: -0.05, more: 0.05, much_less: -0.2, much_more: 0.2 }

export function slide(at: HTMLElement, by: Slide): void {
  if (!(at instanceof HTMLInputElement)) {
    const key = keys[by][isUpright(at) ? 1 : 0]
    at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    return
  }
  const [least, most, step] = [Number(at.min || 0), Number(at.max || 100), Number(at.step) || 1]
  const wished = Math.max(step, Math.abs(shares[by]) * (most - least)) * Math.sign(shares[by])
  write(at, String(Math.min(most, Math.max(least, Number(at.value) + wished))))
}

export function valueOf(at: HTMLElement): string {
  const said = at.getAttribute('aria-valuetext') ?? at.getAttribute('aria-valuenow')
  return said ?? (at instanceof HTMLInputElement ? at.value : '')
}
