// SPDX-License-Identifier: AGPL-3.0-or-later
// Whatever a family has filmed with: the kit gives back a useful film or says what is wrong, and
// loses nothing of what lay in the file.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Family, ffmpeg, has_program, probe, program } from './family.mjs'

const picture = (size, seconds, more = '') => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25:d=${seconds}${more}`]
const tone = (seconds, more = '') => ['-f', 'lavfi', '-i', `sine=440:d=${seconds}${more}`]
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast']
const x265 = (more) => ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `log-level=error${more}`]

// [name, how it is made, what comes out: width, height, seconds, channels of the first sound]
const clips = [
  ['silent.mp4', [...picture('320x240', 2), ...x264, '-pix_fmt', 'yuv420p'], [320, 240, 2]],
  ['heard.m4a', [...tone(2), '-c:a', 'aac'], [0, 0, 2, 1]],
  ['one-frame.mp4', [...picture('320x240', 1), ...x264, '-frames:v', '1'], [320, 240, 0.04]],
  ['8k.mp4', [...picture('7680x4320', 0.16), ...tone(0.16), ...x264], [7680, 4320, 0.16, 1]],
  ['dot.mkv', [...picture('16x16', 1, ',crop=1:1,format=yuv444p'), '-c:v', 'ffv1'], [2, 2, 1]],
  ['odd.mp4', [...picture('321x241', 1, ',format=yuv444p'), ...x264], [320, 240, 1]],
  ['deep.mp4', [...picture('320x180', 1, ',format=yuv420p10le'), ...x265('')], [320, 180, 1]],
  ['hdr.mp4', [...picture('320x180', 1, ',format=yuv420p10le'), ...x265(':colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc'),
    '-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'], [320, 180, 1]],
  ['round.mkv', [...picture('320x240', 2), ...tone(2, ',pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0'), ...x264, '-c:a', 'ac3'], [320, 240, 2, 2]],
  ['telephone.mov', [...picture('320x240', 2), ...tone(2, ':r=8000'), ...x264, '-ac', '1', '-c:a', 'pcm_mulaw'], [320, 240, 2, 1]],
  ['fast.mkv', [...picture('320x240', 0.5).map((word) => word.replace('r=25', 'r=1000')), '-c:v', 'ffv1'], [320, 240, 0.5]],
]

describe('any clip', { skip: !has_program && 'no kinreel built' }, () => {
  let family
  before(() => { family = new Family() })
  after(() => family?.close())

  const made = (name, words) => {
    const path = join(family.pictures, name)
    ffmpeg(...words, path)
    return path
  }
  const out_of = (name) => join(family.folder, `${name}.out.mp4`)
  const of_kind = (about, kind) => about.streams.filter(({ codec_type, disposition }) => codec_type === kind && !disposition.attached_pic)

  for (const [name, words, [width, height, seconds, channels]] of clips)
    test(`${name} becomes a film or a recording that plays`, () => {
      family.must('kit', made(name, words), '-o', out_of(name))
      const about = probe(out_of(name))
      const [film] = of_kind(about, 'video'), [sound] = of_kind(about, 'audio')
      assert.deepEqual([film?.width ?? 0, film?.height ?? 0], [width, height])
      assert.equal(sound?.channels, channels)
      assert.ok(Math.abs(Number((film ?? sound).duration) - seconds) < 0.041, (film ?? sound).duration)
      const played = spawnSync('ffmpeg', ['-v', 'error', '-i', out_of(name), '-f', 'null', '-'], { encoding: 'utf8' })
      assert.equal(played.stderr, '')
    })

  test('damage in the middle costs only what is damaged', () => {
    const path = made('damaged.mkv', [...picture('320x240', 4), ...tone(4), ...x264, '-g', '10', '-c:a', 'aac'])
    const bytes = readFileSync(path)
    for (let i = Math.floor(bytes.length / 3), state = 1; i < bytes.length / 2; i++)
      bytes[i] = (state = (state * 1103515245 + 12345) % 2147483648) >> 8
    writeFileSync(path, bytes)
    family.must('kit', path, '-o', out_of('damaged'))
    const [film] = of_kind(probe(out_of('damaged')), 'video')
    assert.ok(Math.abs(Number(film.duration) - 4) < 0.05, film.duration)
    assert.ok(Number(film.nb_frames) > 40, film.nb_frames)
  })

  test('what is no film is refused, and no file is left', () => {
    for (const [name, bytes] of [['empty.mp4', ''], ['words.mp4', 'a shopping list '.repeat(99)]]) {
      const { status, last } = family.run('kit', family.put(name, bytes), '-o', out_of(name))
      assert.equal(status, 1)
      assert.ok(last.error, name)
      assert.ok(!existsSync(out_of(name)))
    }
  })

  test('a disk that is full while it writes is said so, and no half film stays', { skip: process.getuid() !== 0 && 'needs root to mount' }, (t) => {
    const disk = join(family.folder, 'disk')
    const path = made('noise.mp4', [...picture('640x360', 3, ',noise=alls=60:allf=t'), ...x264])
    mkdirSync(disk)
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', disk]).status !== 0) return t.skip('no tmpfs here')
    try {
      const { status, last } = family.run('kit', path, '-o', join(disk, 'better.mp4'))
      assert.equal(status, 1)
      assert.equal(last.error, 'full')
      assert.deepEqual(readdirSync(disk), [])
    } finally {
      spawnSync('umount', [disk])
    }
  })

  // Three voices, subtitles, chapters, the maker's words; every third frame is missing.
  const rich = () => {
    family.put('s.srt', '1\n00:00:00,500 --> 00:00:01,000\n奶奶好\n')
    family.put('m.txt', ';FFMETADATA1\ntitle=Dinner\ncreation_time=2001-02-03T04:05:06Z\nmake=Acme\nlocation=+31.2000+121.4000/\n' +
      '[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=4000\ntitle=二\n')
    return made('rich.mov', [...picture('320x240', 4), ...tone(4), ...tone(4), '-i', join(family.pictures, 's.srt'), '-i', join(family.pictures, 'm.txt'),
      '-map', '0', '-map', '1', '-map', '2', '-map', '3', '-map_metadata', '4', '-map_chapters', '4', '-vf', "select='mod(n+1,3)'", '-fps_mode', 'vfr',
      ...x264, '-c:a:0', 'aac', '-c:a:1', 'pcm_s16le', '-c:s', 'mov_text', '-movflags', 'use_metadata_tags', '-metadata:s:a:1', 'language=chi'])
  }
  const times = (path) => {
    const told = spawnSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=pts_time', '-of', 'csv=p=0', path], { encoding: 'utf8' })
    return told.stdout.split('\n').map((line) => parseFloat(line)).filter((at) => at >= 0)
  }

  test('frames keep their times, and all that lay beside them comes over', () => {
    const path = rich(), out = out_of('rich')
    const { carried } = family.must('kit', path, '-o', out).last
    const was = times(path), is = times(out), about = probe(out)
    assert.equal(is.length, was.length)
    for (const [i, at] of is.entries()) assert.ok(Math.abs(at - was[i]) < 0.001, `frame ${i} at ${at} s, not ${was[i]}`)
    assert.deepEqual(carried.map(({ kind, way }) => [kind, way]).filter(([kind]) => kind !== 'data'), [['audio', 'copied'], ['audio', 'flac'], ['subtitle', 'text']])
    assert.equal(about.format.tags.title, 'Dinner')
    assert.equal(about.format.tags.make, 'Acme')
    assert.match(about.format.tags.location, /^\+31\.2000\+121\.4000/)
    assert.match(about.format.tags.creation_time, /^2001-02-03T04:05:06/)
    assert.deepEqual(about.chapters.map(({ tags }) => tags.title), ['One', '二'])
    assert.equal(of_kind(about, 'subtitle').length, 1)
    assert.equal(of_kind(about, 'audio').at(-1).tags.language, 'chi')
  })

  test('sound that is not wanted better is the very same', () => {
    const path = join(family.pictures, 'rich.mov'), out = out_of('same')
    family.must('kit', '--steady', existsSync(path) ? path : rich(), '-o', out)
    const first = (file) => spawnSync('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:a:0', '-c', 'copy', '-f', 'adts', '-'], { maxBuffer: 1 << 26 }).stdout
    assert.ok(first(path).length > 1000)
    assert.ok(first(path).equals(first(out)))
  })
})
