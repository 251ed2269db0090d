// SPDX-License-Identifier: AGPL-3.0-or-later
// Brings an answer over a thin, often broken line: small, in parts, and whole before it is played.
// Promises:
//   (1) what has come is never asked for again, after a break or a reload; only other bytes under the
//       same address (another ETag) begin anew;
//   (2) one answer comes at a time, so that the first is whole the sooner;
//   (3) what the house no longer gives to this device leaves it: at once where it is asked for, and when
//       a page opens or what may be shown changes for all that is kept (tidy). So does what is old.

import { backoff } from '../net/backoff'
import { inARow, type Bit, type Keep, type Kept } from './keep'

export const part_bytes = 256 * 1024
const sip_bytes = 32 * 1024 // put away as they come: more than a break may cost
const stall_ms = 30_000 // a line that says nothing for so long is broken
const old_ms = 60 * 24 * 3600 * 1000
const look_again = 2 // while it is made: as after so many vain attempts
const over = [401, 403, 404, 410]
const never = [415, 422]

export type Way =
  | { state: 'asked' }
  | { state: 'making'; share: number }
  | { state: 'coming'; here: number; parts: number; waits: boolean }
  | { state: 'whole'; file: Blob }
  | { state: 'gone' } // the house gives it no longer
  | { state: 'never' } // it cannot be made small

export const partsOf = (size: number) => Math.ceil(size / part_bytes)
export const partsHere = (have: number, size: number) => (have >= size ? partsOf(size) : Math.floor(have / part_bytes))

// The next bytes to ask for, first and last: to the end of the part that was begun. `size` 0: not known yet.
export function nextRange(have: number, size: number): [number, number] {
  const end = (Math.floor(have / part_bytes) + 1) * part_bytes
  return [have, (size > 0 ? Math.min(end, size) : end) - 1]
}

// "bytes 0-99/1234": the size of the whole, or 0.
export function sizeOf(range: string | null): number {
  return Number(/^bytes \d+-\d+\/(\d+)$/.exec(range ?? '')?.[1] ?? 0)
}

export interface Means {
  keep: Keep
  onWay: (way: Way) => void
  headers?: () => Record<string, string>
  pause?: (ms: number) => Promise<void>
  now?: () => number
}

const lengthOf = (all: readonly Uint8Array[]) => all.reduce((sum, one) => sum + one.length, 0)

let line: Promise<unknown> = Promise.resolve()

function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const mine = line.then(act)
  line = mine.catch(() => undefined)
  return mine
}

async function shareOf(answer: Response): Promise<number> {
  const { share } = (await answer.json().catch(() => ({}))) as { share?: number }
  return typeof share === 'number' ? share : 0
}

export class Bringing {
  private kept: Kept | null = null
  private bits: Bit[] = []
  private have = 0
  private read = false // what is kept on this device
  private stopped = false
  private making = false
  private call = new AbortController()
  private wake: () => void = () => undefined

  constructor(
    private readonly at: string,
    private readonly by: Means,
  ) {}

  // Until it is whole, or is not to be had, or stop().
  async run(): Promise<void> {
    for (let idle = 0; !this.stopped; ) {
      const before = this.have
      const done = await inTurn(() => (this.stopped ? Promise.resolve(true) : this.attempt())).catch(() => false)
      if (done) return
      idle = this.making ? look_again : this.have > before ? 0 : idle + 1
      this.tellComing(true)
      await this.rest(backoff(idle))
    }
  }

  stop(): void {
    this.stopped = true
    this.call.abort()
    this.wake()
  }

  // The line is back: no need to wait any longer.
  nudge(): void {
    this.wake()
  }

  private async rest(ms: number): Promise<void> {
    if (this.stopped) return
    const woken = new Promise<void>((done) => (this.wake = done))
    await Promise.race([woken, (this.by.pause ?? ((ms) => new Promise<void>((done) => setTimeout(done, ms))))(ms)])
  }

  private tell(way: Way): void {
    if (!this.stopped) this.by.onWay(way)
  }

  private tellComing(waits: boolean): void {
    const { kept, have } = this
    if (kept) this.tell({ state: 'coming', here: partsHere(have, kept.size), parts: partsOf(kept.size), waits })
  }

  private async attempt(): Promise<boolean> {
    if (!this.read) await this.recall()
    if (this.isWhole() && (await this.mayStay())) return true
    while (!this.isWhole()) if (await this.part()) return true
    this.give()
    return true
  }

  private isWhole(): boolean {
    return this.kept !== null && this.have === this.kept.size
  }

  private give(): void {
    const type = this.kept?.mime ?? ''
    this.tell({ state: 'whole', file: new Blob(this.bits.map((bit) => bit.bytes), { type }) })
    this.bits = [] // an old telephone has little memory, and the file has them
  }

