// SPDX-License-Identifier: AGPL-3.0-or-later
// Keys that stay where hands expect them, faces cut out sharply, a strip with its gaps, and who is said of whom.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenFace, Portrait } from '../src/net/people'
import { columnsOf, yearOf } from '../src/people/columns'
import { partStyle, ratioOfSpot, sizeFor, withAir } from '../src/people/cropping'
import { saying } from '../src/people/saying'
import { fresh, inOrder, skip, withFirst, withMore } from '../src/who/desk'
import { keyOf, none, readSlots, slotOf, withUsed, type Slots } from '../src/who/slots'

test('a person keeps their key until ten newer ones came', () => {
  let slots: Slots = none
  for (const id of 'abcdefghij') slots = withUsed(slots, id)
  assert.equal(slots.ids.join(''), 'abcdefghij')
  slots = withUsed(slots, 'a')
  slots = withUsed(slots, 'k') // b was not used for longest
  assert.equal(slots.ids.join(''), 'akcdefghij')
  assert.deepEqual(readSlots(JSON.stringify(slots)), slots)
  for (const bad of [null, '', '{', '[]', '{"ids":7}', '{"ids":[1,2],"used":null}']) assert.deepEqual(readSlots(bad), none)
})

test('keys 1 to 9 and 0', () => {
  assert.equal([...Array(10).keys()].map(keyOf).join(''), '1234567890')
  for (let i = 0; i < 10; i++) assert.equal(slotOf(keyOf(i)), i)
  assert.equal(slotOf('n'), null)
  assert.equal(slotOf('F1'), null)
})

test('a face is cut out with some air, from a picture that is sharp enough', () => {
  const shape = { width: 4000, height: 3000 }
  const part = withAir({ x: 0.9, y: 0, w: 0.1, h: 0.1 }, 0.5)
  assert.ok(part.x + part.w <= 1 && part.y === 0 && Math.abs(part.h - 0.15) < 1e-9)
  assert.ok(Math.abs(ratioOfSpot({ x: 0, y: 0, w: 0.3, h: 0.4 }, shape) - 1) < 1e-9)
  assert.equal(sizeFor({ x: 0, y: 0, w: 1, h: 1 }, shape, 150), 256)
  assert.equal(sizeFor({ x: 0, y: 0, w: 0.3, h: 0.4 }, shape, 300), 1024)
  assert.equal(sizeFor({ x: 0, y: 0, w: 0.05, h: 0.1 }, shape, 300), 2048)
  assert.deepEqual(partStyle({ x: 0.25, y: 0.5, w: 0.5, h: 0.25 }), { width: '200%', height: '400%', left: '-50%', top: '-200%' })
})

test('a year for every age, until death or today', () => {
  const at = (age: number) => ({ at: age }) as Portrait
  const columns = columnsOf([at(7), at(7), at(9)], '1932~', '', 1945)
  assert.equal(columns.length, 14)
  assert.deepEqual([columns[7]?.portraits.length, columns[8]?.portraits.length], [2, 0])
  assert.equal(columnsOf([], '1932', '1940-05', 2026).length, 9)
  assert.equal(columnsOf([], '', '', 2026).length, 0)
  assert.equal(columnsOf([], '0900', '', 2026).length, 111)
  assert.deepEqual(['1932-05-01', '1932?', '193X', '19XX', 'X', '', '../1932'].map(yearOf), [1932, 1932, 1935, 1955, null, null, null])
})

test('a child is said of the child', () => {
  assert.deepEqual(saying('child', 'a', 'b', ''), { of: 'b', value: { kind: 'parent', to: 'a' } })
  assert.deepEqual(saying('step_child', 'a', 'b', ''), { of: 'b', value: { kind: 'step_parent', to: 'a' } })
  assert.deepEqual(saying('sibling', 'a', 'b', 'elder'), { of: 'a', value: { kind: 'sibling', to: 'b', order: 'elder' } })
  assert.deepEqual(saying('partner', 'a', 'b', 'elder'), { of: 'a', value: { kind: 'partner', to: 'b' } })
})

test('faces of one picture lie together, from left to right, and none twice', () => {
  const face = (claim: string, item: string, x: number) => ({ claim, x, item: { id: item } }) as OpenFace
  const list = [face('c', 'p', 0.6), face('b', 'q', 0.1), face('a', 'p', 0.2)]
  assert.deepEqual(inOrder(list).map((one) => one.claim), ['a', 'c', 'b'])
  let desk = withMore(fresh, inOrder(list), '')
  desk = withMore(desk, list, '')
  assert.equal(desk.faces.length, 3)
  const first = desk.faces[0]
  assert.ok(first)
  desk = withMore(skip(desk, first), list, '')
  assert.deepEqual([desk.faces.length, desk.skipped], [2, 1])
  assert.equal(withFirst(desk, first).faces[0]?.claim, 'a')
})
