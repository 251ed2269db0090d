// SPDX-License-Identifier: AGPL-3.0-or-later
// One file carried to a real, small, unreliable server.

import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { backoff } from '../src/net/backoff'
import { base64, keyOf, Lost, resultOf, Stopped, Upload, type Cargo, type Memory } from '../src/net/tus'

class House {
  bytes = Buffer.alloc(0)
  length = -1
  calls: string[] = []
  patches = 0
  gone = false
  name = ''
  cutAt = (_patch: number): number => Infinity
  statusAt = (_patch: number): number => 204
  silentEnd = false
  private server: Server

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response))
  }

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/uploads`
  }

  close(): void {
    this.server.closeAllConnections?.()
    this.server.close()
  }

  private result(): Record<string, string> {
    const whole = this.bytes.length === this.length && !this.silentEnd
    return whole ? { 'Kinreel-Result': '{"status":"added","id":"x1","reason":"","damaged":""}' } : {}
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? ''
    this.calls.push(method)
    if (method === 'POST') return this.create(request, response)
    if (this.gone || this.length < 0) return void response.writeHead(404).end()
    if (method === 'DELETE') {
      this.gone = true
      return void response.writeHead(204).end()
    }
    if (method === 'PATCH') return this.patch(request, response)
    response.writeHead(200, { 'Upload-Offset': String(this.bytes.length), ...this.result() }).end()
  }

  private create(request: IncomingMessage, response: ServerResponse): void {
    this.gone = false
    this.bytes = Buffer.alloc(0)
    this.length = Number(request.headers['upload-length'])
    const told = /filename ([^,]+)/.exec(String(request.headers['upload-metadata']))?.[1] ?? ''
    this.name = Buffer.from(told, 'base64').toString()
    response.writeHead(201, { Location: '/uploads/u1' }).end()
  }

  private async patch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const patch = this.patches++
    if (Number(request.headers['upload-offset']) !== this.bytes.length) return void response.writeHead(409).end()
    const most = this.cutAt(patch)
    let got = 0
    for await (const part of request as AsyncIterable<Buffer>) {
      const room = Math.min(part.length, most - got)
      this.bytes = Buffer.concat([this.bytes, part.subarray(0, room)])
      got += room
      if (got >= most) {
        request.socket.destroy()
        return
      }
    }
    const status = this.statusAt(patch)
    response.writeHead(status, { 'Upload-Offset': String(this.bytes.length), ...this.result() })
    response.end(status === 413 ? '{"detail":"too large"}' : undefined)
  }
}

class Notes implements Memory {
  kept = new Map<string, string>()
  get = (key: string) => this.kept.get(key) ?? null
  set = (key: string, value: string) => void this.kept.set(key, value)
  forget = (key: string) => void this.kept.delete(key)
}

function cargoOf(size: number): Cargo & { bytes: Buffer } {
  const bytes = Buffer.alloc(size)
  for (let i = 0; i < size; i++) bytes[i] = (i * 7 + (i >> 8)) & 255
  const slice = (start: number, end: number) => new Blob([bytes.subarray(start, end)])
  return { name: '老屋.jpg', size, lastModified: 1700000000000, slice, bytes }
}

async function scene(run: (house: House, endpoint: string, notes: Notes) => Promise<void>): Promise<void> {
  const house = new House()
  const endpoint = await house.open()
  try {
    await run(house, endpoint, new Notes())
  } finally {
    house.close()
  }
}

const atOnce = () => Promise.resolve()

test('a file arrives whole, in chunks, with its name', () =>
  scene(async (house, endpoint, memory) => {
    const cargo = cargoOf(5_000_000)
    const seen: number[] = []
    const upload = new Upload(cargo, { endpoint, memory, wait: atOnce, onProgress: (sent) => seen.push(sent) })
    assert.deepEqual(await upload.run(), { status: 'added', id: 'x1', reason: '', damaged: '' })
    assert.ok(house.bytes.equals(cargo.bytes))
    assert.equal(house.name, '老屋.jpg')
    assert.ok(house.patches > 1)
    assert.deepEqual(seen, [...seen].sort((a, b) => a - b))
    assert.equal(memory.kept.size, 0)
  }))

test('after a cut it asks where it stands and goes on from there', () =>
  scene(async (house, endpoint, memory) => {
    const cargo = cargoOf(3_000_000)
    house.cutAt = (patch) => (patch % 2 === 0 ? 70_000 : Infinity)
    const troubles: boolean[] = []
    const upload = new Upload(cargo, { endpoint, memory, wait: atOnce, onTrouble: (waiting) => troubles.push(waiting) })
    assert.equal((await upload.run()).status, 'added')
    assert.ok(house.bytes.equals(cargo.bytes))
    assert.equal(house.calls.filter((call) => call === 'POST').length, 1)
    assert.ok(house.calls.includes('HEAD'))
    assert.equal(troubles[0], true)
    assert.equal(troubles[troubles.length - 1], false)
  }))

test('after a reload the same file goes on where it stopped', () =>
  scene(async (house, endpoint, memory) => {
    const cargo = cargoOf(2_500_000)
    house.cutAt = () => 200_000
    await assert.rejects(new Upload(cargo, { endpoint, memory, wait: atOnce, tries: 0 }).run(), Lost)
    const before = house.bytes.length
    assert.ok(before > 0 && memory.get(keyOf(cargo)))
    house.cutAt = () => Infinity
    assert.equal((await new Upload(cargo, { endpoint, memory, wait: atOnce }).run()).status, 'added')
    assert.ok(house.bytes.equals(cargo.bytes))
    assert.equal(house.calls.filter((call) => call === 'POST').length, 1)
  }))

test('an upload the house has forgotten begins anew', () =>
  scene(async (house, endpoint, memory) => {
    const cargo = cargoOf(400_000)
    memory.set(keyOf(cargo), endpoint + '/u0')
    assert.equal((await new Upload(cargo, { endpoint, memory, wait: atOnce }).run()).status, 'added')
    assert.deepEqual(house.calls, ['HEAD', 'POST', 'PATCH'])
  }))

test('when only the last answer was lost, the result is fetched, not sent again', () =>
  scene(async (house, endpoint, memory) => {
    const cargo = cargoOf(300_000)
    house.cutAt = () => 300_000
    assert.equal((await new Upload(cargo, { endpoint, memory, wait: atOnce }).run()).id, 'x1')
    assert.equal(house.patches, 1)
  }))

test('pause stops, and running again goes on', () =>
  scene(async (house, endpoint, memory) => {
    const cargo = cargoOf(6_000_000)
    let upload: Upload
    let paused = false
    const onProgress = (sent: number) => {
      if (sent > 0 && !paused) {
        paused = true
        upload.pause()
      }
    }
    upload = new Upload(cargo, { endpoint, memory, wait: atOnce, onProgress })
    await assert.rejects(upload.run(), Stopped)
    assert.ok(house.bytes.length < cargo.size)
    assert.equal((await upload.run()).status, 'added')
    assert.ok(house.bytes.equals(cargo.bytes))
  }))

test('cancel tells the house to forget it', () =>
  scene(async (house, endpoint, memory) => {
    const cargo = cargoOf(900_000)
    house.cutAt = (patch) => (patch === 0 ? 100 : 0)
    await assert.rejects(new Upload(cargo, { endpoint, memory, wait: atOnce, tries: 0 }).run(), Lost)
    const upload = new Upload(cargo, { endpoint, memory, wait: atOnce, tries: 0 })
    await assert.rejects(upload.run(), Lost)
    await upload.cancel()
    assert.ok(house.gone)
    assert.equal(memory.kept.size, 0)
  }))

test('a busy house is waited for, a refusing one is believed', async () => {
  await scene(async (house, endpoint, memory) => {
    house.statusAt = (patch) => (patch === 0 ? 503 : 204)
    assert.equal((await new Upload(cargoOf(100_000), { endpoint, memory, wait: atOnce }).run()).status, 'added')
  })
  await scene(async (house, endpoint, memory) => {
    house.statusAt = () => 413
    house.silentEnd = true
    const result = await new Upload(cargoOf(100_000), { endpoint, memory, wait: atOnce }).run()
    assert.deepEqual(result, { status: 'refused', id: '', reason: 'too large', damaged: '' })
  })
})

test('it gives up in the end, and says so', async () => {
  const notes = new Notes()
  const waits: number[] = []
  const wait = (ms: number) => {
    waits.push(ms)
    return Promise.resolve()
  }
  const upload = new Upload(cargoOf(10), { endpoint: 'http://127.0.0.1:9/uploads', memory: notes, wait, tries: 4 })
  await assert.rejects(upload.run(), Lost)
  assert.equal(waits.length, 4)
  assert.deepEqual(waits, [...waits].sort((a, b) => a - b))
})

test('small things', () => {
  assert.equal(backoff(0), 500)
  assert.equal(backoff(20), 30_000)
  assert.equal(base64('家'), Buffer.from('家').toString('base64'))
  assert.equal(resultOf('{"status":"eaten"}'), null)
  assert.equal(resultOf('not json'), null)
  assert.equal(resultOf('{"status":"refused","reason":"\\u574f"}')?.reason, '坏')
})
