// SPDX-License-Identifier: AGPL-3.0-or-later
// The shelf in IndexedDB: recordings, the pieces that wait, and the hashes of all pieces.

import type { Piece, Recording, Shelf } from './shelf'

const name = 'kinreel-recorder'
const stores = ['recordings', 'waiting', 'hashes'] as const

function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error ?? new Error('the store does not answer'))
  })
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => stores.forEach((store) => request.result.createObjectStore(store))
  return ask(request)
}

const all = (key: string) => IDBKeyRange.bound([key], [key, []])

export class Cupboard implements Shelf {
  private db: Promise<IDBDatabase> | null = null

  // Runs `act` in one transaction, and waits until that is on the disk.
  private async within<T>(mode: IDBTransactionMode, act: (of: (store: (typeof stores)[number]) => IDBObjectStore) => Promise<T>): Promise<T> {
    this.db ??= open()
    const db = await this.db.catch((cause: unknown) => {
      this.db = null
      throw cause
    })
    const transaction = db.transaction(stores, mode, { durability: 'strict' })
    const over = new Promise<void>((done, failed) => {
      transaction.oncomplete = () => done()
      transaction.onabort = () => failed(transaction.error ?? new Error('the store is full'))
    })
    over.catch(() => undefined) // told below, or by `act`
    const result = await act((store) => transaction.objectStore(store))
    await over
    return result
  }

  list(): Promise<Recording[]> {
    return this.within('readonly', (of) => ask(of('recordings').getAll() as IDBRequest<Recording[]>))
  }

  get(key: string): Promise<Recording | null> {
    return this.within('readonly', async (of) => (await ask(of('recordings').get(key) as IDBRequest<Recording | undefined>)) ?? null)
  }

  begin(recording: Recording): Promise<void> {
    return this.within('readwrite', async (of) => void (await ask(of('recordings').put(recording, recording.key))))
  }

  change(key: string, news: Partial<Recording>): Promise<void> {
    return this.within('readwrite', async (of) => {
      const before = await ask(of('recordings').get(key) as IDBRequest<Recording | undefined>)
      if (before) await ask(of('recordings').put({ ...before, ...news }, key))
    })
  }

  add(key: string, piece: Piece, took_ms: number): Promise<void> {
    return this.within('readwrite', async (of) => {
      of('waiting').put(piece, [key, piece.n])
      of('hashes').put(piece.hash, [key, piece.n])
      const before = await ask(of('recordings').get(key) as IDBRequest<Recording | undefined>)
      if (before) of('recordings').put({ ...before, took_ms }, key)
    })
  }

  first(key: string): Promise<Piece | null> {
    return this.within('readonly', async (of) => {
      const cursor = await ask(of('waiting').openCursor(all(key)))
      return (cursor?.value as Piece | undefined) ?? null
    })
  }

  drop(key: string, n: number): Promise<void> {
    return this.within('readwrite', (of) => ask(of('waiting').delete([key, n])))
  }

  hashes(key: string): Promise<string[]> {
    return this.within('readonly', async (of) => {
      const keys = (await ask(of('hashes').getAllKeys(all(key)))) as [string, number][]
      const values = (await ask(of('hashes').getAll(all(key)))) as string[]
      const out: string[] = []
      keys.forEach(([, n], i) => (out[n] = values[i] as string))
      return out
    })
  }

  forget(key: string): Promise<void> {
    return this.within('readwrite', async (of) => {
      of('recordings').delete(key)
      of('waiting').delete(all(key))
      await ask(of('hashes').delete(all(key)))
    })
  }
}
