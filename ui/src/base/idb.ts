// SPDX-License-Identifier: AGPL-3.0-or-later
// The browser's own store, which outlives the page: one database, a few plain stores in it.

export function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error ?? new Error('the store does not answer'))
  })
}

// All entries under [key, …].
export const under = (key: string) => IDBKeyRange.bound([key], [key, []])

export class Cellar<Store extends string> {
  private db: Promise<IDBDatabase> | null = null

  constructor(
    private readonly name: string,
    private readonly stores: readonly Store[],
  ) {}

  private open(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.name, 1)
    request.onupgradeneeded = () => this.stores.forEach((store) => request.result.createObjectStore(store))
    return ask(request)
  }

  // Runs `act` in one transaction, and waits until that is on the disk.
  async within<T>(mode: IDBTransactionMode, act: (of: (store: Store) => IDBObjectStore) => Promise<T>): Promise<T> {
    this.db ??= this.open()
    const db = await this.db.catch((cause: unknown) => {
      this.db = null
      throw cause
    })
    const transaction = db.transaction(this.stores, mode, { durability: 'strict' })
    const over = new Promise<void>((done, failed) => {
      transaction.oncomplete = () => done()
      transaction.onabort = () => failed(transaction.error ?? new Error('the store is full'))
    })
    over.catch(() => undefined) // told below, or by `act`
    const result = await act((store) => transaction.objectStore(store))
    await over
    return result
  }
}
