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

  // Luma of a clip's frames, [0,255]: its mean, and how much frames differ from each other.
  const luma = (file) => {
    const raw = spawnSync('ffmpeg', ['-v', 'error', '-i', file, '-vf', 'scale=32:18,format=gray', '-f', 'rawvideo', '-'], { maxBuffer: 1 << 26 }).stdout
    const means = []
    for (let at = 0; at < raw.length; at += 32 * 18) means.push(raw.subarray(at, at + 32 * 18).reduce((sum, v) => sum + v, 0) / (32 * 18))
    const mean = means.reduce((sum, v) => sum + v, 0) / means.length
    return { mean, frames: means.length, spread: Math.sqrt(means.reduce((sum, v) => sum + (v - mean) ** 2, 0) / means.length) }
  }
  const treated = (name, ...rest) => {
    const out = join(family.folder, name)
    return { out, ...family.must('kit', ...rest, '-o', out).last }
  }

  test('the kit tells what it changed, as the coach sees it before and after', () => {
    const { before, after, report, steps, out } = treated('held.mp4', shaky)
    assert.deepEqual(steps.map(({ step, strength }) => [step, strength]), [['steady', 0.8], ['light', 0.8], ['sound', 0.8]])
    assert.ok(report.steady.done && after.steady.score > before.steady.score + 10, JSON.stringify([before.steady, after.steady]))
    assert.deepEqual(before, family.must('coach', shaky).last, 'the same measure')
    const again = family.must('coach', out).last
    assert.ok(Math.abs(again.steady.score - after.steady.score) <= 5, `${again.steady.score} where the kit said ${after.steady.score}`)
  })

  test('a dark clip is lit, and a night stays night', () => {
    const was = luma(treated('as-it-was.mp4', '--light', '--strength', '0', dark).out).mean
    const lit = luma(treated('lit.mp4', '--light', dark).out).mean
    const night = luma(treated('night.mp4', '--light', '--scene', 'night-home', dark).out).mean
    assert.ok(lit > 2 * was, `${was} became ${lit}`)
    assert.ok(night <= 1.16 * was, `${was} became ${night} by night`)
  })

  test('an old film stops flickering; a clip of today is not taken for one', () => {
    const old = join(family.folder, 'old.mp4')
    ffmpeg('-i', join(album(), '老屋', 'IMG_20030412_150322.jpg'), '-vf',
      "loop=80:1:0,scale=640:360:force_original_aspect_ratio=increase,crop=640:360,setpts=N/25/TB,eq=brightness='0.07*sin(2.1*n)+0.05*sin(0.9*n)':eval=frame,format=yuv420p",
      '-r', '25', '-frames:v', '80', '-c:v', 'libx264', '-crf', '14', '-preset', 'ultrafast', old)
    const { report, out } = treated('calm.mp4', '--footage', old)
    assert.equal(report.footage.kind, 'film')
    assert.equal(luma(out).frames, 80)
    assert.ok(luma(out).spread < luma(old).spread / 3, `${luma(old).spread} became ${luma(out).spread}`)
    assert.equal(treated('today.mp4', '--footage', shaky).report.footage.done, false)
  })

  test('what is no clip, no scene and no body is refused and said', () => {
    const text = join(family.folder, 'note.txt')
    writeFileSync(text, 'a shopping list')
    assert.equal(family.run('coach', text).status, 1)
    assert.equal(family.run('coach', join(family.folder, 'nowhere.mp4')).status, 1)
    assert.match(family.run('coach', '--scene', 'moon', dark).last.detail, /moon/)
    assert.match(family.run('kit', '--scene', 'moon', dark, '-o', join(family.folder, 'moon.mp4')).last.detail, /moon/)
    assert.match(family.run('coach', '--body', 'flies', dark).last.detail, /flies/)
    assert.equal(family.run('coach').status, 2)
    assert.equal(family.run('coach', '--scenes', dark).status, 2)
  })
})
