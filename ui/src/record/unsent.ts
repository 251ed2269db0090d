// SPDX-License-Identifier: AGPL-3.0-or-later
// Recordings that an earlier visit left behind: found when any page opens, ended, and sent.

import { signal } from '@preact/signals'
import { readAbout } from '../app/about'
import { showSlip } from '../base/say'
import { lang, t } from '../base/words'
import { forgetLine } from '../line/store'
import { go } from '../app/route'
import { clock } from '../base/show'
import { Carrier, Stopped, type Way } from './carry'
import { Cupboard } from './cupboard'
import { lockOf } from './session'
import { MemoryShelf, SureShelf, type Recording } from './shelf'

export interface Left {
  key: string
  took_ms: number
  way: Way | 'failed'
  why: string
}

export const shelf = new SureShelf(new Cupboard(), new MemoryShelf())
export const left = signal<readonly Left[]>([])
const look_again_ms = 30_000
const carriers = new Map<string, Carrier>()

export const endpoint = () => new URL('/api/v1/recordings', location.href).href

function change(key: string, news: Partial<Left>): void {
  left.value = left.peek().map((one) => (one.key === key ? { ...one, ...news } : one))
}

function leave(key: string): void {
  left.value = left.peek().filter((one) => one.key !== key)
  carriers.delete(key)
}

async function carry(recording: Recording): Promise<void> {
  const { key, took_ms } = recording
  const hashes = await shelf.hashes(key)
  if (hashes.length === 0) return shelf.forget(key)
  await shelf.change(key, { ended: true })
  const carrier = new Carrier(shelf, key, { endpoint: endpoint(), headers: { 'Accept-Language': lang.value }, onWay: (way) => change(key, { way }) })
  carriers.set(key, carrier)
  left.value = left.peek().filter((one) => one.key !== key).concat({ key, took_ms, way: 'going', why: '' })
  showSlip({ text: t('ui.record.left', { time: clock(took_ms) }) })
  try {
    const result = await carrier.run()
    leave(key)
    forgetLine()
    void readAbout()
    showSlip({ text: t('ui.record.left.done'), act: { label: t('ui.record.open'), run: () => go(`/item/${result.id}`) } })
  } catch (cause) {
    if (cause instanceof Stopped) return leave(key)
    change(key, { way: 'failed', why: cause instanceof Error ? cause.message : '' })
  }
}

// Only what no tab records or sends: its lock is free.
async function find(): Promise<void> {
  for (const recording of await shelf.list()) {
    if (carriers.has(recording.key)) continue
    void navigator.locks.request(lockOf(recording.key), { ifAvailable: true }, async (lock) => {
      const fresh = lock && (await shelf.get(recording.key))
      if (fresh) await carry(fresh)
    })
  }
}

// Gives up what could not be sent; a person asked.
export async function dropLeft(key: string): Promise<void> {
  carriers.get(key)?.stop()
  await shelf.forget(key)
  leave(key)
}

export function openUnsent(): void {
  if (!navigator.locks || !globalThis.indexedDB) return
  const look = () => void find().catch((cause: unknown) => console.warn('record', cause))
  look()
  setInterval(look, look_again_ms)
  addEventListener('online', () => {
    carriers.forEach((carrier) => carrier.nudge())
    look()
  })
}