  private async recall(): Promise<void> {
    const found = await this.by.keep.get(this.at)
    this.read = true
    if (!found) return
    this.kept = found.kept
    this.bits = inARow(found.bits)
    this.have = lengthOf(this.bits.map((bit) => bit.bytes))
    this.tellComing(false)
  }

  private async forget(): Promise<void> {
    this.kept = null
    this.bits = []
    this.have = 0
    await this.by.keep.forget(this.at)
  }

  private async ask(method: string, more: Record<string, string> = {}): Promise<Response> {
    this.call = new AbortController()
    return this.timed(fetch(this.at, {
      method, headers: { ...this.by.headers?.(), ...more }, cache: 'no-store', credentials: 'same-origin', signal: this.call.signal,
    }))
  }

  // Breaks off what stalls.
  private async timed<T>(what: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.call.abort(), stall_ms)
    return what.finally(() => clearTimeout(timer))
  }

  // Where the house tells that it is over, true.
  private async isOver(answer: Response): Promise<boolean> {
    if (!over.includes(answer.status) && !never.includes(answer.status)) return false
    await this.forget()
    this.tell({ state: over.includes(answer.status) ? 'gone' : 'never' })
    return true
  }

  // All of it is here: the house need only say that it may be. Without a line it plays.
  private async mayStay(): Promise<boolean> {
    const answer = await this.ask('HEAD').catch(() => null)
    if (answer && (await this.isOver(answer))) return true
    if (answer?.status === 200 && answer.headers.get('ETag') !== this.kept?.tag) {
      await this.forget()
      return false
    }
    this.give()
    return true
  }

  // One part more. True where nothing more will come; throws where the line breaks.
  private async part(): Promise<boolean> {
    const [first, last] = nextRange(this.have, this.kept?.size ?? 0)
    const answer = await this.ask('GET', { Range: `bytes=${first}-${last}`, ...(this.kept ? { 'If-Range': this.kept.tag } : {}) })
    if (await this.isOver(answer)) return true
    this.making = answer.status === 202
    if (this.making) {
      this.tell({ state: 'making', share: await shareOf(answer) })
      throw new Error('not yet')
    }
    const other = this.kept !== null && (answer.status === 200 || answer.status === 416 || answer.headers.get('ETag') !== this.kept.tag)
    if (answer.status === 206 && !other) return this.take(answer, last - first + 1)
    this.call.abort() // the rest of an answer that is not wanted
    if (other && [200, 206, 416].includes(answer.status)) await this.forget()
    else throw new Error(`the house answers ${answer.status}`)
    return false
  }

  private async begin(answer: Response): Promise<void> {
    const kept = {
      at: this.at,
      tag: answer.headers.get('ETag') ?? '',
      size: sizeOf(answer.headers.get('Content-Range')),
      mime: answer.headers.get('Content-Type') ?? '',
      began: (this.by.now ?? Date.now)(),
    }
    if (!kept.tag || !kept.size) throw new Error('an answer without a tag or a size')
    await this.by.keep.begin(kept)
    this.kept = kept
  }

  // Puts the bytes away as they come: what came before a break is here (1).
  private async take(answer: Response, most: number): Promise<false> {
    if (!this.kept) await this.begin(answer)
    const before = this.have
    const reader = answer.body?.getReader()
    const sips: Uint8Array[] = []
    try {
      for (let left = most; reader && left > 0; ) {
        const { done, value } = await this.timed(reader.read())
        if (done) break
        sips.push(value.subarray(0, left))
        left -= value.length
        if (lengthOf(sips) >= sip_bytes) await this.put(sips.splice(0))
      }
    } finally {
      await this.put(sips)
    }
    if (this.have === before) throw new Error('an empty part')
    this.tellComing(false)
    return false
  }

  private async put(sips: readonly Uint8Array[]): Promise<void> {
    const bytes = new Uint8Array(lengthOf(sips))
    if (bytes.length === 0) return
    sips.reduce((at, sip) => (bytes.set(sip, at), at + sip.length), 0)
    const bit = { from: this.have, bytes }
    await this.by.keep.add(this.at, bit)
    this.bits.push(bit)
    this.have += bytes.length
  }
}

// Throws away what is old, and what the house gives to this device no longer (3).
export async function tidy({ keep, now = Date.now, headers }: Pick<Means, 'keep' | 'now' | 'headers'>): Promise<void> {
  for (const { at, began } of await keep.list()) {
    const old = now() - began > old_ms
    const answer = old ? null : await fetch(at, { method: 'HEAD', cache: 'no-store', credentials: 'same-origin', headers: headers?.() ?? {} }).catch(() => null)
    if (old || (answer && over.includes(answer.status))) await keep.forget(at)
  }
}
