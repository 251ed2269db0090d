// SPDX-License-Identifier: AGPL-3.0-or-later
// MP4 in fragments made by hand: what a recorder writes that knows no WebM.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FragmentReader, type Fragment } from '../src/record/mp4'
import { canHold, Ring, ringFor } from '../src/record/ring'
import { portions } from './portions'

const word = (n: number) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]
const long = (n: number) => [...word(Math.floor(n / 2 ** 32)), ...word(n)]
const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0))
const box = (type: string, ...parts: number[][]) => [...word(8 + parts.reduce((sum, part) => sum + part.length, 0)), ...letters(type), ...parts.flat()]
const zeros = (n: number) => Array.from({ length: n }, () => 0)

const sound_scale = 48_000
const film_scale = 20_000

function trak(id: number, scale: number, kind: string): number[] {
  const about = box('tkhd', word(0), zeros(8), word(id), zeros(68))
  const clock = box('mdhd', word(0), zeros(8), word(scale), zeros(8))
  return box('trak', about, box('mdia', clock, box('hdlr', zeros(8), letters(kind), zeros(12))))
}

function head(film: boolean): number[] {
  const extended = (id: number) => box('trex', word(0), word(id), word(1), word(960), word(0), word(0))
  const tracks = film ? [trak(1, sound_scale, 'soun'), trak(2, film_scale, 'vide')] : [trak(1, sound_scale, 'soun')]
  return [...box('ftyp', letters('isom'), word(1)), ...box('moov', box('mvhd', zeros(100)), ...tracks, box('mvex', extended(1), extended(2)))]
}

// Half a second from `n` on: 25 samples of sound; in a film 10 pictures too, every sixth fragment from a key frame on.
function fragment(n: number, film: boolean): number[] {
  const runs = [box('traf', box('tfhd', word(0x020000), word(1)), box('tfdt', word(0x01000000), long(n * 24_000)), box('trun', word(0x201), word(25), word(0), ...Array.from({ length: 25 }, () => word(4))))]
  const told = word(n % 6 === 0 ? 0x02000000 : 0x01010000)
  if (film) runs.push(box('traf', box('tfhd', word(0x020008), word(2), word(1000)), box('tfdt', word(0), word(n * 10_000)), box('trun', word(0x5), word(10), word(0), told)))
  return [...box('moof', box('mfhd', word(0), word(n + 1)), ...runs), ...box('mdat', zeros(100).fill(n & 127))]
}

function recording(seconds: number, film: boolean): Uint8Array {
  const bytes = head(film)
  for (let n = 0; n < seconds * 2; n++) bytes.push(...fragment(n, film))
  return Uint8Array.from(bytes)
}

function read(bytes: readonly Uint8Array[]): { fragments: Fragment[]; reader: FragmentReader } {
  const reader = new FragmentReader()
  return { fragments: bytes.flatMap((one) => reader.push(one)), reader }
}

const ring = (seconds: number) => new Ring(seconds, new FragmentReader())

test('fragments come out whole and with their time, however the bytes were cut', () => {
  for (const most of [1, 5, 64, 100_000]) {
    const { fragments, reader } = read([...portions(recording(4, true), most)])
    assert.deepEqual(fragments.map((one) => [one.at, one.until]), Array.from({ length: 8 }, (_, n) => [n * 500, n * 500 + 500]))
    assert.deepEqual(fragments.map((one) => one.start), [true, false, false, false, false, false, true, false])
    assert.deepEqual([...(reader.head ?? [])], head(true))
  }
})

test('kept, the last seconds begin at nothing, and all that follows is passed on unchanged', () => {
  const holds = ring(5)
  const whole = recording(30, false)
  const half = Math.floor(whole.length / 2)
  for (const part of portions(whole.slice(0, half), 900)) assert.equal(holds.take(part), null)
  assert.ok(holds.heldMs >= 5000 && holds.heldMs < 6000, String(holds.heldMs))
  const out = holds.keep()
  assert.ok(out.length >= 5)
  for (const part of portions(whole.slice(half), 900)) {
    const more = holds.take(part)
    if (more) out.push(more)
  }
  const { fragments } = read(out)
  assert.deepEqual(fragments.map((one) => one.at), fragments.map((_, i) => i * 500))
  const before = read([whole]).fragments.slice(-fragments.length)
  fragments.forEach((one, i) => assert.equal(one.bytes[one.bytes.length - 1], before[i]?.bytes.at(-1)))
})

test('a film is kept from a key frame on, from no later than was asked, sound and picture together', () => {
  const holds = ring(4)
  for (const part of portions(recording(20, true), 500)) holds.take(part)
  const { fragments } = read(holds.keep())
  assert.equal(fragments[0]?.start, true)
  assert.deepEqual(fragments[0]?.clocks.map((clock) => clock.time), [0, 0])
  const length = (fragments.at(-1) as Fragment).until
  assert.ok(length >= 4000 && length < 7500, String(length))
})

test('what cannot be cut is refused, not guessed at', () => {
  const from_the_file = box('moof', box('traf', box('tfhd', word(0x1), word(1), long(0)), box('tfdt', word(0), word(0))))
  const nobodys = box('moof', box('traf', box('tfhd', word(0), word(9)), box('tfdt', word(0), word(0))))
  for (const wrong of [from_the_file, nobodys, box('moof'), box('moof', box('traf'))])
    assert.throws(() => ring(20).take(Uint8Array.from([...head(false), ...wrong, ...box('mdat', zeros(4))])))
  assert.throws(() => ring(20).take(new Uint8Array(100)))
  assert.throws(() => ring(20).take(Uint8Array.from(recording(1, true).slice(0, 500).reverse())))
})

test('a fragment keeps all that lies before its samples, and without pictures no film begins', () => {
  const odd = [...fragment(0, true).slice(0, -108), ...box('free', zeros(12)), ...box('mdat', zeros(100))]
  const { fragments } = read([Uint8Array.from([...head(true), ...odd, ...fragment(1, false)])])
  assert.deepEqual(fragments.map((one) => one.start), [true, false])
  assert.equal(fragments[0]?.bytes.length, odd.length)
  assert.throws(() => read([Uint8Array.from([...head(true), ...fragment(0, true), ...box('mdat', zeros(9))])]))
})

test('damage ends the reading and never hangs it', () => {
  const whole = recording(3, true)
  let refused = 0
  for (let seed = 1; seed <= 500; seed++) {
    const damaged = whole.slice()
    for (let k = 0; k < 4; k++) damaged[(seed * 7919 + k * 104_729) % damaged.length] = (seed * 31 + k * 57) & 255
    const holds = ring(2)
    let kept: Uint8Array[] = []
    try {
      for (const part of portions(damaged, 700)) holds.take(part)
      kept = holds.keep()
    } catch (cause) {
      refused += cause instanceof Error ? 1 : 0
    }
    assert.ok(kept.reduce((sum, part) => sum + part.length, 0) <= whole.length)
  }
  assert.ok(refused > 20 && refused < 480, String(refused))
})

test('both forms that browsers record can be held, and others are not offered', () => {
  assert.ok(canHold('video/mp4') && canHold('audio/webm;codecs=pcm') && !canHold('audio/ogg;codecs=opus') && !canHold(''))
  assert.equal(ringFor('audio/ogg', 20), null)
  assert.equal(ringFor('video/mp4', 20)?.take(recording(2, true)), null)
})
