// SPDX-License-Identifier: AGPL-3.0-or-later
// The shelf in IndexedDB: recordings, the pieces that wait, and the hashes of all pieces.

import { ask, Cellar, under } from '../base/idb'
import type { Piece, Recording, Shelf } from './shelf'

export class Cupboard implements Shelf {
  private readonly cellar = new Cellar('kinreel-recorder', ['recordings', 'waiting', 'hashes'] as const)

  list(): Promise<Recording[]> {
    return this.cellar.within('readonly', (of) => ask(of('recordings').getAll() as IDBRequest<Recording[]>))
  }

  get(key: string): Promise<Recording | null> {
    return this.cellar.within('readonly', async (of) => (await ask(of('recordings').get(key) as IDBRequest<Recording | undefined>)) ?? null)
  }

  begin(recording: Recording): Promise<void> {
    return this.cellar.within('readwrite', async (of) => void (await ask(of('recordings').put(recording, recording.key))))
  }

  change(key: string, news: Partial<Recording>): Promise<void> {
    return this.cellar.within('readwrite', async (of) => {
      const before = await ask(of('recordings').get(key) as IDBRequest<Recording | undefined>)
      if (before) await ask(of('recordings').put({ ...before, ...news }, key))
    })
  }

  add(key: string, piece: Piece, took_ms: number): Promise<void> {
    return this.cellar.within('readwrite', async (of) => {
      of('waiting').put(piece, [key, piece.n])
      of('hashes').put(piece.hash, [key, piece.n])
      const before = await ask(of('recordings').get(key) as IDBRequest<Recording | undefined>)
      if (before) of('recordings').put({ ...before, took_ms }, key)
    })
  }

  first(key: string): Promise<Piece | null> {
    return this.cellar.within('readonly', async (of) => {
      const cursor = await ask(of('waiting').openCursor(under(key)))
      return (cursor?.value as Piece | undefined) ?? null
    })
  }

  drop(key: string, n: number): Promise<void> {
    return this.cellar.within('readwrite', (of) => ask(of('waiting').delete([key, n])))
  }

  hashes(key: string): Promise<string[]> {
    return this.cellar.within('readonly', async (of) => {
      const keys = (await ask(of('hashes').getAllKeys(under(key)))) as [string, number][]
      const values = (await ask(of('hashes').getAll(under(key)))) as string[]
      const out: string[] = []
      keys.forEach(([, n], i) => (out[n] = values[i] as string))
      return out
    })
  }

  forget(key: string): Promise<void> {
    return this.cellar.within('readwrite', async (of) => {
      of('recordings').delete(key)
      of('waiting').delete(under(key))
      await ask(of('hashes').delete(under(key)))
    })
  }
}
