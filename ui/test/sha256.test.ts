// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { hex, ownSha256, sha256, unhex } from '../src/record/sha256'

const bytesOf = (text: string) => new TextEncoder().encode(text)

test('the vectors of FIPS 180 come out', () => {
  const vectors: [string, string][] = [
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ]
  for (const [text, want] of vectors) assert.equal(hex(ownSha256(bytesOf(text))), want)
})

test('every length around a block is as the machine has it, and the browser agrees', async () => {
  for (let n = 0; n < 200; n++) {
    const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 37 + n) & 255)
    const want = createHash('sha256').update(bytes).digest('hex')
    assert.equal(hex(ownSha256(bytes)), want)
    assert.equal(hex(await sha256(bytes)), want)
  }
})

test('hex goes there and back', () => {
  assert.deepEqual([...unhex('00ff10')], [0, 255, 16])
  assert.equal(hex(unhex('00ff10')), '00ff10')
})
