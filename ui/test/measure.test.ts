// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseType } from '../src/record/choose'
import { canHold } from '../src/record/ring'
import { Held, lightWord, loudnessOf, movedBy, soundWord, steadyWord, type Grey, type Loudness, type Shift } from '../src/record/measure'

const tone = (level: number) => Float32Array.from({ length: 4096 }, (_, i) => level * Math.sin(i * 0.1))
const mixed = (loud: number, quiet: number): Loudness[] => Array.from({ length: 40 }, (_, i) => loudnessOf(tone(i % 3 === 0 ? loud : quiet)))

test('a tone is as loud as it is', () => {
  const { rms, peak } = loudnessOf(tone(0.5))
  assert.ok(Math.abs(rms - -9.03) < 0.2, String(rms))
  assert.ok(Math.abs(peak - 0.5) < 0.01)
  assert.equal(loudnessOf(new Float32Array(100)).rms, -100)
})

test('sound has a word for each trouble', () => {
  assert.equal(soundWord(mixed(0.1, 0.001)), 'good')
  assert.equal(soundWord(mixed(0, 0)), 'silent')
  assert.equal(soundWord(mixed(0.004, 0.0005)), 'quiet')
  assert.equal(soundWord(mixed(1, 0.01)), 'loud')
  assert.equal(soundWord(mixed(0.1, 0.05)), 'noisy')
})

function grey(paint: (x: number, y: number) => number): Grey {
  const [width, height] = [64, 48]
  return { width, height, luma: Uint8Array.from({ length: width * height }, (_, i) => paint(i % width, Math.floor(i / width))) }
}

test('light has a word for each trouble', () => {
  const texture = (x: number, y: number) => (x * 7 + y * 13) % 40
  assert.equal(lightWord(grey((x, y) => 100 + texture(x, y))), 'good')
  assert.equal(lightWord(grey((x, y) => 10 + texture(x, y) / 2)), 'dark')
  assert.equal(lightWord(grey((x, y) => (x > 20 && x < 44 && y > 10 ? 50 : 220))), 'backlit')
  assert.equal(lightWord(grey(() => 254)), 'bright')
})

const wall = (dx: number, dy: number) => grey((x, y) => 128 + 60 * Math.sin((x + dx) * 0.35) + 50 * Math.cos((y + dy) * 0.42))

test('a shift is found, in parts of a pixel too', () => {
  const { x, y } = movedBy(wall(0, 0), wall(-2.5, 1))
  assert.ok(Math.abs(x * 64 - 2.5) < 0.4, String(x * 64))
  assert.ok(Math.abs(y * 48 - -1) < 0.4, String(y * 48))
})

test('a pan is steady, a trembling hand is not', () => {
  const shiftsOf = (path: (i: number) => number): Shift[] =>
    Array.from({ length: 20 }, (_, i) => movedBy(wall(path(i), 0), wall(path(i + 1), 0)))
  assert.equal(steadyWord(shiftsOf((i) => i * 1.5)), 'good')
  assert.equal(steadyWord(shiftsOf((i) => (i % 2) * 2.5)), 'shaky')
  assert.equal(steadyWord(shiftsOf(() => 0)), 'good')
})

test('a word is said only once it has held', () => {
  const held = new Held<'a' | 'b'>(2000)
  assert.equal(held.hear('a', 0), null)
  assert.equal(held.hear('a', 1999), null)
  assert.equal(held.hear('a', 2000), 'a')
  assert.equal(held.hear('b', 2100), 'a')
  assert.equal(held.hear('a', 2200), 'a')
  assert.equal(held.hear('b', 2300), 'a')
  assert.equal(held.hear('b', 4300), 'b')
})

test('what loses nothing comes first, what is small on a thin line', () => {
  const chromium = (type: string) => !type.includes('ogg') && type !== 'video/mp4'
  assert.equal(chooseType('sound', chromium), 'audio/webm;codecs=pcm')
  assert.equal(chooseType('sound', chromium, true), 'audio/webm;codecs=opus')
  assert.equal(chooseType('film', chromium), 'video/webm;codecs=vp8,opus')
  assert.equal(chooseType('sound', (type) => type === 'audio/mp4'), 'audio/mp4')
  assert.equal(chooseType('film', () => false), '')
  assert.ok(canHold('video/webm;codecs=vp8,opus') && canHold('audio/mp4') && !canHold('audio/ogg;codecs=opus'))
})
