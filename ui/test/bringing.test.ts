// SPDX-License-Identifier: AGPL-3.0-or-later
// An answer brought over a line that breaks, from a small, real house that counts what it sends.

import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { inARow, MemoryKeep, SureKeep, type Keep } from '../src/apart/keep'
import { isThin } from '../src/apart/thin'
import { Bringing, nextRange, part_bytes, partsHere, partsOf, sizeOf, tidy, type Way } from '../src/apart/bringing'

const film = (length: number, seed = 1) => Buffer.from(Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * seed) & 255))

class House {
  bytes = film(2 * part_bytes + 1000)
  tag = '"one"'
  status = 0 // instead of what would be answered
  share: number | null = null // while it is made
  cut = Infinity // bytes until the line breaks, once
  sent = 0
  asked: string[] = []
  private server = createServer((request, response) => this.answer(request, response))

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/small`
  }

  close(): void {
    this.server.closeAllConnections?.()
    this.server.close()
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
    this.asked.push(`${request.method} ${range?.[0] ?? ''}`.trim())
    if (this.status) return void response.writeHead(this.status).end()
    if (this.share !== null) return void response.writeHead(202).end(JSON.stringify({ share: this.share }))
    const whole = !range || (request.headers['if-range'] ?? this.tag) !== this.tag
    const [from, to] = whole ? [0, this.bytes.length - 1] : [Number(range[1]), Math.min(Number(range[2]), this.bytes.length - 1)]
    response.writeHead(whole ? 200 : 206, {
      ETag: this.tag, 'Content-Type': 'video/mp4', 'Content-Length': to - from + 1, 'Content-Range': `bytes ${from}-${to}/${this.bytes.length}`,
    })
    if (request.method === 'HEAD') return void response.end()
    void this.send(request, response, this.bytes.subarray(from, to + 1))
  }

  // Little by little, so that a break lands in the middle of a part.
  private async send(request: IncomingMessage, response: ServerResponse, bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += 8192) {
      if (request.socket.destroyed) return
      const sip = bytes.subarray(at, at + 8192)
      if ((this.cut -= sip.length) < 0) {
        this.cut = Infinity
        return void request.socket.destroy()
      }
      await new Promise((done) => response.write(sip, done))
      this.sent += sip.length
      await new Promise((done) => setTimeout(done, 1))
    }
    response.end()
  }
}

interface Told {
  ways: Way[]
  pauses: number[]
}

const bring = (at: string, keep: Keep, told: Told, onPause: () => void = () => undefined) =>
  new Bringing(at, {
    keep,
    onWay: (way) => told.ways.push(way),
    pause: (ms) => {
      told.pauses.push(ms)
      onPause()
      return Promise.resolve()
    },
  })

const states = (told: Told) => [...new Set(told.ways.map((way) => way.state))]
const last = (told: Told) => told.ways.at(-1)

async function fileOf(told: Told): Promise<Buffer> {
  const way = last(told)
  assert.ok(way?.state === 'whole', JSON.stringify(told.ways))
  return Buffer.from(await way.file.arrayBuffer())
}

async function withHouse(run: (house: House, at: string, told: Told) => Promise<void>): Promise<void> {
  const house = new House()
  const at = await house.open()
  try {
    await run(house, at, { ways: [], pauses: [] })
  } finally {
    house.close()
  }
}

test('parts: to the end of the one that was begun, the last is short', () => {
  const size = 2 * part_bytes + 10
  assert.equal(partsOf(size), 3)
  assert.equal(partsOf(part_bytes), 1)
  assert.deepEqual(nextRange(0, 0), [0, part_bytes - 1])
  assert.deepEqual(nextRange(100, size), [100, part_bytes - 1])
  assert.deepEqual(nextRange(part_bytes, size), [part_bytes, 2 * part_bytes - 1])
  assert.deepEqual(nextRange(2 * part_bytes, size), [2 * part_bytes, size - 1])
  assert.deepEqual([0, part_bytes - 1, part_bytes, size - 1, size].map((have) => partsHere(have, size)), [0, 0, 1, 2, 3])
  assert.equal(sizeOf('bytes 0-9/1234'), 1234)
  assert.equal(sizeOf('bytes */1234'), 0)
  assert.equal(sizeOf(null), 0)
})

test('only what follows on the bytes before counts', () => {
  const bit = (from: number, n: number) => ({ from, bytes: new Uint8Array(n) })
  assert.deepEqual(inARow([bit(4, 2), bit(0, 4), bit(9, 1)]).map((one) => one.from), [0, 4])
  assert.deepEqual(inARow([bit(1, 4)]), [])
})

test('it comes in parts, whole and right', () =>
  withHouse(async (house, at, told) => {
    await bring(at, new MemoryKeep(), told).run()
    assert.deepEqual(await fileOf(told), house.bytes)
    assert.deepEqual(house.asked, [`GET bytes=0-${part_bytes - 1}`, `GET bytes=${part_bytes}-${2 * part_bytes - 1}`, `GET bytes=${2 * part_bytes}-${house.bytes.length - 1}`])
    assert.deepEqual(told.ways.flatMap((way) => (way.state === 'coming' ? [way.here] : [])), [1, 2, 3])
    const way = last(told)
    assert.ok(way?.state === 'whole' && way.file.type === 'video/mp4')
  }))

test('a break costs no more than a sip, and the pauses grow while nothing comes', () =>
  withHouse(async (house, at, told) => {
    house.cut = part_bytes + 100_000
    await bring(at, new MemoryKeep(), told, () => {
      house.status = told.pauses.length < 4 ? 503 : 0
    }).run()
    assert.deepEqual(await fileOf(told), house.bytes)
    assert.ok(house.sent <= house.bytes.length + 32 * 1024, `${house.sent} of ${house.bytes.length}`)
    assert.deepEqual(told.pauses, [500, 1000, 2000, 4000])
    assert.ok(told.ways.some((way) => way.state === 'coming' && way.waits && way.here === 1))
  }))

test('after a reload it goes on from what is here', () =>
  withHouse(async (house, at, told) => {
    const keep = new MemoryKeep()
    house.cut = part_bytes + 100_000
    const first = bring(at, keep, { ways: [], pauses: [] }, () => first.stop())
    await first.run()
    const here = house.sent
    await bring(at, keep, told).run()
    assert.deepEqual(await fileOf(told), house.bytes)
    assert.match(house.asked.at(-2) ?? '', new RegExp(`-${2 * part_bytes - 1}$`))
    assert.ok(here > part_bytes && house.sent <= house.bytes.length + 32 * 1024)
    // Once more: the house is only asked whether it may still be.
    house.asked = []
    await bring(at, keep, told).run()
    assert.deepEqual(await fileOf(told), house.bytes)
    assert.deepEqual(house.asked, ['HEAD'])
  }))

test('whole, it plays without a line', () =>
  withHouse(async (house, at, told) => {
    const keep = new MemoryKeep()
    await bring(at, keep, told).run()
    house.close()
    await bring(at, keep, told).run()
    assert.deepEqual(await fileOf(told), house.bytes)
  }))

test('other bytes begin anew, half come or whole', () =>
  withHouse(async (house, at, told) => {
    const keep = new MemoryKeep()
    house.cut = part_bytes + 100_000
    const first = bring(at, keep, { ways: [], pauses: [] }, () => first.stop())
    await first.run()
    for (const tag of ['"two"', '"three"']) {
      house.tag = tag
      house.bytes = film(part_bytes + tag.length, tag.length)
      await bring(at, keep, told).run()
      assert.deepEqual(await fileOf(told), house.bytes)
      assert.equal((await keep.get(at))?.kept.tag, tag)
    }
  }))

test('while it is made the page is told how far it is, and asks again at an even pace', () =>
  withHouse(async (house, at, told) => {
    house.share = 0.25
    await bring(at, new MemoryKeep(), told, () => {
      if (told.pauses.length === 5) house.share = null
    }).run()
    assert.deepEqual(told.ways[0], { state: 'making', share: 0.25 })
    assert.deepEqual(told.pauses, [2000, 2000, 2000, 2000, 2000])
    assert.deepEqual(await fileOf(told), house.bytes)
  }))

for (const status of [401, 403, 404])
  test(`what is answered ${status} leaves the device at once, half come or whole`, () =>
    withHouse(async (house, at, told) => {
      for (const cut of [part_bytes + 100_000, Infinity]) {
        const keep = new MemoryKeep()
        Object.assign(house, { status: 0, cut })
        const first = bring(at, keep, { ways: [], pauses: [] }, () => first.stop())
        await first.run()
        assert.ok((await keep.get(at))?.bits.length)
        house.status = status
        await bring(at, keep, told).run()
        assert.equal(last(told)?.state, 'gone')
        assert.equal(await keep.get(at), null)
      }
    }))

test('what cannot be made small says so', () =>
  withHouse(async (house, at, told) => {
    house.status = 415
    await bring(at, new MemoryKeep(), told).run()
    assert.deepEqual(states(told), ['never'])
  }))

test('what is old goes, and what is no longer given; the rest stays, also without a line', () =>
  withHouse(async (house, at) => {
    const keep = new MemoryKeep()
    const day = 24 * 3600 * 1000
    const kept = { at, tag: '"one"', size: 9, mime: 'audio/mp4', began: 0 }
    await keep.begin(kept)
    await tidy({ keep, now: () => 60 * day })
    assert.ok(await keep.get(at))
    await tidy({ keep, now: () => 61 * day })
    assert.equal(await keep.get(at), null)
    await keep.begin(kept)
    house.status = 404
    await tidy({ keep, now: () => day })
    assert.equal(await keep.get(at), null)
    await keep.begin(kept)
    house.close()
    await tidy({ keep, now: () => day })
    assert.ok(await keep.get(at))
  }))

test('what was forgotten is not added to', async () => {
  const keep = new MemoryKeep()
  await keep.begin({ at: '/a', tag: '"t"', size: 4, mime: '', began: 0 })
  await keep.forget('/a')
  await keep.add('/a', { from: 0, bytes: new Uint8Array(4) })
  assert.equal(await keep.get('/a'), null)
})

test('a store that fills up, or never opens, gives way to memory', () =>
  withHouse(async (house, at, told) => {
    class Full extends MemoryKeep {
      left = 2
      override add(at: string, bit: { from: number; bytes: Uint8Array<ArrayBuffer> }): Promise<void> {
        return this.left-- > 0 ? super.add(at, bit) : Promise.reject(new Error('full'))
      }
    }
    const no = () => Promise.reject(new Error('no store'))
    const closed: Keep = { list: no, get: no, begin: no, add: no, forget: no }
    for (const safe of [new Full(), closed]) {
      const keep = new SureKeep(safe, new MemoryKeep())
      await bring(at, keep, told).run()
      assert.deepEqual(await fileOf(told), house.bytes)
      assert.equal((await keep.get(at))?.bits.reduce((n, bit) => n + bit.bytes.length, 0), house.bytes.length)
      assert.equal((await keep.list()).length, 1)
      await keep.forget(at)
      assert.equal(await keep.get(at), null)
    }
  }))

test('two answers come one after the other', () =>
  withHouse(async (_, at) => {
    const ways: string[] = []
    const keep = new MemoryKeep()
    const one = (name: string) => new Bringing(`${at}?${name}`, { keep, onWay: (way) => way.state === 'coming' && ways.push(name) })
    await Promise.all([one('a').run(), one('b').run()])
    assert.deepEqual(ways, ['a', 'a', 'a', 'b', 'b', 'b'])
  }))

test('the line is thin as somebody said, else as the browser measures', () => {
  assert.equal(isThin(null, undefined), false)
  assert.equal(isThin(null, { effectiveType: '4g' }), false)
  assert.equal(isThin(null, { effectiveType: '3g' }), true)
  assert.equal(isThin(null, { saveData: true, effectiveType: '4g' }), true)
  assert.equal(isThin('no', { saveData: true }), false)
  assert.equal(isThin('yes', undefined), true)
})
