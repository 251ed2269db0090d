// SPDX-License-Identifier: AGPL-3.0-or-later
// WebM made by hand: what a recorder writes, in portions of any size.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlockReader, elementAt, type Block } from '../src/record/webm'
import { Ring } from '../src/record/ring'
import { portions } from './portions'

const open = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
const size = (n: number) => [0x10 | (n >> 24), (n >> 16) & 255, (n >> 8) & 255, n & 255]
const element = (id: number[], body: number[]) => [...id, ...size(body.length), ...body]
const number = (n: number) => [(n >> 24) & 255, (n >> 16) & 255, (n >> 8) & 255, n & 255]

function head(film: boolean): number[] {
  const track = (n: number, type: number) => element([0xae], [...element([0xd7], [n]), ...element([0x83], [type])])
  const tracks = film ? [...track(1, 2), ...track(2, 1)] : track(1, 2)
  return [
    ...element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], [0x77, 0x65, 0x62, 0x6d])),
    ...[0x18, 0x53, 0x80, 0x67, ...open],
    ...element([0x15, 0x49, 0xa9, 0x66], element([0x2a, 0xd7, 0xb1], [0x0f, 0x42, 0x40])),
    ...element([0x16, 0x54, 0xae, 0x6b], tracks),
  ]
}

const cluster = (at: number) => [0x1f, 0x43, 0xb6, 0x75, ...open, ...element([0xe7], number(at))]
const simple = (track: number, beside: number, key: boolean, tag: number) =>
  element([0xa3], [0x80 | track, (beside >> 8) & 255, beside & 255, key ? 0x80 : 0, tag, tag, tag])
const grouped = (track: number, beside: number, key: boolean, tag: number) =>
  element([0xa0], [...element([0xa1], [0x80 | track, (beside >> 8) & 255, beside & 255, 0, tag]), ...(key ? [] : element([0xfb], [1]))])

// Ten blocks of sound a second; in a film five pictures too, a key frame every three seconds.
function recording(seconds: number, film: boolean): Uint8Array {
  const bytes = head(film)
  for (let tick = 0; tick < seconds * 10; tick++) {
    const at = tick * 100
    if (tick % 30 === 0) bytes.push(...cluster(at))
    const beside = (tick % 30) * 100
    if (film && tick % 2 === 0) bytes.push(...simple(2, beside, tick % 30 === 0, 200))
    bytes.push(...(tick % 7 === 3 ? grouped(1, beside, true, tick & 127) : simple(1, beside, true, tick & 127)))
  }
  return Uint8Array.from(bytes)
}

function read(bytes: readonly Uint8Array[]): { blocks: Block[]; reader: BlockReader } {
  const reader = new BlockReader()
  return { blocks: bytes.flatMap((one) => reader.push(one)), reader }
}

test('blocks come out whole and with their time, however the bytes were cut', () => {
  const whole = recording(4, true)
  for (const most of [1, 5, 64, 100_000]) {
    const { blocks, reader } = read([...portions(whole, most)])
    assert.equal(blocks.length, 60)
    assert.deepEqual(blocks.map((one) => one.at), [...blocks.map((one) => one.at)].sort((a, b) => a - b))
    assert.equal(blocks[blocks.length - 1]?.at, 3900)
    assert.equal(blocks.filter((one) => one.video && one.key).length, 2)
    assert.deepEqual([...(reader.head ?? [])], head(true))
  }
})

test('while it only listens nothing comes out; kept, the last seconds and all that follows do', () => {
  const ring = new Ring(5, new BlockReader())
  const whole = recording(30, false)
  const half = Math.floor(whole.length / 2)
  for (const part of portions(whole.slice(0, half), 900)) assert.equal(ring.take(part), null)
  assert.ok(ring.heldMs >= 4900 && ring.heldMs <= 5200, String(ring.heldMs))
  const held = ring.heldMs
  const out = ring.keep()
  assert.ok(out.length >= 5) // about a second each
  for (const part of portions(whole.slice(half), 900)) {
    const more = ring.take(part)
    if (more) out.push(more)
  }
  const { blocks } = read(out)
  const before = read([whole]).blocks
  assert.equal(blocks[0]?.at, 0) // counted from its own beginning
  assert.equal(blocks.length, before.filter((one) => one.at >= (before[before.length - 1] as Block).at - (blocks[blocks.length - 1] as Block).at).length)
  assert.ok((blocks[blocks.length - 1] as Block).at > held + 14_000)
  // Not one block is lost or changed but for its time.
  const tail = before.slice(-blocks.length)
  blocks.forEach((one, i) => {
    const was = tail[i] as Block
    assert.equal(one.at - (blocks[0] as Block).at, was.at - (tail[0] as Block).at)
    assert.equal(one.body[one.body.length - 1], was.body[was.body.length - 1])
  })
})

test('a film is kept from a key frame on, and from no later than was asked', () => {
  const ring = new Ring(4, new BlockReader())
  for (const part of portions(recording(20, true), 500)) ring.take(part)
  const { blocks } = read(ring.keep())
  assert.ok(blocks[0]?.video && blocks[0].key)
  const length = (blocks[blocks.length - 1] as Block).at
  assert.ok(length >= 4000 && length <= 7100, String(length))
})

test('less than was asked is kept whole', () => {
  const ring = new Ring(20, new BlockReader())
  ring.take(recording(3, true))
  assert.equal(read(ring.keep()).blocks.length, 45)
})

test('pressed before anything came, all that comes is kept', () => {
  const ring = new Ring(20, new BlockReader())
  const whole = recording(3, true)
  ring.take(whole.slice(0, 30))
  assert.deepEqual(ring.keep(), [])
  const out = [...portions(whole.slice(30), 300)].map((part) => ring.take(part)).filter((one) => one !== null)
  assert.equal(read(out).blocks.length, 45)
})

test('what is no WebM is refused, not guessed at', () => {
  assert.throws(() => new Ring(20, new BlockReader()).take(Uint8Array.from({ length: 100 }, () => 0)))
  assert.equal(elementAt(Uint8Array.of(0x1a), 0), null)
})
