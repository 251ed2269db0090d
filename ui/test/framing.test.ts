// SPDX-License-Identifier: AGPL-3.0-or-later
// A frame on a picture: inside it whatever is pressed or pulled, and what was not touched stays.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { around, between, boxStep, grown, holds, partBox, partStep, pulled, type Box } from '../src/picture/framing'

const inside = (box: Box) => box.x >= 0 && box.y >= 0 && box.w > 0 && box.h > 0 && box.x + box.w <= 1.0001 && box.y + box.h <= 1.0001

test('arrows walk over nine parts and stay among them', () => {
  assert.equal(partStep(4, 'ArrowLeft'), 3)
  assert.equal(partStep(3, 'ArrowLeft'), 3)
  assert.equal(partStep(8, 'ArrowDown'), 8)
  assert.equal(partStep(2, 'ArrowDown'), 5)
  assert.equal(partStep(0, 'Enter'), null)
  assert.deepEqual(partBox(0), { x: 0, y: 0, w: 0.3333, h: 0.3333 })
  for (let part = 0; part < 9; part++) assert.ok(inside(partBox(part)))
})

test('arrows move a frame, with shift they stretch it, and the edge holds it', () => {
  const box = { x: 0.5, y: 0.5, w: 0.2, h: 0.2 }
  assert.deepEqual(boxStep(box, 'ArrowRight', false), { ...box, x: 0.52 })
  assert.deepEqual(boxStep(box, 'ArrowRight', true), { ...box, w: 0.22 })
  assert.equal(boxStep(box, 'a', false), null)
  let far: Box = box
  for (let i = 0; i < 100; i++) far = boxStep(far, i % 2 ? 'ArrowRight' : 'ArrowDown', i % 3 === 0) ?? far
  assert.ok(inside(far))
  for (let i = 0; i < 100; i++) far = boxStep(far, '-', false) ?? far
  assert.ok(inside(far))
})

test('a frame grows about its middle', () => {
  const now = grown({ x: 0.4, y: 0.4, w: 0.2, h: 0.1 }, 0.1)
  assert.ok(Math.abs(now.x + now.w / 2 - 0.5) < 0.001 && Math.abs(now.y + now.h / 2 - 0.45) < 0.001)
  assert.ok(inside(grown({ x: 0, y: 0, w: 1, h: 1 }, 0.5)))
})

test('a pointer draws from any corner, and not past the picture', () => {
  const drawn = between({ x: 0.6, y: 0.7 }, { x: 0.2, y: 0.1 })
  assert.deepEqual(drawn, { x: 0.2, y: 0.1, w: 0.4, h: 0.6 })
  assert.deepEqual(between({ x: -1, y: -1 }, { x: 2, y: 2 }), { x: 0, y: 0, w: 1, h: 1 })
})

test('a pulled corner leaves the one across from it, and may pass it', () => {
  const box = { x: 0.2, y: 0.2, w: 0.4, h: 0.4 }
  assert.deepEqual(pulled(box, 'nw', { x: 0.1, y: 0.3 }), { x: 0.1, y: 0.3, w: 0.5, h: 0.3 })
  assert.deepEqual(pulled(box, 'se', { x: 0.1, y: 0.1 }), { x: 0.1, y: 0.1, w: 0.1, h: 0.1 })
})

test('a tap lays a square frame there, or brings the one there is', () => {
  const laid = around({ x: 0.5, y: 0.5 }, 2, null)
  assert.ok(Math.abs(laid.w * 2 - laid.h) < 0.001 && holds(laid, { x: 0.5, y: 0.5 }))
  assert.deepEqual(around({ x: 1, y: 0 }, 1, { x: 0.2, y: 0.2, w: 0.3, h: 0.1 }), { x: 0.7, y: 0, w: 0.3, h: 0.1 })
})
