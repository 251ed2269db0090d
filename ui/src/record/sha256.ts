// SPDX-License-Identifier: AGPL-3.0-or-later
// SHA-256 (FIPS 180-4): the browser's own where it has one; on plain http it hides it, and ours stands in.

const block = 64

// The first 32 bits of the fractions of the roots of the first primes: square (8) and cube (64).
function fractions(count: number, root: number): Uint32Array {
  const out = new Uint32Array(count)
  for (let n = 2, i = 0; i < count; n++) {
    let prime = true
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0
    if (prime) out[i++] = fractionOf(n, root)
  }
  return out
}

// floor(frac(n^(1/root)) * 2^32), exact: the largest r with r^root <= n * 2^(32 root).
function fractionOf(n: number, root: number): number {
  const power = BigInt(root)
  const want = BigInt(n) << (32n * power)
  let low = 0n
  let high = 1n << 40n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** power <= want) low = middle
    else high = middle
  }
  return Number(low & 0xffffffffn)
}

const start = fractions(8, 2)
const steps = fractions(64, 3)

const turn = (x: number, n: number) => (x >>> n) | (x << (32 - n))
const at = (words: Uint32Array, i: number) => words[i] as number

function spread(words: Uint32Array, bytes: DataView, from: number): void {
  for (let i = 0; i < 16; i++) words[i] = bytes.getUint32(from + 4 * i)
  for (let i = 16; i < 64; i++) {
    const a = at(words, i - 15)
    const b = at(words, i - 2)
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)
    words[i] = at(words, i - 16) + s0 + at(words, i - 7) + s1
  }
}

function compress(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const one = (h + s1 + ((e & f) ^ (~e & g)) + at(steps, i) + at(words, i)) | 0
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  const done = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i++) state[i] = at(state, i) + (done[i] as number)
}

// The end of the message with a bit, zeros and its length (5.1.1).
function lastBlocks(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % block
  const tail = new Uint8Array(rest < 56 ? block : 2 * block)
  tail.set(bytes.subarray(bytes.length - rest))
  tail[rest] = 0x80
  const view = new DataView(tail.buffer)
  view.setUint32(tail.length - 8, Math.floor(bytes.length / 0x20000000))
  view.setUint32(tail.length - 4, bytes.length << 3)
  return tail
}

export function ownSha256(bytes: Uint8Array): Uint8Array {
  const state = start.slice()
  const words = new Uint32Array(64)
  const tail = lastBlocks(bytes)
  for (const part of [bytes.subarray(0, bytes.length - (bytes.length % block)), tail]) {
    const view = new DataView(part.buffer, part.byteOffset, part.length)
    for (let from = 0; from < part.length; from += block) {
      spread(words, view, from)
      compress(state, words)
    }
  }
  const out = new Uint8Array(32)
  const view = new DataView(out.buffer)
  state.forEach((word, i) => view.setUint32(4 * i, word))
  return out
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (!globalThis.crypto?.subtle) return ownSha256(bytes)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}
