// SPDX-License-Identifier: AGPL-3.0-or-later
// The line of time as far as it has been read. It outlives the page, so that coming back from a
// picture finds everything where it was.

import { signal } from '@preact/signals'
import { lang } from '../base/words'
import { api, isAbort, sentenceOf } from '../net/api'
import type { Brief, Section } from '../net/shapes'
import type { Known } from './blocks'
import { ratioOf } from './rows'

export interface Part extends Known {
  items: Brief[]
  ratios: number[]
  next: string | null // cursor of what is not yet read; null when all is
  at: number // counts its changes
}

export const sections = signal<Section[] | null>(null)
export const trouble = signal('')
export const version = signal(0) // counts changes to the parts
export const parts = new Map<string, Part>()

const page_size = 200
const kept_parts = 120
let spokenIn = ''
let stale = true
const reading = new Map<string, AbortController>()

export function forgetLine(): void {
  stale = true
}

let drawn = '' // the line as it was last told

// Reads the line. What is already here is shown meanwhile, and kept where nothing has changed.
export async function openLine(): Promise<void> {
  try {
    const line = await api.timeline()
    const told = JSON.stringify(line)
    if (!stale && spokenIn === lang.value && told === drawn) return
    drawn = told
    for (const key of [...reading.keys()]) stopReading(key)
    parts.clear()
    stale = false
    spokenIn = lang.value
    trouble.value = ''
    sections.value = line.sections
    version.value++
  } catch (cause) {
    trouble.value = sentenceOf(cause)
  }
}

// While much is coming in: what has not changed stays as it is.
export async function refreshLine(): Promise<void> {
  const before = sections.value
  if (!before || stale || spokenIn !== lang.value) return openLine()
  const line = await api.timeline().catch(() => null)
  const told = JSON.stringify(line)
  if (!line || told === drawn) return
  drawn = told
  const known = new Map(before.map((section) => [section.key, JSON.stringify(section)]))
  const same = new Set(line.sections.filter((section) => known.get(section.key) === JSON.stringify(section)).map((section) => section.key))
  for (const key of [...reading.keys()]) if (!same.has(key)) stopReading(key)
  for (const key of [...parts.keys()]) if (!same.has(key)) parts.delete(key)
  sections.value = line.sections
  version.value++
}

async function readOn(key: string, signal: AbortSignal): Promise<void> {
  const part = parts.get(key) ?? { items: [], ratios: [], next: '', at: 0 }
  if (part.next === null) return
  const leaf = await api.items({ section: key, cursor: part.next, limit: page_size }, signal)
  const items = part.items.concat(leaf.items)
  parts.delete(key) // and to the end: the map's order is the order of use
  parts.set(key, { items, ratios: items.map(ratioOf), next: leaf.next || null, at: part.at + 1 })
  version.value++
}

function letGo(wanted: ReadonlySet<string>): void {
  for (const key of parts.keys()) {
    if (parts.size <= kept_parts) return
    if (!wanted.has(key)) parts.delete(key)
  }
}

async function keepReading(key: string, wanted: ReadonlySet<string>): Promise<void> {
  const stop = new AbortController()
  reading.set(key, stop)
  try {
    await readOn(key, stop.signal)
    trouble.value = ''
    letGo(wanted)
  } catch (cause) {
    if (!isAbort(cause)) trouble.value = sentenceOf(cause)
  } finally {
    if (reading.get(key) === stop) reading.delete(key)
  }
}

function stopReading(key: string): void {
  reading.get(key)?.abort()
  reading.delete(key)
}

// Reads what the window shows, and stops reading what it has left behind.
export function want(keys: readonly string[]): void {
  const wanted = new Set(keys)
  for (const key of [...reading.keys()]) if (!wanted.has(key)) stopReading(key)
  for (const key of keys) {
    const part = parts.get(key)
    if (reading.has(key) || (part && part.next === null)) continue
    if (reading.size >= 4) return
    void keepReading(key, wanted)
  }
}

export function replaceInLine(item: Brief): void {
  for (const part of parts.values()) {
    const at = part.items.findIndex((known) => known.id === item.id)
    if (at < 0) continue
    part.items[at] = item
    version.value++
  }
}
