// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axisOf, bandOf, isExact, sectionSpan, yearOf } from '../src/line/band'

const eighties = { from: 1980, to: 1990 }
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 0.02, `${a} is not near ${b}`)

test('about 1985 is a soft band around the middle', () => {
  const band = bandOf({ edtf: '1985~', from: '1984-01-01', to: '1986-12-31' }, eighties)
  assert.ok(band)
  near(band.start, 0.4)
  near(band.end, 0.7)
  assert.ok(band.softStart && band.softEnd && !band.unsure)
})

test('a plain year has hard ends', () => {
  const band = bandOf({ edtf: '1985', from: '1985-01-01', to: '1985-12-31' }, eighties)
  assert.ok(band && !band.softStart && !band.softEnd)
  near(band.start, 0.5)
  near(band.end, 0.6)
})

test('an open beginning reaches the edge and fades there', () => {
  const band = bandOf({ edtf: '../1985', from: '', to: '1985-12-31' }, eighties)
  assert.ok(band && band.softStart && !band.softEnd)
  assert.equal(band.start, 0)
  near(band.end, 0.6)
})

test('an open end likewise', () => {
  const band = bandOf({ edtf: '1985/..', from: '1985-01-01', to: '' }, eighties)
  assert.ok(band && band.softEnd && band.end === 1)
})

test('a doubted date is marked as doubted, a doubted and approximate one as both', () => {
  assert.equal(bandOf({ edtf: '1985?', from: '1985-01-01', to: '1985-12-31' }, eighties)?.unsure, true)
  const both = bandOf({ edtf: '1985%', from: '1985-01-01', to: '1985-12-31' }, eighties)
  assert.ok(both?.unsure && both.softStart)
})

test('a decade fills its axis', () => {
  const span = sectionSpan('198X', 1980)
  assert.ok(span)
  const axis = axisOf(span)
  assert.deepEqual(axis, { from: 1980, to: 1990 })
  const band = axis && bandOf(span, axis)
  assert.ok(band && band.start === 0 && band.end === 1 && band.softStart)
})

test('a day on a wide axis is still seen', () => {
  const band = bandOf({ edtf: '1985-06-01', from: '1985-06-01', to: '1985-06-01' }, { from: 1900, to: 2000 })
  assert.ok(band && band.end - band.start >= 0.019)
})

test('bands never leave the axis', () => {
  const band = bandOf({ edtf: '19XX', from: '1900-01-01', to: '1999-12-31' }, eighties)
  assert.ok(band && band.start === 0 && band.end === 1)
})

test('exact dates have no band; years, guesses and spans do', () => {
  assert.ok(isExact({ edtf: '1985-06-01', from: '1985-06-01', to: '1985-06-01' }))
  assert.ok(isExact({ edtf: '1985-06', from: '1985-06-01', to: '1985-06-30' }))
  assert.ok(!isExact({ edtf: '1985', from: '1985-01-01', to: '1985-12-31' }))
  assert.ok(!isExact({ edtf: '1985-06-01~', from: '1985-06-01', to: '1985-06-01' }))
  assert.ok(!isExact({ edtf: '', from: '', to: '' }))
})

test('nonsense draws nothing', () => {
  assert.equal(bandOf({ edtf: '', from: '', to: '' }, eighties), null)
  assert.equal(axisOf({ edtf: '', from: '', to: '' }), null)
  assert.equal(yearOf('yesterday', false), null)
  assert.equal(sectionSpan('1985-06', 1985), null)
})
