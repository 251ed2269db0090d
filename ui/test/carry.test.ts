// SPDX-License-Identifier: AGPL-3.0-or-later
// A recording carried to a real, small, unreliable house, while it is made and afterwards.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { Carrier, digestHeader, Lost, Stopped, type Way } from '../src/record/carry'
import { MemoryShelf, SureShelf, type Piece, type Recording } from '../src/record/shelf'

const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

class House {
  pieces = new Map<number, Buffer>()
  calls: string[] = []
  result: object | null = null
  begun = 0
  forgotten = false
  // What happens to the n-th call: true breaks the line before, false after the work was done.
  breaks = (_call: number): 'before' | 'after' | number | null => null
  private server = createServer((request, response) => void this.answer(request, response))

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/recordings`
  }

  close(): void {
    this.server.closeAllConnections?.()
    this.server.close()
  }

  get whole(): Buffer {
    return Buffer.concat([...this.pieces.entries()].sort(([a], [b]) => a - b).map(([, bytes]) => bytes))
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    const how = this.breaks(this.calls.length)
    const path = (request.url ?? '').replace('/recordings', '')
    this.calls.push(`${request.method} ${path}`)
    if (how === 'before') return void request.socket.destroy()
    if (typeof how === 'number') return void response.writeHead(how).end('{"detail":"not now"}')
    const [status, body] = this.work(request, path, Buffer.concat(parts))
    if (how === 'after') return void request.socket.destroy()
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(body ? JSON.stringify(body) : undefined)
  }

  private work(request: IncomingMessage, path: string, bytes: Buffer): [number, object | null] {
    if (path === '') {
      this.begun++
      this.forgotten = false
      return [201, { id: 'h1' }]
    }
    if (this.forgotten) return [404, {}]
    const n = Number(/pieces\/(\d+)$/.exec(path)?.[1] ?? Number.NaN)
    if (request.method === 'PUT') {
      if (request.headers['content-digest'] !== digestHeader(sha(bytes))) return [422, {}]
      if (this.result) return [409, {}]
      this.pieces.set(n, bytes)
      return [204, null]
    }
    if (request.method === 'GET') return [200, { id: 'h1', result: this.result }]
    return this.end(JSON.parse(bytes.toString()) as { pieces: number; sha256: string })
  }

  private end(said: { pieces: number; sha256: string }): [number, object] {
    const hashes = [...this.pieces.entries()].sort(([a], [b]) => a - b).map(([, bytes]) => sha(bytes) + '\n')
    if (said.pieces !== this.pieces.size || said.sha256 !== sha(hashes.join(''))) return [409, { detail: 'lack' }]
    this.result = { status: 'added', id: 'item1', reason: '', damaged: '', whole: true }
    return [200, this.result]
  }
}

const told = { kind: 'sound', mime: 'audio/webm', device: '', zone_min: 0, for: {} } as const
const recording: Recording = { key: 'r', told, began: 0, took_ms: 0, house: '', ended: false }

function pieceOf(n: number): Piece {
  const bytes = Uint8Array.from({ length: 500 + n }, (_, i) => (i * 3 + n) & 255)
  return { n, hash: sha(bytes), bytes }
}

const all = (n: number) => Buffer.concat(Array.from({ length: n }, (_, i) => Buffer.from(pieceOf(i).bytes)))
const atOnce = () => Promise.resolve()

async function scene(run: (house: House, endpoint: string, shelf: MemoryShelf) => Promise<void>): Promise<void> {
  const house = new House()
  const endpoint = await house.open()
  const shelf = new MemoryShelf()
  await shelf.begin(recording)
  try {
    await run(house, endpoint, shelf)
  } finally {
    house.close()
  }
}

async function fill(shelf: MemoryShelf, n: number): Promise<void> {
  for (let i = 0; i < n; i++) await shelf.add('r', pieceOf(i), i * 750)
  await shelf.change('r', { ended: true })
}

test('pieces go while they are made, and leave the shelf when acknowledged', () =>
  scene(async (house, endpoint, shelf) => {
    const carrier = new Carrier(shelf, 'r', { endpoint, wait: atOnce })
    const result = carrier.run()
    for (let n = 0; n < 5; n++) {
      await shelf.add('r', pieceOf(n), n)
      carrier.nudge()
      for (let waited = 0; waited < 5000 && (await shelf.first('r')); waited += 10) await new Promise((done) => setTimeout(done, 10))
      assert.equal(await shelf.first('r'), null)
      assert.equal(house.pieces.size, n + 1)
    }
    await shelf.change('r', { ended: true })
    carrier.nudge()
    assert.equal((await result).id, 'item1')
    assert.ok(house.whole.equals(all(5)))
    assert.deepEqual(await shelf.list(), [])
  }))

test('whatever call breaks, before or after its work, everything arrives once', () =>
  scene(async (_house, _endpoint) => {
    for (const how of ['before', 'after', 500, 423] as const)
      for (let at = 0; at < 7; at++)
        await scene(async (house, endpoint, shelf) => {
          await fill(shelf, 4)
          house.breaks = (call) => (call === at ? how : null)
          const result = await new Carrier(shelf, 'r', { endpoint, wait: atOnce }).run()
          assert.equal(result.id, 'item1', `${how} ${at}`)
          assert.ok(house.whole.equals(all(4)), `${how} ${at}`)
          assert.deepEqual(await shelf.list(), [])
        })
  }))

test('a full house is waited for, and nothing leaves the shelf', () =>
  scene(async (house, endpoint, shelf) => {
    await fill(shelf, 3)
    const ways: Way[] = []
    house.breaks = (call) => (call > 1 && call < 6 ? 507 : null)
    const carrier = new Carrier(shelf, 'r', {
      endpoint,
      onWay: (way) => ways.push(way),
      wait: async () => assert.ok(await shelf.first('r')),
    })
    assert.equal((await carrier.run()).status, 'added')
    assert.ok(ways.includes('full'))
    assert.ok(house.whole.equals(all(3)))
  }))

test('a new tab goes on where the old one was killed', () =>
  scene(async (house, endpoint, shelf) => {
    await fill(shelf, 6)
    house.breaks = (call) => (call >= 3 ? 'before' : null)
    await assert.rejects(new Carrier(shelf, 'r', { endpoint, wait: atOnce, tries: 2 }).run(), Lost)
    assert.equal((await shelf.first('r'))?.n, 2)
    house.breaks = () => null
    assert.equal((await new Carrier(shelf, 'r', { endpoint, wait: atOnce }).run()).id, 'item1')
    assert.equal(house.begun, 1)
    assert.ok(house.whole.equals(all(6)))
  }))

test('a house that has forgotten it hears it anew, if all of it is still here', () =>
  scene(async (house, endpoint, shelf) => {
    await fill(shelf, 2)
    await shelf.change('r', { house: 'h0' })
    house.forgotten = true
    assert.equal((await new Carrier(shelf, 'r', { endpoint, wait: atOnce }).run()).id, 'item1')
    assert.equal(house.begun, 1)
  }))

test('what the house has already made an item is not sent again', () =>
  scene(async (house, endpoint, shelf) => {
    await fill(shelf, 2)
    house.result = { status: 'added', id: 'item9', reason: '', damaged: '', whole: true }
    assert.equal((await new Carrier(shelf, 'r', { endpoint, wait: atOnce }).run()).id, 'item9')
  }))

test('stopping stops, and leaves everything on the shelf', () =>
  scene(async (house, endpoint, shelf) => {
    await fill(shelf, 2)
    house.breaks = () => 'before'
    const carrier = new Carrier(shelf, 'r', { endpoint })
    const result = carrier.run()
    setTimeout(() => carrier.stop(), 20)
    await assert.rejects(result, Stopped)
    assert.equal((await shelf.first('r'))?.n, 0)
  }))

test('where the first shelf is full the second stands in, and the order stays', async () => {
  class Full extends MemoryShelf {
    override add(key: string, piece: Piece, took_ms: number): Promise<void> {
      return piece.n % 2 === 1 ? Promise.reject(new Error('full')) : super.add(key, piece, took_ms)
    }
  }
  const shelf = new SureShelf(new Full(), new MemoryShelf())
  await shelf.begin(recording)
  for (let n = 0; n < 4; n++) await shelf.add('r', pieceOf(n), n)
  assert.deepEqual(await shelf.hashes('r'), [0, 1, 2, 3].map((n) => pieceOf(n).hash))
  for (let n = 0; n < 4; n++) {
    assert.equal((await shelf.first('r'))?.n, n)
    await shelf.drop('r', n)
  }
  assert.equal(await shelf.first('r'), null)
  assert.equal((await shelf.list()).length, 1)
})
