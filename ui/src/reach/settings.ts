// SPDX-License-Identifier: AGPL-3.0-or-later
// How somebody's switch is set. Kept in this browser; an address can carry it (?switch=auto&speed=1.5),
// so that a card with a code sets up any screen.

import { signal } from '@preact/signals'

export type Mode = 'off' | 'auto' | 'step'
export type Source = `key:${string}` | `mouse:${number}` | `pad:${number}`

export interface Settings {
  mode: Mode
  speed_ms: number // between two steps
  debounce_ms: number
  hold_ms: number
  sound: boolean
  choose: Source // the switch
  move: Source // the second one, which steps in mode 'step'
  help: boolean // '?' shows the keys
}

interface Range {
  least: number
  most: number
  step: number
}

export const ranges = {
  speed_ms: { least: 500, most: 8000, step: 250 },
  debounce_ms: { least: 0, most: 1000, step: 50 },
  hold_ms: { least: 0, most: 2000, step: 100 },
} as const satisfies Record<string, Range>

export type Measure = keyof typeof ranges

export const usual: Settings = {
  mode: 'off',
  speed_ms: 1500,
  debounce_ms: 150,
  hold_ms: 0,
  sound: false,
  choose: 'key:Space',
  move: 'key:Enter',
  help: true,
}

export function within(measure: Measure, ms: number): number {
  const { least, most } = ranges[measure]
  return Math.min(most, Math.max(least, ms))
}

export function stepped(settings: Settings, measure: Measure, by: 1 | -1): Settings {
  const to = Math.round(settings[measure] / ranges[measure].step + by) * ranges[measure].step
  return { ...settings, [measure]: within(measure, to) }
}

export function isSource(text: unknown): text is Source {
  return typeof text === 'string' && /^(key:\w{1,32}|(mouse|pad):\d{1,2})$/.test(text)
}

// What was kept, or what somebody else wrote there: every value is looked at.
export function sound(raw: unknown): Settings {
  const kept = (typeof raw === 'object' && raw !== null ? raw : {}) as Partial<Record<keyof Settings, unknown>>
  const ms = (measure: Measure) => {
    const value = kept[measure]
    return typeof value === 'number' && Number.isFinite(value) ? within(measure, value) : usual[measure]
  }
  return {
    mode: kept.mode === 'auto' || kept.mode === 'step' ? kept.mode : 'off',
    speed_ms: ms('speed_ms'),
    debounce_ms: ms('debounce_ms'),
    hold_ms: ms('hold_ms'),
    sound: kept.sound === true,
    choose: isSource(kept.choose) ? kept.choose : usual.choose,
    move: isSource(kept.move) && kept.move !== kept.choose ? kept.move : otherThan(kept.choose),
    help: kept.help !== false,
  }
}

function otherThan(choose: unknown): Source {
  return choose === usual.move ? usual.choose : usual.move
}

const names = { speed: 'speed_ms', debounce: 'debounce_ms', hold: 'hold_ms' } as const

// What an address says; null when it says nothing of a switch. Measures are in seconds there.
export function fromAddress(query: URLSearchParams, before: Settings): Settings | null {
  const mode = query.get('switch')
  if (mode !== 'auto' && mode !== 'step' && mode !== 'off') return null
  const said: Record<string, unknown> = { ...before, mode }
  for (const [name, measure] of Object.entries(names)) {
    const seconds = query.get(name)
    if (seconds) said[measure] = Number(seconds) * 1000
  }
  for (const name of ['choose', 'move']) if (query.has(name)) said[name] = query.get(name)
  if (query.has('sound')) said.sound = query.get('sound') === '1'
  return sound(said)
}

export function toAddress(settings: Settings): string {
  const query = new URLSearchParams({ switch: settings.mode })
  for (const [name, measure] of Object.entries(names))
    if (settings[measure] !== usual[measure]) query.set(name, String(settings[measure] / 1000))
  if (settings.choose !== usual.choose) query.set('choose', settings.choose)
  if (settings.move !== usual.move) query.set('move', settings.move)
  if (settings.sound) query.set('sound', '1')
  return '?' + query.toString()
}

export function withoutSwitch(query: URLSearchParams): string {
  const rest = new URLSearchParams(query)
  for (const name of ['switch', 'sound', 'choose', 'move', ...Object.keys(names)]) rest.delete(name)
  const text = rest.toString().replace(/=(?=&|$)/g, '')
  return text && '?' + text
}

const key = 'kinreel.switch'
export const settings = signal<Settings>(usual)

export function keepSettings(next: Settings): void {
  settings.value = next
  try {
    localStorage.setItem(key, JSON.stringify(next))
  } catch {
    // A browser that keeps nothing: it holds for this page.
  }
}

export function openSettings(): void {
  try {
    settings.value = sound(JSON.parse(localStorage.getItem(key) ?? '{}'))
  } catch {
    settings.value = usual
  }
  const query = new URLSearchParams(location.search)
  const told = fromAddress(query, settings.value)
  if (!told) return
  keepSettings(told)
  history.replaceState(history.state, '', location.pathname + withoutSwitch(query) + location.hash)
}
