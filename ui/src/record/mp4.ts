// SPDX-License-Identifier: AGPL-3.0-or-later
// MP4 as a recorder writes it (ISO/IEC 14496-12, movie fragments): the head, and then fragments, each with
// half a second or more of sound and picture.

import { joined, type Cutter, type Part } from './part'

interface Clock {
  place: number // of the time in the fragment's bytes
  long: boolean // in 64 bits
  time: number
  scale: number // of its track, in 1/s
}

export interface Fragment extends Part {
  bytes: Uint8Array<ArrayBuffer>
  clocks: Clock[] // of each track in it
}

interface Track {
  scale: number
  video: boolean
  duration: number // of a sample that tells none
  flags: number
}

interface Box {
  type: string
  from: number // of its body, past the head
  to: number
}

const box_most = 64 << 20
const later = 0x10000 // a sample that needs one before it
const of_the_head = new Set(['ftyp', 'moov'])

const wordAt = (bytes: Uint8Array, at: number) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
const flagsAt = (bytes: Uint8Array, at: number) => wordAt(bytes, at) & 0xffffff
const longAt = (bytes: Uint8Array, at: number) => wordAt(bytes, at) * 2 ** 32 + wordAt(bytes, at + 4)

// NULL where more bytes are needed. Throws what is no box.
function boxAt(bytes: Uint8Array, at: number): Box | null {
  if (at + 8 > bytes.length) return null
  const long = wordAt(bytes, at) === 1
  if (long && at + 16 > bytes.length) return null
  const size = long ? longAt(bytes, at + 8) : wordAt(bytes, at)
  const head = long ? 16 : 8
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
  if (size < head || size > box_most || !/^[\x20-\x7e]{4}$/.test(type)) throw new Error('no MP4')
  return { type, from: at + head, to: at + size }
}

function* boxes(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  for (let at = from; at < to; ) {
    const box = boxAt(bytes, at)
    if (!box || box.to > to) throw new Error('no MP4')
    yield box
    at = box.to
  }
}

function within(bytes: Uint8Array, outer: Box, type: string): Box[] {
  return [...boxes(bytes, outer.from, outer.to)].filter((box) => box.type === type)
}

function only(bytes: Uint8Array, outer: Box, type: string): Box {
  const [box] = within(bytes, outer, type)
  if (!box) throw new Error(`no ${type}`)
  return box
}

function readTracks(bytes: Uint8Array, movie: Box): Map<number, Track> {
  const tracks = new Map<number, Track>()
  for (const trak of within(bytes, movie, 'trak')) {
    const media = only(bytes, trak, 'mdia')
    const [about, clock, kind] = [only(bytes, trak, 'tkhd'), only(bytes, media, 'mdhd'), only(bytes, media, 'hdlr')]
    const id = wordAt(bytes, about.from + (bytes[about.from] === 1 ? 20 : 12))
    const scale = wordAt(bytes, clock.from + (bytes[clock.from] === 1 ? 20 : 12))
    if (scale === 0) throw new Error('no MP4')
    tracks.set(id, { scale, video: String.fromCharCode(...bytes.subarray(kind.from + 8, kind.from + 12)) === 'vide', duration: 0, flags: 0 })
  }
  for (const extended of within(bytes, movie, 'mvex').flatMap((box) => within(bytes, box, 'trex'))) {
    const track = tracks.get(wordAt(bytes, extended.from + 4))
    if (track) Object.assign(track, { duration: wordAt(bytes, extended.from + 12), flags: wordAt(bytes, extended.from + 20) })
  }
  return tracks
}

// What a track's part of a fragment says of its samples where a run does not.
function readDefaults(bytes: Uint8Array, head: Box, track: Track): Track {
  const flags = flagsAt(bytes, head.from)
  if (flags & 0x1) throw new Error('MP4 that counts from the beginning of the file')
  let at = head.from + 8 + (flags & 0x2 ? 4 : 0)
  const told = { ...track }
  if (flags & 0x8) told.duration = wordAt(bytes, at)
  at += (flags & 0x8 ? 4 : 0) + (flags & 0x10 ? 4 : 0)
  if (flags & 0x20) told.flags = wordAt(bytes, at)
  return told
}

