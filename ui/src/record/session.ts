// SPDX-License-Identifier: AGPL-3.0-or-later
// One recording, from the microphone to the house: it listens (if asked to), records, ends. Each piece
// lies on the shelf before it is sent. No page is needed: whoever shows it reads the signals.

import { signal } from '@preact/signals'
import type { UploadResult } from '../net/shapes'
import { Carrier, type Way } from './carry'
import { chooseType, deviceWords, wishes, type Kind } from './choose'
import { ringFor } from './ring'
import { hex, sha256 } from './sha256'
import type { Shelf } from './shelf'

// Half a second, so that even on a busy machine what is still in hand is less than a whole one.
const slice_ms = 500
const piece_most = 1 << 20

export type Stage = 'ready' | 'listening' | 'recording' | 'ending' | 'over'

export interface Plan {
  kind: Kind
  shelf: Shelf
  endpoint: string
  headers?: Record<string, string>
  for?: Record<string, unknown> // what it answers: a question's code
  light?: boolean // for a thin line
}

export class Session {
  readonly stage = signal<Stage>('ready')
  readonly way = signal<Way>('going')
  readonly elapsed = signal(0) // ms recorded
  readonly held = signal(0) // ms in memory while listening
  readonly key: string = newKey()
  private readonly mime: string
  private recorder: MediaRecorder | null = null
  private carrier: Carrier | null = null
  private ring: ReturnType<typeof ringFor> = null
  private chain: Promise<void> = Promise.resolve()
  private next = 0
  private cannotCut = false
  private began = 0
  private before = 0 // ms that were held when it was kept
  private timer = 0
  private silent: Promise<void> = Promise.resolve() // once the recorder has given its last
  private letGo: () => void = () => undefined
  private result: Promise<UploadResult> | null = null

  constructor(
    readonly stream: MediaStream,
    private readonly plan: Plan,
  ) {
    this.mime = chooseType(plan.kind, (type) => MediaRecorder.isTypeSupported(type), plan.light)
    stream.getTracks().forEach((track) => track.addEventListener('ended', () => void this.end()))
  }

  // Asks for microphone (and camera); throws where there is none, or somebody says no.
  static async open(plan: Plan): Promise<Session> {
    return new Session(await navigator.mediaDevices.getUserMedia(wishes(plan.kind)), plan)
  }

  // Holds the last seconds in memory, until press().
  listen(seconds: number): void {
    const ring = ringFor(this.mime, seconds)
    if (this.stage.value !== 'ready' || this.cannotCut || !ring) return
    this.ring = ring
    this.stage.value = 'listening'
    this.startRecorder()
  }

  // Begins; what was held while listening comes first.
  async press(): Promise<void> {
    if (this.stage.value !== 'ready' && this.stage.value !== 'listening') return
    const listened = this.stage.value === 'listening'
    this.stage.value = 'recording'
    this.before = listened ? (this.ring?.heldMs ?? 0) : 0
    this.began = performance.now()
    this.timer = window.setInterval(() => (this.elapsed.value = this.before + performance.now() - this.began), 200)
    const heard = this.chain
    const entered = this.enter(heard)
    this.chain = entered // what comes now waits until the recording is on the list
    if (!listened) this.startRecorder()
    await entered
  }

  // The end: what is still in hand is put on the shelf. Settles once it lies there.
  async end(): Promise<void> {
    if (this.stage.value === 'listening' || this.stage.value === 'ready') return this.close()
    if (this.stage.value !== 'recording') return
    this.stage.value = 'ending'
    clearInterval(this.timer)
    await this.stopRecorder()
    await this.plan.shelf.change(this.key, { ended: true })
    this.stopTracks()
    this.carrier?.nudge()
  }

  // What the house made of it. Goes on trying while the page is open.
  outcome(): Promise<UploadResult> {
    return this.result ?? Promise.reject(new Error('nothing was recorded'))
  }

  // Lets go of the microphone; what was recorded stays on the shelf.
  close(): void {
    clearInterval(this.timer)
    if (this.recorder && this.recorder.state !== 'inactive') this.recorder.stop()
    this.stopTracks()
    if (this.stage.value !== 'ending') this.stage.value = 'over'
  }

  nudge(): void {
    this.carrier?.nudge()
  }

  // The recording is put on the list, and this tab is its only sender, until it is over or the tab dies.
  private async enter(heard: Promise<void>): Promise<void> {
    const { kind, shelf } = this.plan
    const told = {
      kind,
      mime: this.mime || `${kind === 'film' ? 'video' : 'audio'}/webm`,
      device: deviceWords(this.stream),
      zone_min: -new Date().getTimezoneOffset(),
      for: this.plan.for ?? {},
    }
    await lockUntil(this.key, new Promise<void>((done) => (this.letGo = done)))
    await shelf.begin({ key: this.key, told, began: Date.now(), took_ms: 0, house: '', ended: false })
    await heard
    for (const bytes of this.ring?.keep() ?? []) await this.put(bytes)
    this.carrier = new Carrier(shelf, this.key, {
      endpoint: this.plan.endpoint,
      headers: this.plan.headers ?? {},
      onWay: (way) => (this.way.value = way),
    })
    this.result = this.carrier.run().finally(() => {
      this.letGo()
      this.stage.value = 'over'
    })
    this.result.catch(() => undefined) // told by outcome()
  }

  private startRecorder(): void {
    const options = this.mime ? { mimeType: this.mime } : {}
    const recorder = new MediaRecorder(this.stream, options)
    this.recorder = recorder
    recorder.ondataavailable = (event) => {
      this.chain = this.chain.then(() => this.take(event.data)).catch(() => this.stumble())
    }
    this.silent = new Promise((done) => recorder.addEventListener('stop', () => done(), { once: true }))
    recorder.start(slice_ms)
  }

  // What the recorder wrote could not be cut. While only listening it is given up; while recording, what
  // is on the shelf is kept.
  private stumble(): void {
    this.ring = null
    if (this.stage.value === 'listening') {
      this.recorder?.stop()
      this.stage.value = 'ready'
      this.cannotCut = true
    } else {
      void this.end()
    }
  }

  private async stopRecorder(): Promise<void> {
    if (this.recorder?.state !== 'inactive') this.recorder?.stop()
    await this.silent // a microphone that was pulled out stops it too; its last piece comes before
    await this.chain
  }

  private async take(data: Blob): Promise<void> {
    if (data.size === 0) return
    const bytes = new Uint8Array(await data.arrayBuffer())
    if (!this.ring) return this.put(bytes)
    const out = this.ring.take(bytes)
    this.held.value = this.ring.heldMs
    return out ? this.put(out) : undefined
  }

  private async put(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let from = 0; from < bytes.length; from += piece_most) {
      const part = bytes.slice(from, from + piece_most)
      const piece = { n: this.next++, hash: hex(await sha256(part)), bytes: part }
      await this.plan.shelf.add(this.key, piece, Math.round(this.before + performance.now() - this.began))
      this.carrier?.nudge()
    }
  }

  private stopTracks(): void {
    this.stream.getTracks().forEach((track) => track.stop())
  }
}

export const lockOf = (key: string) => `kinreel-recording-${key}`

// Takes the lock, and keeps it until `over`.
async function lockUntil(key: string, over: Promise<void>): Promise<void> {
  if (!navigator.locks) return
  await new Promise<void>((taken) => {
    void navigator.locks.request(lockOf(key), () => {
      taken()
      return over
    })
  })
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8))
  return `${Date.now().toString(36)}-${hex(bytes)}`
}
