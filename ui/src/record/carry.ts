// SPDX-License-Identifier: AGPL-3.0-or-later
// Carries one recording from the shelf to the house, piece by piece, while it is made and afterwards.
// Promises:
//   (1) a piece leaves the shelf only after the house has acknowledged it;
//   (2) what breaks is tried again, for as long as it takes; what the house has already costs nothing;
//   (3) after the end, run() tells what became of it, and the shelf has forgotten it.

import { toBase64 } from '../base/base64'
import { backoff } from '../net/backoff'
import type { UploadResult } from '../net/shapes'
import { hex, sha256, unhex } from './sha256'
import type { Piece, Shelf } from './shelf'

export type Way = 'going' | 'waiting' | 'full' // the house is full: pieces stay here

export interface Carriage {
  endpoint: string // …/api/v1/recordings
  headers?: Record<string, string>
  onWay?: (way: Way) => void
  wait?: (ms: number) => Promise<void>
  tries?: number // attempts in a row that move nothing; without it for ever
  patience_ms?: number // for one answer
}

export class Stopped extends Error {}
export class Lost extends Error {}

class Again extends Error {
  constructor(readonly full = false) {
    super()
  }
}

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))
const patience_ms = 20_000
const end_patience_ms = 300_000

export function digestHeader(hash: string): string {
  return `sha-256=:${toBase64(unhex(hash))}:`
}

async function listHash(hashes: readonly string[]): Promise<string> {
  return hex(await sha256(new TextEncoder().encode(hashes.map((one) => one + '\n').join(''))))
}

export class Carrier {
  private moved = 0
  private stopped = false
  private wake: () => void = () => undefined

  constructor(
    private readonly shelf: Shelf,
    private readonly key: string,
    private readonly by: Carriage,
  ) {}

  // There is something new on the shelf, or the line is back.
  nudge(): void {
    this.wake()
  }

  stop(): void {
    this.stopped = true
    this.wake()
  }

  async run(): Promise<UploadResult> {
    let idle = 0
    for (;;) {
      const before = this.moved
      try {
        return await this.attempt()
      } catch (cause) {
        if (this.stopped) throw new Stopped()
        if (!(cause instanceof Again)) throw cause
        idle = this.moved > before ? 0 : idle + 1
        if (idle > (this.by.tries ?? Infinity)) throw new Lost()
        this.by.onWay?.(cause.full ? 'full' : 'waiting')
      }
      await Promise.race([(this.by.wait ?? sleep)(backoff(Math.min(idle, 8))), this.nudged()])
      if (this.stopped) throw new Stopped()
    }
  }

  private nudged(): Promise<void> {
    return new Promise((done) => (this.wake = done))
  }

  private async attempt(): Promise<UploadResult> {
    for (;;) {
      const news = this.nudged() // before we look, so that nothing is missed
      if (this.stopped) throw new Stopped()
      const recording = await this.shelf.get(this.key)
      if (!recording) throw new Lost()
      const piece = await this.shelf.first(this.key)
      const house = recording.house || (piece || recording.ended ? await this.begin() : '')
      if (piece) {
        const known = await this.send(house, piece)
        if (known) return this.done(known)
      } else if (recording.ended) {
        return this.end(house)
      } else {
        this.by.onWay?.('going')
        await news
      }
    }
  }

  private async call(path: string, init: RequestInit, most_ms = this.by.patience_ms ?? patience_ms): Promise<Response> {
    const give_up = new AbortController()
    const timer = setTimeout(() => give_up.abort(), most_ms)
    let answer: Response
    try {
      answer = await fetch(this.by.endpoint + path, { ...init, signal: give_up.signal, headers: { ...this.by.headers, ...init.headers } })
      await answer.clone().arrayBuffer()
    } catch {
      throw new Again()
    } finally {
      clearTimeout(timer)
    }
    if (answer.status === 507) throw new Again(true)
    if ([408, 423, 425, 429].includes(answer.status) || answer.status >= 500) throw new Again()
    return answer
  }

  private post(path: string, body: unknown, most_ms?: number): Promise<Response> {
    return this.call(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }, most_ms)
  }

  private async begin(): Promise<string> {
    const recording = await this.shelf.get(this.key)
    if (!recording) throw new Lost()
    const answer = await this.post('', recording.told)
    if (answer.status !== 201) throw new Error(await sentenceIn(answer))
    const { id } = (await answer.json()) as { id: string }
    await this.shelf.change(this.key, { house: id })
    this.moved++
    return id
  }

  // A result where the house has made the whole an item meanwhile.
  private async send(house: string, piece: Piece): Promise<UploadResult | null> {
    const answer = await this.call(`/${house}/pieces/${piece.n}`, {
      method: 'PUT',
      body: piece.bytes,
      headers: { 'Content-Digest': digestHeader(piece.hash), 'Content-Type': 'application/octet-stream' },
    })
    if (answer.ok) {
      await this.shelf.drop(this.key, piece.n).catch(() => { // (1)
        throw new Again() // it is sent once more, which costs nothing
      })
      this.moved++
      this.by.onWay?.('going')
      return null
    }
    if (answer.status === 409) return this.known(house)
    if (answer.status === 404) return this.anew(piece)
    throw new Error(await sentenceIn(answer))
  }

  private async known(house: string): Promise<UploadResult> {
    const answer = await this.call(`/${house}`, {})
    const { result } = (await answer.json().catch(() => ({}))) as { result?: UploadResult & { whole?: boolean } }
    if (result?.whole) return result
    throw new Error('the house has another recording under this name')
  }

  // The house has forgotten it. With every piece still here it begins anew.
  private async anew(piece: Piece): Promise<null> {
    if (piece.n !== 0) throw new Error('the house has lost the beginning of this recording')
    await this.shelf.change(this.key, { house: '' })
    throw new Again()
  }

  private async end(house: string): Promise<UploadResult> {
    const hashes = await this.shelf.hashes(this.key)
    const body = { pieces: hashes.length, sha256: await listHash(hashes) }
    const answer = await this.post(`/${house}/end`, body, Math.max(end_patience_ms, this.by.patience_ms ?? 0))
    if (!answer.ok) throw new Error(await sentenceIn(answer))
    return this.done((await answer.json()) as UploadResult)
  }

  private async done(result: UploadResult): Promise<UploadResult> {
    await this.shelf.forget(this.key) // (3)
    return result
  }
}

async function sentenceIn(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string }
  return problem.detail ?? String(answer.status)
}
