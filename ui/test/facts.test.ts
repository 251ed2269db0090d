// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beatSeconds, draftOf, filmSeconds, moved, secondsOf, storyOf, withChoice } from '../src/film/draft'
import { chapterAt } from '../src/film/playing'
import type { Brief, Claim, Item } from '../src/net/shapes'
import { dividerAt, dividerStep } from '../src/picture/dividing'
import { dateValue, lastWords } from '../src/picture/facts'
import { turnOf } from '../src/picture/swipe'
import { disagree, sureness, voicesOf, whyOf } from '../src/picture/telling'

const brief = (id: string, more: Partial<Brief> = {}): Brief => ({
  id,
  kind: 'photo',
  width: 4,
  height: 3,
  duration_ms: 0,
  date: { edtf: '1985~', from: '1984-01-01', to: '1986-12-31', text: '1985 年前后', certain: 0.5, source: 'filename' },
  caption: '',
  title: '',
  favourite: false,
  damaged: '',
  preview: '',
  thumb: '',
  stack: 1,
  renditions: 0,
  ...more,
})

const claim = (who: string, value: unknown, at: string, more: Partial<Claim> = {}): Claim => ({
  id: who + at,
  predicate: 'date',
  value,
  who,
  certain: 1,
  at,
  retracted: false,
  ...more,
})

const withClaims = (claims: Claim[]) => ({ ...brief('a'), claims }) as unknown as Item

test('each voice is heard once, with its last word', () => {
  const words = lastWords([claim('a', 'x', '1'), claim('a', 'y', '2'), claim('b', 'z', '3', { retracted: true })], 'date')
  assert.deepEqual(words.map((one) => one.value), ['y'])
})

test('tellings that disagree stand beside one another, the one that is shown first', () => {
  const item = withClaims([
    claim('filename', { edtf: '1985~' }, '1', { text: 'around 1985' }),
    claim('p1', { edtf: '1983' }, '2', { text: '1983', who_name: '林梅', certain: 0.7, from: '1983-01-01', to: '1983-12-31' }),
    claim('owner', { edtf: '1986' }, '3', { text: '1986', counts: true }),
  ])
  const voices = voicesOf(item, 'date')
  assert.deepEqual(voices.map((voice) => [voice.text, voice.who, voice.own]), [
    ['1986', 'owner', true],
    ['1983', '林梅', false],
    ['around 1985', 'filename', false],
  ])
  assert.equal(disagree(voices), true)
  assert.equal(whyOf(voices), 'last')
  assert.equal(voices[1]?.span?.edtf, '1983')
  assert.equal(sureness(0.7), 'fairly')
})

test('a person and a file are not two who disagree', () => {
  const voices = voicesOf(withClaims([claim('exif', { edtf: '2019' }, '1'), claim('owner', { edtf: '1985' }, '2', { counts: true })]), 'date')
  assert.equal(disagree(voices), false)
  assert.equal(whyOf(voices), 'person')
  assert.equal(whyOf(voices.slice(1)), '')
})

test('EDTF is told from speech', () => {
  for (const text of ['1985', '1985~', '198X', '1985-06-01', '../1985', '1984/1986', '1985-21', '19XX?']) {
    assert.deepEqual(dateValue(text), { edtf: text })
  }
  for (const text of ['八十年代初', 'spring 1976', 'around 1985', '1985.6', '1976 年春天', '1985 年']) {
    assert.deepEqual(dateValue(text), { phrase: text })
  }
})

test('the divider steps, jumps and stays inside', () => {
  assert.equal(dividerStep(0.5, 'ArrowLeft'), 0.45)
  assert.equal(dividerStep(0.97, 'ArrowRight'), 1)
  assert.equal(dividerStep(0.5, 'Home'), 0)
  assert.equal(dividerStep(0.5, 'a'), null)
  assert.equal(dividerAt(150, 100, 200), 0.25)
  assert.equal(dividerAt(0, 100, 200), 0)
})

test('a finger across the picture turns the page, a slanted one does not', () => {
  assert.equal(turnOf({ x: 300, y: 100 }, { x: 100, y: 110 }), 'next')
  assert.equal(turnOf({ x: 100, y: 100 }, { x: 300, y: 110 }), 'previous')
  assert.equal(turnOf({ x: 100, y: 100 }, { x: 200, y: 300 }), null)
})

test('things move without getting lost', () => {
  assert.deepEqual(moved([1, 2, 3], 0, 2), [2, 3, 1])
  assert.deepEqual(moved([1, 2, 3], 2, 0), [3, 1, 2])
  assert.deepEqual(moved([1, 2, 3], 9, 0), [1, 2, 3])
})

test('seconds as typed', () => {
  assert.equal(secondsOf('5,5'), 5.5)
  assert.equal(secondsOf(''), null)
  assert.equal(secondsOf('long'), null)
  assert.equal(secondsOf('0'), null)
})

test('a film is as long as its voices and pictures', () => {
  const draft = draftOf([brief('a'), brief('b', { duration_ms: 9000, kind: 'video' })], () => '')
  const first = draft.beats[0]
  assert.ok(first)
  assert.equal(beatSeconds({ ...first, narration: 'v' }, new Map([['v', 12000]])), 12.8)
  assert.ok(Math.abs(filmSeconds(draft.beats, new Map()) - (4 + 5 + 9 + 4)) < 1e-9)
})

test('long words are given time to be read', () => {
  const draft = draftOf([brief('a', { caption: '院'.repeat(50) })], (item) => item.caption)
  const first = draft.beats[0]
  assert.ok(first && Math.abs(beatSeconds(first, new Map()) - 12.5) < 1e-9)
})

test('music says why it may be used', () => {
  const draft = { ...draftOf([brief('a')], () => ''), music: 'm', licence: ' CC0-1.0 ' }
  assert.deepEqual(storyOf(draft, 'en').music, { media: 'm', licence: 'CC0-1.0' })
})

test('a story holds only what was said', () => {
  const draft = draftOf([brief('a', { caption: '门口' }), brief('b')], (item) => item.caption)
  assert.deepEqual(storyOf({ ...draft, title: ' 老屋 ' }, 'zh-CN'), {
    title: '老屋',
    lang: 'zh-CN',
    beats: [{ media: 'a', caption: '门口' }, { media: 'b' }],
  })
})

test('choosing more keeps what was written', () => {
  const draft = draftOf([brief('a')], () => '')
  const first = draft.beats[0]
  assert.ok(first)
  const written = { ...draft, beats: [{ ...first, caption: '写好的' }] }
  const next = withChoice(written, [brief('a'), brief('b')], () => '')
  assert.deepEqual(next.beats.map((beat) => [beat.item.id, beat.caption]), [['a', '写好的'], ['b', '']])
})

test('the chapter that is playing', () => {
  const chapters = [0, 1000, 5000].map((start_ms) => ({ start_ms, title: '' }))
  assert.equal(chapterAt(chapters, 1500), 1)
  assert.equal(chapterAt(chapters, 5000), 2)
  assert.equal(chapterAt([], 5), -1)
})
