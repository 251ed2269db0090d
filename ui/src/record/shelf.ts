// SPDX-License-Identifier: AGPL-3.0-or-later
// Where pieces lie until the house has them: in the browser's own store, which outlives the page. A
// piece is put there before anything is sent, and its bytes go only after the house has acknowledged
// them. Where the store is full or forbidden, memory stands in, and the recording goes on.

import type { Kind } from './choose'

export interface Told {
  kind: Kind
  mime: string
  device: string
  zone_min: number
  for: Record<string, unknown>
}

export interface Recording {
  key: string
  told: Told
  began: number
  took_ms: number // as far as pieces were put
  house: string // the id the house gave it, '' before
  ended: boolean
}

export interface Piece {
  n: number
  hash: string
  bytes: Uint8Array<ArrayBuffer>
}

export interface Shelf {
  list(): Promise<Recording[]>
  get(key: string): Promise<Recording | null>
  begin(recording: Recording): Promise<void>
  change(key: string, news: Partial<Recording>): Promise<void>
  add(key: string, piece: Piece, took_ms: number): Promise<void>
  first(key: string): Promise<Piece | null> // the earliest that waits
  drop(key: string, n: number): Promise<void> // acknowledged
  hashes(key: string): Promise<string[]> // of all pieces, sent or not, in order
  forget(key: string): Promise<void>
}

export class MemoryShelf implements Shelf {
  private recordings = new Map<string, Recording>()
  private waiting = new Map<string, Map<number, Piece>>()
  private all = new Map<string, string[]>()

  list = () => Promise.resolve([...this.recordings.values()])
  get = (key: string) => Promise.resolve(this.recordings.get(key) ?? null)

  begin(recording: Recording): Promise<void> {
    this.recordings.set(recording.key, recording)
    this.waiting.set(recording.key, new Map())
    this.all.set(recording.key, [])
    return Promise.resolve()
  }

  change(key: string, news: Partial<Recording>): Promise<void> {
    const before = this.recordings.get(key)
    if (before) this.recordings.set(key, { ...before, ...news })
    return Promise.resolve()
  }

  add(key: string, piece: Piece, took_ms: number): Promise<void> {
    this.waiting.get(key)?.set(piece.n, piece)
    const hashes = this.all.get(key)
    if (hashes) hashes[piece.n] = piece.hash
    return this.change(key, { took_ms })
  }

  first(key: string): Promise<Piece | null> {
    const pieces = [...(this.waiting.get(key)?.values() ?? [])]
    return Promise.resolve(pieces.reduce<Piece | null>((a, b) => (a && a.n < b.n ? a : b), null))
  }

  drop(key: string, n: number): Promise<void> {
    this.waiting.get(key)?.delete(n)
    return Promise.resolve()
  }

  hashes = (key: string) => Promise.resolve(this.all.get(key) ?? [])

  forget(key: string): Promise<void> {
    for (const map of [this.recordings, this.waiting, this.all]) map.delete(key)
    return Promise.resolve()
  }
}

// The first shelf, and the second for what the first cannot take.
export class SureShelf implements Shelf {
  constructor(
    private readonly safe: Shelf,
    private readonly spare: Shelf,
  ) {}

  async list(): Promise<Recording[]> {
    const [safe, spare] = await Promise.all([this.safe.list().catch((): Recording[] => []), this.spare.list()])
    return safe.concat(spare.filter((one) => !safe.some((other) => other.key === one.key)))
  }

  async get(key: string): Promise<Recording | null> {
    return (await this.safe.get(key).catch(() => null)) ?? this.spare.get(key)
  }

  async begin(recording: Recording): Promise<void> {
    await this.spare.begin(recording)
    await this.safe.begin(recording).catch(() => undefined)
  }

  async change(key: string, news: Partial<Recording>): Promise<void> {
    await this.spare.change(key, news)
    await this.safe.change(key, news).catch(() => undefined)
  }

  async add(key: string, piece: Piece, took_ms: number): Promise<void> {
    try {
      await this.safe.add(key, piece, took_ms)
    } catch {
      await this.spare.add(key, piece, took_ms)
    }
  }

  async first(key: string): Promise<Piece | null> {
    const [a, b] = await Promise.all([this.safe.first(key).catch(() => null), this.spare.first(key)])
    return a && b ? (a.n < b.n ? a : b) : (a ?? b)
  }

  async drop(key: string, n: number): Promise<void> {
    const inSpare = (await this.spare.first(key))?.n === n
    await (inSpare ? this.spare : this.safe).drop(key, n)
  }

  async hashes(key: string): Promise<string[]> {
    const [safe, spare] = await Promise.all([this.safe.hashes(key).catch((): string[] => []), this.spare.hashes(key)])
    return Array.from({ length: Math.max(safe.length, spare.length) }, (_, n) => safe[n] || spare[n] || '')
  }

  async forget(key: string): Promise<void> {
    await this.spare.forget(key)
    await this.safe.forget(key).catch(() => undefined)
  }
}
