// SPDX-License-Identifier: AGPL-3.0-or-later
// Everything on its way into the house. It goes on while other pages are shown; two at a time.

import { signal } from '@preact/signals'
import { readAbout } from '../app/about'
import { say } from '../base/say'
import { lang, t } from '../base/words'
import { forgetLine } from '../line/store'
import { api } from '../net/api'
import type { UploadResult } from '../net/shapes'
import { Lost, Stopped, Upload, type Memory } from '../net/tus'

export type State = 'waiting' | 'looking' | 'sending' | 'trouble' | 'paused' | 'lost' | 'added' | 'duplicate' | 'refused'

export interface Parcel {
  id: number
  file: File
  state: State
  sent: number
  result: UploadResult | null
  upload: Upload | null
}

export const parcels = signal<readonly Parcel[]>([])

const at_once = 2
const look_up_to = 64 << 20 // larger files are not read twice only to learn that they are here
let next_id = 1

const memory: Memory = {
  get: (key) => localStorage.getItem(key),
  set: (key, value) => {
    try {
      localStorage.setItem(key, value)
    } catch {
      // Without room the file still goes, it only cannot go on after a reload.
    }
  },
  forget: (key) => localStorage.removeItem(key),
}

export function isBusy(parcel: Parcel): boolean {
  return parcel.state === 'looking' || parcel.state === 'sending' || parcel.state === 'trouble'
}

export function isSettled(parcel: Parcel): boolean {
  return parcel.state === 'added' || parcel.state === 'duplicate' || parcel.state === 'refused'
}

function find(id: number): Parcel | undefined {
  return parcels.peek().find((one) => one.id === id)
}

function change(id: number, news: Partial<Parcel>): void {
  parcels.value = parcels.peek().map((one) => (one.id === id ? { ...one, ...news } : one))
}

function parcelOf(file: File): Parcel {
  const parcel: Parcel = { id: next_id++, file, state: 'waiting', sent: 0, result: null, upload: null }
  if (file.size > 0) return parcel
  return { ...parcel, state: 'refused', result: { status: 'refused', id: '', reason: t('ui.add.empty_file'), damaged: '' } }
}

function sameFile(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified
}

export function bringIn(files: readonly File[]): void {
  const known = parcels.peek()
  const fresh = files.filter((file) => !known.some((one) => sameFile(one.file, file) && one.state !== 'refused'))
  parcels.value = known.concat(fresh.map(parcelOf))
  work()
}

// Asks whether the archive has these very bytes, where the browser can reckon it.
async function hereAlready(file: File): Promise<UploadResult | null> {
  if (file.size > look_up_to || !globalThis.crypto?.subtle) return null
  try {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
    const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
    const id = (await api.have([hex])).have[hex]
    return id ? { status: 'duplicate', id, reason: '', damaged: '' } : null
  } catch {
    return null
  }
}

function settle(id: number, result: UploadResult): void {
  const parcel = find(id)
  change(id, { state: result.status, result, sent: parcel?.file.size ?? 0, upload: null })
  if (result.status === 'added') forgetLine()
  const left = parcels.peek().some((one) => !isSettled(one))
  if (left) return
  void readAbout()
  say(t('ui.add.all_done'))
}

async function carry(parcel: Parcel): Promise<void> {
  const { id, file } = parcel
  const upload =
    parcel.upload ??
    new Upload(file, {
      endpoint: new URL('/api/v1/uploads', location.href).href,
      memory,
      headers: { 'Accept-Language': lang.value },
      onProgress: (sent) => change(id, { sent }),
      onTrouble: (waiting) => isOnItsWay(id) && change(id, { state: waiting ? 'trouble' : 'sending' }),
    })
  change(id, { state: 'looking', upload })
  const here = parcel.sent === 0 ? await hereAlready(file) : null
  if (find(id)?.state !== 'looking') return // stopped while we looked
  if (here) return settle(id, here)
  change(id, { state: 'sending' })
  settle(id, await upload.run())
}

function isOnItsWay(id: number): boolean {
  const parcel = find(id)
  return parcel !== undefined && isBusy(parcel)
}

async function carryOrKeep(parcel: Parcel): Promise<void> {
  try {
    await carry(parcel)
  } catch (cause) {
    if (cause instanceof Stopped) return
    if (isOnItsWay(parcel.id)) change(parcel.id, { state: 'lost' })
    if (!(cause instanceof Lost)) console.warn('add', cause)
  } finally {
    work()
  }
}

function work(): void {
  const busy = parcels.peek().filter(isBusy).length
  const ready = parcels.peek().filter((one) => one.state === 'waiting')
  for (const parcel of ready.slice(0, Math.max(0, at_once - busy))) void carryOrKeep(parcel)
}

export function pause(id: number): void {
  const parcel = find(id)
  change(id, { state: 'paused' })
  parcel?.upload?.pause()
}

export function goOn(id: number): void {
  change(id, { state: 'waiting' })
  work()
}

export function cancel(id: number): void {
  const parcel = find(id)
  parcels.value = parcels.peek().filter((one) => one.id !== id)
  void parcel?.upload?.cancel()
  work()
}

export function pauseAll(): void {
  for (const parcel of parcels.peek()) if (!isSettled(parcel)) pause(parcel.id)
}

export function goOnAll(): void {
  for (const parcel of parcels.peek()) if (parcel.state === 'paused' || parcel.state === 'lost') goOn(parcel.id)
}

export function clearSettled(): void {
  parcels.value = parcels.peek().filter((one) => !isSettled(one))
}
