// SPDX-License-Identifier: AGPL-3.0-or-later
// What is wished for a clip, as the kit reads it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNothing, optionsOf, type Wish } from '../src/picture/wish'
import { whole } from '../src/picture/WideShot'

const on = { steady: true, light: true, sound: true, footage: false }
const plain: Wish = { on, strength: 80, scene: '', shown: whole, fill: false, along: false, mount: '' }

test('nothing is sent that nobody asked for', () => {
  assert.deepEqual(optionsOf(plain), { ...on, strength: 0.8 })
})

test('a card says how far to go, in the place of the slider', () => {
  assert.deepEqual(optionsOf({ ...plain, scene: 'ride' }), { ...on, scene: 'ride' })
})

test('edges are filled and a way kept only where something is steadied', () => {
  const wish = { ...plain, fill: true, along: true }
  assert.deepEqual(optionsOf(wish), { ...on, strength: 0.8, fill: true, keep_viewpoint: true })
  const still = { ...on, steady: false }
  assert.deepEqual(optionsOf({ ...wish, on: still }), { ...still, strength: 0.8 })
})

test('a mount rides by itself', () => {
  assert.deepEqual(optionsOf({ ...plain, along: true, mount: '奶奶的轮椅' }), { ...on, strength: 0.8, mount: '奶奶的轮椅' })
})

test('a framing alone is something to do', () => {
  const off = { steady: false, light: false, sound: false, footage: false }
  assert.equal(isNothing({ ...plain, on: off }), true)
  assert.equal(isNothing({ ...plain, on: off, shown: { ...whole, place: 'left' } }), false)
})
