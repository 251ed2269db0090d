// SPDX-License-Identifier: AGPL-3.0-or-later
// A print gets its colours back, a clip is steadied and heard, six pictures and a voice become a film.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Family, album, has_program, probe } from './family.mjs'

const sha = (path) => spawnSync('sha256sum', [path], { encoding: 'utf8' }).stdout.slice(0, 64)

// The mean of each channel, by ffmpeg.
function colour_of(path) {
  const done = spawnSync('ffmpeg', ['-v', 'error', '-i', path, '-vf', 'scale=1:1:flags=area,format=rgb24', '-f', 'rawvideo', '-frames:v', '1', '-'])
  return [...done.stdout]
}

describe('restored, treated, told', { skip: !has_program && 'no kinreel built' }, () => {
  let family, faded, shaky
  before(() => {
    family = new Family()
    faded = join(album(), '1985 全家福', 'group-portrait-faded.jpg')
    shaky = join(album(), '老屋', 'VID_20030412_152200_shaky.mp4')
  })
  after(() => family?.close())

  test('a faded print loses its cast and the original stays as it was', () => {
    const before = sha(faded), out = join(family.folder, 'better.png'), recipe = join(family.folder, 'recipe.json')
    family.must('restore', faded, '-o', out, '--recipe', recipe)
    assert.equal(sha(faded), before)
    const cast = ([r, , b]) => r - b
    assert.ok(Math.abs(cast(colour_of(out))) < Math.abs(cast(colour_of(faded))) * 0.6, `${colour_of(faded)} ${colour_of(out)}`)
    assert.equal(JSON.parse(readFileSync(recipe)).recipe[0].step, 'fade')
  })

  test('nothing is written over unless told', () => {
    const out = join(family.folder, 'better.png'), before = sha(out)
    const again = family.run('restore', faded, '-o', out)
    assert.equal(again.status, 1)
    assert.equal(again.last.error, 'exists')
    assert.equal(sha(out), before)
    family.must('restore', faded, '-o', out, '--force')
  })

  test('a failure leaves no half-written file behind', () => {
    const bad = join(family.folder, 'bad.jpg'), out = join(family.folder, 'never.jpg')
    writeFileSync(bad, readFileSync(faded).subarray(0, 300))
    assert.equal(family.run('restore', bad, '-o', out).status, 1)
    assert.equal(existsSync(out), false)
    assert.deepEqual(readdirSync(family.folder).filter((name) => /^[0-9a-f]{32}$/.test(name)), [])
  })

  test('a shaky clip is steadied and heard at the right loudness', () => {
    const out = join(family.folder, 'steady.mp4')
    const { last } = family.must('kit', shaky, '-o', out)
    assert.equal(last.report.steady.done, true)
    const streams = probe(out).streams
    assert.equal(streams.find((one) => one.codec_type === 'video').codec_name, 'h264')
    const duration = Number(probe(out).format.duration)
    assert.ok(Math.abs(duration - Number(probe(shaky).format.duration)) < 0.1)
    const measured = spawnSync('ffmpeg', ['-hide_banner', '-i', out, '-af', 'ebur128', '-f', 'null', '-'], { encoding: 'utf8' }).stderr
    const loudness = Number(/I:\s+(-?[\d.]+) LUFS/.exec(measured.slice(measured.lastIndexOf('Summary')))[1])
    assert.ok(Math.abs(loudness + 16) < 1, String(loudness))
  })

  test('no file gets a name that tells of something else than it holds', () => {
    const voice = join(album(), 'voices', 'grandmother-house.wav')
    for (const [kind, source, name] of [['kit', shaky, 'x.wav'], ['kit', shaky, 'x.m4a'], ['kit', shaky, 'x.mkv'], ['kit', shaky, 'x.jpg'],
      ['kit', shaky, 'x'], ['kit', voice, 'x.mp3'], ['restore', shaky, 'x.mp4'], ['film', join(family.folder, 'none.json'), 'x.wav']]) {
      const { status, last } = family.run(kind, source, '-o', join(family.folder, name))
      assert.deepEqual([status, last.error], [1, 'unsupported'], `${kind} ${name}: ${last.detail}`)
      assert.match(last.detail, /\.mp4|mp4;|\.jpg/)
      assert.equal(existsSync(join(family.folder, name)), false)
    }
    const heard = join(family.folder, 'voice.m4a')
    family.must('kit', voice, '-o', heard)
    assert.match(probe(heard).format.format_name, /m4a/)
  })

  test('of a wide shot a part is shown, and its recipe says which', () => {
    const out = join(family.folder, 'left.mp4')
    const { last } = family.must('kit', shaky, '--steady', '--frame', 'in-left-close', '-o', out)
    assert.deepEqual(last.steps.map((one) => one.frame).filter(Boolean), ['in-left-close'])
    const size = ({ streams }) => [streams[0].width, streams[0].height]
    assert.deepEqual(size(probe(out)), size(probe(shaky)))
    const nowhere = family.run('kit', shaky, '--steady', '--frame', 'nowhere', '-o', out + '.2.mp4')
    assert.notEqual(nowhere.status, 0)
    assert.equal(existsSync(out + '.2.mp4'), false)
  })

  test('what carries the camera is learnt once, and named', () => {
    const learnt = family.must('mount', 'learn', '奶奶的轮椅', shaky)
    assert.deepEqual(family.must('mount', 'list').last.name, '奶奶的轮椅')
    const { last } = family.must('kit', shaky, '--steady', '--mount', '奶奶的轮椅', '-o', join(family.folder, 'chair.mp4'))
    assert.equal(last.steps[0].keep_viewpoint, true)
    assert.equal(last.mount.low_hz, learnt.last.low_hz)
    assert.equal(family.run('kit', shaky, '--mount', 'pram', '-o', join(family.folder, 'pram.mp4')).status, 1)
    family.must('mount', 'forget', '奶奶的轮椅')
    assert.equal(family.run('mount', 'forget', '奶奶的轮椅').status, 1)
  })

  test('six photographs and a voice become a film with chapters and captions', () => {
    const folder = join(family.folder, 'story')
    spawnSync('mkdir', ['-p', folder])
    const sources = ['1985 全家福/group-portrait-faded.jpg', '1993-05 wedding/wedding-01.jpg', '1993-05 wedding/wedding-02-banquet.jpg',
      '老屋/IMG_20030412_150322.jpg', '老屋/IMG_20030412_151840.jpg', '老屋/IMG_20030719_101507.jpg']
    sources.forEach((name, i) => copyFileSync(join(album(), name), join(folder, `${i}.jpg`)))
    copyFileSync(join(album(), 'voices', 'grandmother-house.wav'), join(folder, 'voice.wav'))
    const captions = ['奶奶在老屋门前, 1985', '婚礼', '婚宴', 'The house by the bridge', '大门', 'July 2003']
    const story = { title: '桥边的老屋', lang: 'zh-CN', beats: captions.map((caption, i) => ({ media: `${i}.jpg`, caption, duration: 3 })) }
    delete story.beats[3].duration
    story.beats[3].narration = 'voice.wav'
    writeFileSync(join(folder, 'story.json'), JSON.stringify(story))
    const out = join(family.folder, 'film.mp4')
    const { last } = family.must('film', join(folder, 'story.json'), '-o', out, '--size', '640x360')
    const { streams, format, chapters } = probe(out)
    assert.deepEqual(streams.filter((one) => one.codec_type !== 'data' && one.codec_type !== 'subtitle').map((one) => one.codec_name).sort(), ['aac', 'h264'])
    assert.ok(chapters.length >= 3, String(chapters.length))
    assert.ok(Math.abs(Number(format.duration) * 1000 - last.duration_ms) < 80, `${format.duration} ${last.duration_ms}`)
    const vtt = readFileSync(join(family.folder, 'film.vtt'), 'utf8')
    assert.match(vtt, /^WEBVTT/)
    for (const caption of captions) assert.ok(vtt.includes(caption), caption)
    const bytes = readFileSync(out)
    assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'), 'the index comes first')
  })

  test('a story that asks for what is not there says which', () => {
    const path = join(family.folder, 'lost.json')
    writeFileSync(path, JSON.stringify({ title: 'x', lang: 'en', beats: [{ media: 'nowhere.jpg' }] }))
    const { status, last } = family.run('film', path, '-o', join(family.folder, 'lost.mp4'))
    assert.equal(status, 1)
    assert.match(last.detail, /nowhere\.jpg/)
    writeFileSync(path, JSON.stringify({ title: 'x', lang: 'en', beats: [{ media: '../../etc/passwd' }] }))
    assert.equal(family.run('film', path, '-o', join(family.folder, 'lost.mp4')).status, 1)
  })

  test('in the archive a rendition lies beside its original', () => {
    family.add(faded)
    const [{ id }] = family.find('type:photo')
    const made = family.must('restore', id).last
    assert.ok(existsSync(made.out))
    const known = family.must('show', id).last
    assert.equal(known.renditions[0].kind, 'restore')
    assert.ok(known.claims.some((claim) => claim.predicate === 'recipe'))
    assert.equal(family.run('check').status, 0)
  })
})
