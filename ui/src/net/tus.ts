// SPDX-License-Identifier: AGPL-3.0-or-later
// Carries one file to the house by tus 1.0: create, ask how far it came, send the rest. A broken
// connection loses nothing that was acknowledged: it asks again and goes on from there.
// Promises:
//   (1) bytes are only sent from the offset the house itself named;
//   (2) after a reload, the same file goes on where it stopped, if the house still knows it;
//   (3) run() settles: with a result, with 'Stopped' after pause() or cancel(), or with 'Lost'.

import { toBase64 } from '../base/base64'
import { backoff } from './backoff'
import type { UploadResult } from './shapes'

export interface Cargo {
  name: string
  size: number
  lastModified: number
  slice(start: number, end: number): Blob
}

export interface Memory {
  get(key: string): string | null
  set(key: string, value: string): void
  forget(key: string): void
}

export interface Carriage {
  endpoint: string
  memory: Memory
  headers?: Record<string, string>
  onProgress?: (sent: number) => void
  onTrouble?: (waiting: boolean) => void
  wait?: (ms: number) => Promise<void>
  tries?: number // attempts in a row that move nothing, before giving up
}

export class Stopped extends Error {}
export class Lost extends Error {}
class Again extends Error {}

const first_chunk = 1 << 20
const least_chunk = 1 << 18
const most_chunk = 1 << 24
export function base64(text: string): string {
  return toBase64(new TextEncoder().encode(text))
}

export function keyOf(cargo: Cargo): string {
  return `tus:${cargo.name}:${cargo.size}:${cargo.lastModified}`
}

export function resultOf(header: string | null): UploadResult | null {
  if (!header) return null
  try {
    const said = JSON.parse(header) as Partial<UploadResult>
    if (said.status !== 'added' && said.status !== 'duplicate' && said.status !== 'refused') return null
    return { status: said.status, id: said.id ?? '', reason: said.reason ?? '', damaged: said.damaged ?? '' }
  } catch {
    return null
  }
}

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

export class Upload {
  private url = ''
  private offset = 0
  private chunk = first_chunk
  private stop = new AbortController()

  constructor(
    private readonly cargo: Cargo,
    private readonly by: Carriage,
  ) {}

  async run(): Promise<UploadResult> {
    this.stop = new AbortController()
    this.url ||= this.by.memory.get(keyOf(this.cargo)) ?? ''
    let idle = 0
    for (;;) {
      const before = this.offset
      try {
        return await this.attempt()
      } catch (cause) {
        if (this.stop.signal.aborted) throw new Stopped()
        if (!(cause instanceof Again)) throw cause
        idle = this.offset > before ? 0 : idle + 1
        if (idle > (this.by.tries ?? 12)) throw new Lost()
      }
      await this.rest(idle)
    }
  }

  pause(): void {
    this.stop.abort()
  }

  async cancel(): Promise<void> {
    this.stop.abort()
    this.by.memory.forget(keyOf(this.cargo))
    if (!this.url) return
    const url = this.url
    this.url = ''
    // The house forgets an abandoned upload by itself; asking is only courtesy.
    await fetch(url, { method: 'DELETE', headers: this.headers() }).catch(() => undefined)
  }

  private async rest(idle: number): Promise<void> {
    this.chunk = Math.max(least_chunk, this.chunk / 2)
    this.by.onTrouble?.(true)
    await (this.by.wait ?? sleep)(backoff(idle))
    if (this.stop.signal.aborted) throw new Stopped()
    this.by.onTrouble?.(false)
  }

  private headers(more: Record<string, string> = {}): Record<string, string> {
    return { ...this.by.headers, 'Tus-Resumable': '1.0.0', ...more }
  }

  private async call(url: string, init: RequestInit): Promise<Response> {
    let answer: Response
    try {
      answer = await fetch(url, { ...init, signal: this.stop.signal })
    } catch {
      throw new Again()
    }
    const passing = [408, 409, 423, 425, 429].includes(answer.status) || answer.status >= 500
    if (passing && answer.status !== 507) throw new Again()
    return answer
  }

  private async attempt(): Promise<UploadResult> {
    const known = this.url ? await this.ask() : null
    if (known) return known
    if (!this.url) {
      const refused = await this.create()
      if (refused) return refused
    }
    return this.sendAll()
  }

  // Where the house stands (1). A finished upload may answer with its result at once.
  private async ask(): Promise<UploadResult | null> {
    const answer = await this.call(this.url, { method: 'HEAD', headers: this.headers() })
    const offset = Number(answer.headers.get('Upload-Offset') ?? Number.NaN)
    if (!answer.ok || !Number.isInteger(offset) || offset < 0 || offset > this.cargo.size) {
      this.forget()
      return null
    }
    this.moved(offset)
    return this.finish(answer)
  }

  private async create(): Promise<UploadResult | null> {
    const told = [`filename ${base64(this.cargo.name)}`, `lastmodified ${base64(String(this.cargo.lastModified))}`]
    const answer = await this.call(this.by.endpoint, {
      method: 'POST',
      headers: this.headers({ 'Upload-Length': String(this.cargo.size), 'Upload-Metadata': told.join(',') }),
    })
    const place = answer.headers.get('Location')
    if (answer.status !== 201 || !place) return this.refused(answer)
    this.url = new URL(place, new URL(this.by.endpoint, globalThis.location?.href)).href
    this.by.memory.set(keyOf(this.cargo), this.url)
    this.moved(0)
    return null
  }

  private async sendAll(): Promise<UploadResult> {
    for (;;) {
      const began = Date.now()
      const end = Math.min(this.cargo.size, this.offset + this.chunk)
      const answer = await this.call(this.url, {
        method: 'PATCH',
        headers: this.headers({
          'Upload-Offset': String(this.offset),
          'Content-Type': 'application/offset+octet-stream',
        }),
        body: this.cargo.slice(this.offset, end),
      })
      if (answer.status === 404 || answer.status === 410) {
        this.forget()
        throw new Again()
      }
      if (!answer.ok) return this.refused(answer)
      this.moved(Number(answer.headers.get('Upload-Offset') ?? end))
      const done = this.finish(answer)
      if (done) return done
      if (this.offset >= this.cargo.size) throw new Again()
      if (Date.now() - began < 800) this.chunk = Math.min(most_chunk, this.chunk * 2)
    }
  }

  private finish(answer: Response): UploadResult | null {
    const result = resultOf(answer.headers.get('Kinreel-Result'))
    if (result) this.by.memory.forget(keyOf(this.cargo))
    return result
  }

  private async refused(answer: Response): Promise<UploadResult> {
    this.forget()
    const said = resultOf(answer.headers.get('Kinreel-Result'))
    if (said) return said
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string }
    return { status: 'refused', id: '', reason: problem.detail ?? String(answer.status), damaged: '' }
  }

  private forget(): void {
    this.by.memory.forget(keyOf(this.cargo))
    this.url = ''
    this.moved(0)
  }

  private moved(offset: number): void {
    this.offset = offset
    this.by.onProgress?.(offset)
  }
}
