// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody who films is told: how it was heard, lit and held, and what to do next time.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Family, album, ffmpeg, has_program, program, root } from './family.mjs'

const words = (lang) => JSON.parse(readFileSync(join(root, 'words', `${lang}.json`)))

describe('the coach', { skip: !has_program && 'no kinreel built' }, () => {
  let family, shaky, dark
  before(() => {
    family = new Family()
    shaky = join(album(), '老屋', 'VID_20030412_152200_shaky.mp4')
    dark = join(family.folder, 'dark.mp4')
    ffmpeg('-i', join(album(), '老屋', 'IMG_20030412_150322.jpg'), '-vf',
      'loop=100:1:0,scale=640:360:force_original_aspect_ratio=increase,crop=640:360,lutyuv=y=16+(val-16)*0.14,format=yuv420p',
      '-r', '25', '-frames:v', '100', '-c:v', 'libx264', '-preset', 'ultrafast', dark)
  })
  after(() => family?.close())

  const told = (lang, ...rest) => {
    const done = spawnSync(program, ['coach', ...rest], { encoding: 'utf8', env: family.env({ KINREEL_LANG: lang }) })
    assert.equal(done.status, 0, done.stderr)
    return done.stdout
  }

  test('a shaken clip is told to be held, with the number and what it cost', () => {
    const { last } = family.must('coach', shaky)
    assert.equal(last.worst, 'steady')
    const cost = last.steady.causes.reduce((sum, cause) => sum + cause.cost, 0)
    assert.equal(last.steady.score, Math.max(0, Math.round(100 - cost)))
    assert.ok(last.advice.length >= 1 && last.advice.length <= 3)
    for (const { key } of last.advice) assert.ok(words('en')[key] && words('zh-CN')[key], key)
  })

  test('a dark clip without sound has no score for sound, and is told of the lamp', () => {
    const { last } = family.must('coach', dark)
    assert.equal(last.worst, 'light')
    assert.equal(last.advice[0].cause, 'dark')
    assert.deepEqual(last.sound, { why: 'none' })
    const night = family.must('coach', '--scene', 'night-home', dark).last
    assert.ok(!night.advice.some(({ cause }) => cause === 'dark'), 'a night may be dark')
  })

  test('it speaks the language of whoever asks', () => {
    for (const [lang, name] of [['en', 'en'], ['zh', 'zh-CN']]) {
      const text = told(lang, dark)
      assert.ok(text.includes(words(name)['coach.advice.dark']), text)
      assert.ok(text.includes(words(name)['coach.part.sound']), text)
    }
  })

  test('nobody in a wheelchair is told to stand, nobody without elbows to rest them', () => {
    const plain = family.must('coach', shaky).last.advice, own = family.must('coach', '--body', 'rolls,no-elbows', shaky).last.advice
    assert.deepEqual(own.map(({ cause }) => cause), plain.map(({ cause }) => cause))
    for (const { key } of own) {
      assert.doesNotMatch(words('en')[key], /elbow|stand still|walk|feet|waist/i)
      assert.doesNotMatch(words('zh-CN')[key], /肘|站|走|脚|腰/)
    }
  })

  test('the same clip as an item of the archive is judged the same', () => {
    family.add(shaky)
    const [{ id }] = family.find('type:video')
    assert.deepEqual(family.must('coach', id).last, family.must('coach', shaky).last)
  })

  test('eight scenes are told, each with three takes, in both languages', () => {
    const { lines } = family.must('coach', '--scenes')
    assert.equal(lines.length, 8)
    for (const scene of lines)
      for (const key of [scene.key, scene.stand, scene.lamp, scene.microphone, ...scene.takes])
        assert.ok(words('en')[key] && words('zh-CN')[key], key)
    assert.ok(told('zh', '--scenes').includes(words('zh-CN')[lines[0].takes[2]]))
  })

  test('what is no clip, no scene and no body is refused and said', () => {
    const text = join(family.folder, 'note.txt')
    writeFileSync(text, 'a shopping list')
    assert.equal(family.run('coach', text).status, 1)
    assert.equal(family.run('coach', join(family.folder, 'nowhere.mp4')).status, 1)
    assert.match(family.run('coach', '--scene', 'moon', dark).last.detail, /moon/)
    assert.match(family.run('coach', '--body', 'flies', dark).last.detail, /flies/)
    assert.equal(family.run('coach').status, 2)
    assert.equal(family.run('coach', '--scenes', dark).status, 2)
  })
})