// A run of samples: how long it is, and whether one may begin with its first.
function readRun(bytes: Uint8Array, run: Box, track: Track): { ticks: number; start: boolean } {
  const flags = flagsAt(bytes, run.from)
  const count = wordAt(bytes, run.from + 4)
  let at = run.from + 8 + (flags & 0x1 ? 4 : 0)
  let first = flags & 0x4 ? wordAt(bytes, at) : track.flags
  at += flags & 0x4 ? 4 : 0
  const places = [0x100, 0x200, 0x400, 0x800].filter((one) => flags & one)
  if (at + count * places.length * 4 > run.to) throw new Error('no MP4')
  if (flags & 0x400 && !(flags & 0x4) && count > 0) first = wordAt(bytes, at + places.indexOf(0x400) * 4)
  let ticks = flags & 0x100 ? 0 : count * track.duration
  for (let i = 0; flags & 0x100 && i < count; i++) ticks += wordAt(bytes, at + i * places.length * 4)
  return { ticks, start: count > 0 && (first & later) === 0 }
}

export class FragmentReader implements Cutter<Fragment> {
  head: Uint8Array<ArrayBuffer> | null = null
  private rest = new Uint8Array(0)
  private before: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  private tracks = new Map<number, Track>()
  private opened: Fragment | null = null // a fragment whose samples are still to come

  push(bytes: Uint8Array): Fragment[] {
    const all = joined(this.rest, bytes)
    const fragments: Fragment[] = []
    let at = 0
    for (;;) {
      const box = boxAt(all, at)
      if (!box || box.to > all.length) break
      this.take(box.type, all.slice(at, box.to), box.from - at, fragments)
      at = box.to
    }
    this.rest = all.slice(at)
    return fragments
  }

  written(fragments: readonly Fragment[], base: number): Uint8Array<ArrayBuffer> {
    return joined(...fragments.map((fragment) => timed(fragment, base)))
  }

  private take(type: string, whole: Uint8Array<ArrayBuffer>, from: number, fragments: Fragment[]): void {
    const box = { type, from, to: whole.length }
    if (type === 'moov') this.tracks = readTracks(whole, box)
    if (of_the_head.has(type) && !this.head) this.before = joined(this.before, whole)
    if (type === 'moof') {
      this.head ??= this.before
      this.opened = this.fragmentOf(whole, box)
    } else if (this.opened) {
      this.opened.bytes = joined(this.opened.bytes, whole) // its samples are found by their distance
      if (type === 'mdat') fragments.push(this.opened)
      if (type === 'mdat') this.opened = null
    } else if (type === 'mdat') throw new Error('samples that nobody told of')
  }

  // A fragment whose samples are still to come. In a film one begins with a whole picture only.
  private fragmentOf(about: Uint8Array<ArrayBuffer>, box: Box): Fragment {
    const clocks: Clock[] = []
    const film = [...this.tracks.values()].some((track) => track.video)
    const fragment = { at: Infinity, until: 0, start: !film, bytes: about, clocks }
    for (const part of within(about, box, 'traf')) {
      const head = only(about, part, 'tfhd')
      const track = this.tracks.get(wordAt(about, head.from + 4))
      if (!track) throw new Error('no MP4')
      const [decoded, told] = [only(about, part, 'tfdt'), readDefaults(about, head, track)]
      const long = about[decoded.from] === 1
      const place = decoded.from + 4
      const clock = { place, long, time: long ? longAt(about, place) : wordAt(about, place), scale: track.scale }
      const runs = within(about, part, 'trun').map((run) => readRun(about, run, told))
      const ticks = runs.reduce((sum, run) => sum + run.ticks, 0)
      clocks.push(clock)
      fragment.at = Math.min(fragment.at, (clock.time / clock.scale) * 1000)
      fragment.until = Math.max(fragment.until, ((clock.time + ticks) / clock.scale) * 1000)
      if (track.video && runs[0]) fragment.start = runs[0].start
    }
    if (clocks.length === 0) throw new Error('no MP4')
    return fragment
  }
}

// A copy whose times are counted from `base` ms.
function timed(fragment: Fragment, base: number): Uint8Array<ArrayBuffer> {
  const out = fragment.bytes.slice()
  const view = new DataView(out.buffer)
  for (const { place, long, time, scale } of fragment.clocks) {
    const told = Math.max(0, time - Math.round((base * scale) / 1000))
    if (long) view.setUint32(place, Math.floor(told / 2 ** 32))
    view.setUint32(place + (long ? 4 : 0), told >>> 0)
  }
  return out
}
