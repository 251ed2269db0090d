// SPDX-License-Identifier: AGPL-3.0-or-later
// WebM as a recorder writes it (RFC 8794, RFC 9559): the head, and then blocks of sound and picture.
// And back: blocks as a cluster.

import { joined, type Cutter, type Part } from './part'

export interface Block extends Part {
  track: number
  key: boolean
  video: boolean
  id: number // SimpleBlock or BlockGroup
  body: Uint8Array // of the element
  time: number // where in the body the block's own time lies (16 bits)
}

const ids = {
  segment: 0x18538067,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  entry: 0xae,
  cluster: 0x1f43b675,
  time: 0xe7,
  simple: 0xa3,
  group: 0xa0,
  block: 0xa1,
  reference: 0xfb,
  number: 0xd7,
  type: 0x83,
  scale: 0x2ad7b1,
} as const

const element_most = 64 << 20

interface Element {
  id: number
  size: number // -1: unknown
  head: number // bytes of id and size
  sizeAt: number // where the size begins
}

// NULL where more bytes are needed. Throws what is no element.
export function elementAt(bytes: Uint8Array, at: number): Element | null {
  const first = bytes[at]
  if (first === undefined) return null
  const idLength = Math.clz32(first) - 23
  if (idLength > 4) throw new Error('no EBML')
  const sizeFirst = bytes[at + idLength]
  if (sizeFirst === undefined) return null
  const sizeLength = Math.clz32(sizeFirst) - 23
  if (sizeLength > 8) throw new Error('no EBML')
  const head = idLength + sizeLength
  if (at + head > bytes.length) return null
  let id = 0
  for (let i = 0; i < idLength; i++) id = id * 256 + (bytes[at + i] as number)
  let size = sizeFirst & (0xff >> sizeLength)
  let unknown = size === 0xff >> sizeLength
  for (let i = 1; i < sizeLength; i++) {
    const byte = bytes[at + idLength + i] as number
    unknown &&= byte === 0xff
    size = size * 256 + byte
  }
  return { id, size: unknown ? -1 : size, head, sizeAt: at + idLength }
}

function numberIn(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}

export function* children(bytes: Uint8Array): Generator<{ id: number; body: Uint8Array; from: number }> {
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at)
    if (!element || element.size < 0) return
    const from = at + element.head
    yield { id: element.id, body: bytes.subarray(from, from + element.size), from }
    at = from + element.size
  }
}

export class BlockReader implements Cutter<Block> {
  head: Uint8Array<ArrayBuffer> | null = null // all before the first cluster, its length left open
  private rest = new Uint8Array(0)
  private before: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  private clusterTime = 0
  private scale = 1 // ms
  private videos = new Set<number>()

  push(bytes: Uint8Array): Block[] {
    const all = joined(this.rest, bytes)
    const blocks: Block[] = []
    let at = 0
    for (;;) {
      const element = elementAt(all, at)
      if (!element) break
      const opens = element.id === ids.segment || element.id === ids.cluster
      if (!opens && (element.size < 0 || element.size > element_most)) throw new Error('no WebM')
      const end = at + element.head + (opens ? 0 : element.size)
      if (end > all.length) break
      const whole = all.slice(at, end)
      if (element.id === ids.segment) whole.set(openSize(element.head - (element.sizeAt - at)), element.sizeAt - at)
      this.take(element, whole, blocks)
      at = end
    }
    this.rest = all.slice(at)
    return blocks
  }

  private take(element: Element, whole: Uint8Array<ArrayBuffer>, blocks: Block[]): void {
    if (element.id === ids.cluster) {
      this.head ??= this.before
      return
    }
    if (!this.head) this.before = joined(this.before, whole)
    const body = whole.subarray(element.head)
    if (element.id === ids.info) this.readInfo(body)
    else if (element.id === ids.tracks) this.readTracks(body)
    else if (element.id === ids.time) this.clusterTime = numberIn(body)
    else if (element.id === ids.simple) blocks.push(this.blockOf(element.id, body, 0, null))
    else if (element.id === ids.group) this.takeGroup(body, blocks)
  }

  private readInfo(body: Uint8Array): void {
    for (const child of children(body)) if (child.id === ids.scale) this.scale = numberIn(child.body) / 1e6
  }

  private readTracks(body: Uint8Array): void {
    for (const entry of children(body)) {
      if (entry.id !== ids.entry) continue
      const fields = new Map([...children(entry.body)].map((one) => [one.id, numberIn(one.body.subarray(0, 6))]))
      if (fields.get(ids.type) === 1) this.videos.add(fields.get(ids.number) ?? 0)
    }
  }

  private takeGroup(body: Uint8Array, blocks: Block[]): void {
    const parts = [...children(body)]
    const block = parts.find((one) => one.id === ids.block)
    if (!block) return
    const key = !parts.some((one) => one.id === ids.reference)
    blocks.push(this.blockOf(ids.group, body, block.from, key))
  }

  // A block: track number, 16 bits of time beside the cluster's, flags.
  private blockOf(id: number, body: Uint8Array, from: number, key: boolean | null): Block {
    const length = Math.clz32(body[from] ?? 0) - 23
    if (length > 4 || from + length + 3 > body.length) throw new Error('no WebM')
    const track = numberIn(body.subarray(from, from + length)) - 2 ** (7 * length)
    const time = from + length
    const beside = new DataView(body.buffer, body.byteOffset + time).getInt16(0)
    const flags = body[time + 2] as number
    const at = (this.clusterTime + beside) * this.scale
    const [video, isKey] = [this.videos.has(track), key ?? (flags & 0x80) !== 0]
    const start = this.videos.size === 0 || (video && isKey)
    return { track, at, until: at, start, key: isKey, video, id, body, time }
  }

  written(blocks: readonly Block[], base: number): Uint8Array<ArrayBuffer> {
    return clusterOf(blocks, base, this.ticksPerMs)
  }

  get ticksPerMs(): number {
    return 1 / this.scale
  }
}

// "As long as there is", in so many bytes.
function openSize(length: number): Uint8Array {
  const out = new Uint8Array(length).fill(0xff)
  out[0] = 2 ** (9 - length) - 1
  return out
}

function size8(n: number): Uint8Array {
  const out = new Uint8Array(8)
  const view = new DataView(out.buffer)
  view.setUint32(0, Math.floor(n / 2 ** 32) | 0x01000000)
  view.setUint32(4, n >>> 0)
  return out
}

// One cluster of known size, its times counted from `base` ms.
function clusterOf(blocks: readonly Block[], base: number, ticksPerMs: number): Uint8Array<ArrayBuffer> {
  const ticks = (at: number) => Math.round((at - base) * ticksPerMs)
  const begin = Math.max(0, Math.min(...blocks.map((block) => ticks(block.at))))
  const time = new Uint8Array(10)
  const view = new DataView(time.buffer)
  time.set([ids.time, 0x88])
  view.setUint32(2, Math.floor(begin / 2 ** 32))
  view.setUint32(6, begin >>> 0)
  const length = blocks.reduce((sum, block) => sum + 9 + block.body.length, time.length)
  const out = new Uint8Array(12 + length)
  out.set([0x1f, 0x43, 0xb6, 0x75])
  out.set(size8(length), 4)
  out.set(time, 12)
  let at = 12 + time.length
  for (const block of blocks) {
    out[at] = block.id
    out.set(size8(block.body.length), at + 1)
    out.set(block.body, at + 9)
    new DataView(out.buffer).setInt16(at + 9 + block.time, ticks(block.at) - begin)
    at += 9 + block.body.length
  }
  return out
}
