// SPDX-License-Identifier: AGPL-3.0-or-later
// Where answers lie on this device as they come, part by part: in the browser's own store, or in memory
// where there is none or it is full.

import { ask, Cellar, under } from '../base/idb'

export interface Kept {
  at: string // its address in the house
  tag: string // the ETag of the very bytes that are kept
  size: number
  mime: string
  began: number // ms
}

export interface Bit {
  from: number // of the file
  bytes: Uint8Array<ArrayBuffer>
}

export interface Whatever {
  kept: Kept
  bits: Bit[] // from 0 on without a gap
}

export interface Keep {
  list(): Promise<Kept[]>
  get(at: string): Promise<Whatever | null>
  begin(kept: Kept): Promise<void> // what was kept of it before goes
  add(at: string, bit: Bit): Promise<void> // nothing happens where it was forgotten meanwhile
  forget(at: string): Promise<void>
}

// As far as they follow on each other.
export function inARow(bits: readonly Bit[]): Bit[] {
  let next = 0
  return [...bits]
    .sort((a, b) => a.from - b.from)
    .filter((bit) => {
      if (bit.from !== next) return false
      next += bit.bytes.length
      return true
    })
}

export class MemoryKeep implements Keep {
  private all = new Map<string, Whatever>()

  list = () => Promise.resolve([...this.all.values()].map((one) => one.kept))
  get = (at: string) => Promise.resolve(this.all.get(at) ?? null)

  begin(kept: Kept): Promise<void> {
    this.all.set(kept.at, { kept, bits: [] })
    return Promise.resolve()
  }

  add(at: string, bit: Bit): Promise<void> {
    this.all.get(at)?.bits.push(bit)
    return Promise.resolve()
  }

  forget(at: string): Promise<void> {
    this.all.delete(at)
    return Promise.resolve()
  }
}

export class Drawer implements Keep {
  private readonly cellar = new Cellar('kinreel-answers', ['answers', 'bits'] as const)

  list(): Promise<Kept[]> {
    return this.cellar.within('readonly', (of) => ask(of('answers').getAll() as IDBRequest<Kept[]>))
  }

  get(at: string): Promise<Whatever | null> {
    return this.cellar.within('readonly', async (of) => {
      const [kept, bits] = await Promise.all([
        ask(of('answers').get(at) as IDBRequest<Kept | undefined>),
        ask(of('bits').getAll(under(at)) as IDBRequest<Bit[]>),
      ])
      return kept ? { kept, bits: inARow(bits) } : null
    })
  }

  begin(kept: Kept): Promise<void> {
    return this.cellar.within('readwrite', async (of) => {
      of('bits').delete(under(kept.at))
      await ask(of('answers').put(kept, kept.at))
    })
  }

  add(at: string, bit: Bit): Promise<void> {
    return this.cellar.within('readwrite', async (of) => {
      if (await ask(of('answers').getKey(at))) await ask(of('bits').put(bit, [at, bit.from]))
    })
  }

  forget(at: string): Promise<void> {
    return this.cellar.within('readwrite', async (of) => {
      of('answers').delete(at)
      await ask(of('bits').delete(under(at)))
    })
  }
}

// The first, and the second for what the first cannot take.
export class SureKeep implements Keep {
  constructor(
    private readonly safe: Keep,
    private readonly spare: Keep,
  ) {}

  async list(): Promise<Kept[]> {
    const [safe, spare] = await Promise.all([this.safe.list().catch((): Kept[] => []), this.spare.list()])
    return safe.concat(spare.filter((one) => !safe.some((other) => other.at === one.at)))
  }

  async get(at: string): Promise<Whatever | null> {
    const [safe, spare] = await Promise.all([this.safe.get(at).catch(() => null), this.spare.get(at)])
    const kept = safe?.kept ?? spare?.kept
    return kept ? { kept, bits: inARow([...(safe?.bits ?? []), ...(spare?.bits ?? [])]) } : null
  }

  async begin(kept: Kept): Promise<void> {
    await this.spare.begin(kept)
    await this.safe.begin(kept).catch(() => undefined)
  }

  async add(at: string, bit: Bit): Promise<void> {
    await this.safe.add(at, bit).catch(() => this.spare.add(at, bit))
  }

  async forget(at: string): Promise<void> {
    await this.spare.forget(at)
    await this.safe.forget(at).catch(() => undefined)
  }
}
