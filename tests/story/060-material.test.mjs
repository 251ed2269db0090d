// SPDX-License-Identifier: AGPL-3.0-or-later
// Real files that nobody of this project wrote come in: all that open, and those made to do harm.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { Family, ffmpeg, has_material, has_program, material, program } from './family.mjs'

const why = (!has_program && 'no kinreel built') || (!has_material && 'no ../shared/material')

function manifest() {
  const [head, ...rows] = readFileSync(join(material, 'MANIFEST.tsv'), 'utf8').trim().split('\n').map((line) => line.split('\t'))
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])))
}

// The sum of PSS over a process and all below it, in MiB.
function pss_of(pid) {
  const parents = new Map()
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      continue
    }
  const family = (one) => one === pid || (parents.has(one) && parents.get(one) > 1 && family(parents.get(one)))
  let sum = 0
  for (const one of parents.keys())
    if (family(one))
      try {
        sum += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))[1]) / 1024
      } catch {
        continue
      }
  return sum
}

describe('the real material', { skip: why }, () => {
  let family, files, status, peak = 0, slowest = 0
  before(async () => {
    family = new Family()
    const child = spawn(program, ['-C', family.archive, '--json', 'add', material], { env: family.env(), stdio: ['ignore', 'pipe', 'inherit'] })
    let text = '', last = Date.now()
    child.stdout.on('data', (piece) => {
      text += piece
      slowest = Math.max(slowest, Date.now() - last)
      last = Date.now()
    })
    const watch = setInterval(() => (peak = Math.max(peak, pss_of(child.pid))), 100)
    const [code] = await once(child, 'close')
    clearInterval(watch)
    status = code
    files = text.split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter((line) => 'status' in line)
  })
  after(() => family?.close())

  test('it ends, in part, and speaks of every file', () => {
    assert.equal(status, 3)
    const told = new Set(files.map((file) => file.path))
    const silent = manifest().filter((row) => !row.path.endsWith('.DS_Store') && !told.has(join(material, row.path).replaceAll('%', '%25')))
    assert.deepEqual(silent.map((row) => row.path), [])
  })

  test('every file that opens is added', () => {
    const fate = new Map(files.map((file) => [file.path, file]))
    const lost = manifest().filter((row) => row.opens === 'yes')
      .map((row) => fate.get(join(material, row.path).replaceAll('%', '%25')))
      .filter((file) => !file || file.status === 'refused')
    assert.deepEqual(lost.map((file) => `${file.path}: ${file.reason}`), [])
  })

  test('what opens is shown, unless it is over the limits', () => {
    const over = ['17000x17000.avif', '65536-uint32-limit.png']
    // Samples cut off behind their headers, for readers of metadata, and one PNG broken by design.
    const cut = ['M2TS.mts', 'Opus.opus', 'QuickTime.heic', 'QuickTime.mov', 'RIFF.wav', 'xcsn0g01.png']
    const fate = new Map(files.map((file) => [file.path, file]))
    const dark = manifest().filter((row) => row.opens === 'yes' && ![...over, ...cut].some((name) => row.path.endsWith('/' + name)))
      .map((row) => fate.get(join(material, row.path).replaceAll('%', '%25'))).filter((file) => file.damaged !== '')
    assert.deepEqual(dark.map((file) => `${file.path}: ${file.damaged}`), [])
  })

  test('no text becomes a picture', () => {
    const fate = new Map(files.map((file) => [file.path, file]))
    const wrong = manifest().filter((row) => row.opens === 'text')
      .map((row) => fate.get(join(material, row.path).replaceAll('%', '%25')))
      .filter((file) => file && file.status !== 'refused' && !file.sidecar)
    assert.deepEqual(wrong.map((file) => file.path), [])
  })

  test('nothing took a minute, and memory stayed below 1.5 GiB', (t) => {
    t.diagnostic(`peak PSS ${Math.round(peak)} MiB, longest silence ${slowest} ms`)
    assert.ok(slowest < 60000, `${slowest} ms`)
    assert.ok(peak > 0 && peak < 1536, `${peak} MiB`)
  })

  test('the archive is whole afterwards', () => assert.equal(family.run('check').status, 0))

  test('the day of scanning is never the day of the memory; XMP and Takeout notes are read', () => {
    const [takeout] = family.find('PXL_20231006_063000139.jpg')
    const known = family.must('show', takeout.id).last
    assert.ok(known.claims.some((claim) => claim.predicate === 'sidecar'))
    const faces = family.find('portrait.jpg').map((item) => family.must('show', item.id).last)
    assert.ok(faces.some((item) => item.extra.regions?.length > 0))
  })
})

describe('kinds that are missing there', { skip: !has_program && 'no kinreel built' }, () => {
  let family
  before(() => (family = new Family()))
  after(() => family?.close())

  test('are made with ffmpeg and come in', () => {
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=1']
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1']
    const out = (name) => join(family.pictures, name)
    ffmpeg(...picture, ...tone, out('a.mpg'))
    ffmpeg(...picture, ...tone, '-c:v', 'mpeg2video', out('b.ts'))
    ffmpeg(...picture, ...tone, out('c.avi'))
    ffmpeg(...picture, ...tone, out('d.webm'))
    ffmpeg(...picture, ...tone, out('e.mkv'))
    ffmpeg(...picture, ...tone, '-c:v', 'h263', '-s', '352x288', '-c:a', 'aac', out('f.3gp'))
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=720x576:rate=25:duration=1', '-target', 'pal-dv', out('g.dv'))
    for (const name of ['h.m4a', 'i.mp3', 'j.ogg', 'k.wav', 'l.flac']) ffmpeg(...tone, out(name))
    for (const name of ['m.bmp', 'n.tif', 'o.webp', 'p.gif']) ffmpeg(...picture, '-frames:v', '1', out(name))
    const { files, sum } = family.add(family.pictures)
    assert.deepEqual(files.filter((file) => file.status !== 'added' || file.damaged), [])
    assert.equal(sum.added, 16)
    assert.equal(family.find('type:audio').length, 5)
    assert.equal(family.find('type:video').length, 7)
    assert.equal(family.find('type:photo').length, 4)
  })
})
