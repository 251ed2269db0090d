// SPDX-License-Identifier: AGPL-3.0-or-later
// A family brings its pictures: they are kept once, found again, said of, forgotten when asked.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Family, album, has_program, png, program } from './family.mjs'

describe('the sample album comes in', { skip: !has_program && 'no kinreel built' }, () => {
  let family
  before(() => (family = new Family()))
  after(() => family?.close())

  test('every picture, clip and voice is kept, with what its side-car says', () => {
    const { status, files, sum } = family.add(album())
    assert.equal(status, 0, JSON.stringify(files.filter((file) => file.status === 'refused')))
    assert.equal(sum.refused, 0)
    assert.equal(sum.added, 13)
    assert.ok(files.every((file) => file.damaged === ''))
    const [portrait] = family.find('八五年夏天')
    const known = family.must('show', portrait.id).last
    assert.equal(known.date, '1985')
    assert.deepEqual(known.extra.keywords, ['synthetic', '全家福', '奶奶'])
    assert.equal(known.extra.regions[0].name, '奶奶')
    assert.ok(known.claims.some((claim) => claim.predicate === 'caption' && claim.who === 'sidecar'))
  })

  test('a second time adds nothing and reads nothing', () => {
    const began = Date.now()
    const { status, sum } = family.add(album())
    assert.equal(status, 0)
    assert.equal(sum.added, 0)
    assert.equal(sum.duplicate, 13)
    assert.ok(Date.now() - began < 3000)
  })

  test('it is found by one character, by two, by sound, by year and by kind', () => {
    for (const question of ['奶奶', '奶', 'nainai', 'nn', 'NaiNai'])
      assert.equal(family.find(question).length, 3, question)
    assert.equal(family.find('bridge').length, 1)
    assert.equal(family.find('year:1980s', 'type:photo').length, 2)
    assert.equal(family.find('type:video').length, 2)
    assert.equal(family.find('type:audio').length, 3)
    assert.equal(family.find('婚宴').length, 1)
    assert.equal(family.find('老屋 -奶奶').every((item) => !item.caption.includes('奶奶')), true)
    assert.equal(family.find('没有这个词').length, 0)
  })

  test('two may date one picture differently: both stay, a person comes first', () => {
    const [{ id }] = family.find('婚宴')
    family.must('set', id, 'date=九十年代初')
    family.must('set', id, 'date=1993~', 'place=杭州', 'person+=姑姑', 'favourite=yes')
    const known = family.must('show', id).last
    assert.equal(known.date, '1993~')
    assert.equal(known.date_source, 'person')
    assert.equal(known.favourite, true)
    const dates = known.claims.filter((claim) => claim.predicate === 'date')
    assert.ok(dates.length >= 3)
    assert.equal(family.find('person:姑姑').length, 1)
    family.must('set', id, 'person-=姑姑')
    assert.equal(family.find('person:姑姑').length, 0)
    const wrong = family.run('set', id, 'date=some time ago, I think')
    assert.equal(wrong.status, 1)
    assert.equal(wrong.last.error, 'invalid')
  })

  test('what is trashed comes back, what is forgotten does not', () => {
    const [{ id, names }] = family.find('hands.jpg')
    const sha256 = family.must('show', id).last.sha256
    family.must('trash', 'put', id)
    assert.equal(family.find('hands.jpg').length, 0)
    assert.equal(family.add(album()).sum.added, 0)
    family.must('trash', 'back', id)
    assert.equal(family.find('hands.jpg').length, 1)
    family.must('trash', 'put', id)
    assert.equal(family.run('trash', 'empty').status, 2) // only a person who says so
    family.must('trash', 'empty', '--yes')
    assert.equal(family.blobs().includes(sha256), false)
    const again = family.add(join(album(), names))
    assert.equal(again.files[0].status, 'refused')
    const left = spawnSync('grep', ['-rl', '-e', sha256, '-e', id, join(family.archive, 'claims'),
      join(family.archive, 'kinreel.db'), join(family.archive, 'kinreel.db-wal')], { encoding: 'utf8' })
    assert.equal(left.stdout, '')
  })

  test('plain files are handed on, and sha256sum agrees', () => {
    const dest = join(family.folder, 'plain')
    family.must('export', 'files', dest)
    const sums = spawnSync('sha256sum', ['-c', '--quiet', 'manifest-sha256.txt'], { cwd: dest, encoding: 'utf8' })
    assert.equal(sums.status, 0, sums.stdout + sums.stderr)
    assert.ok(readdirSync(dest).includes('1985'))
  })

  test('a backup on an emptied disk gives the same archive again', () => {
    const backup = join(family.folder, 'backup')
    assert.ok(family.must('backup', backup).last.copied > 0)
    assert.equal(family.must('backup', backup).last.copied, 0)
    const before = family.manifest()
    const back = new Family()
    try {
      spawnSync('rm', ['-rf', back.archive])
      back.must('restore-archive', backup, back.archive)
      assert.deepEqual(back.manifest(), before)
      assert.equal(back.run('check').status, 0)
    } finally {
      back.close()
    }
  })

  test('the index made again from truth is the same', () => {
    const before = family.manifest()
    family.must('rebuild')
    assert.deepEqual(family.manifest(), before)
    assert.equal(family.find('奶奶').length, 2)
  })

  test('one flipped bit is named', () => {
    assert.equal(family.must('check').last.damaged, 0)
    const name = family.blobs()[0]
    const path = join(family.archive, 'blobs', name.slice(0, 2), name.slice(2))
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1] ^= 4
    spawnSync('chmod', ['u+w', path])
    writeFileSync(path, bytes)
    const { status, lines } = family.run('check')
    assert.equal(status, 1)
    assert.ok(lines.some((line) => line.trouble === 'damaged' && line.of === name))
  })
})

describe('files that are not as they should be', { skip: !has_program && 'no kinreel built' }, () => {
  let family
  before(() => (family = new Family()))
  after(() => family?.close())

  test('the same bytes at three places are one item with three places', () => {
    const picture = png(40, 30, [200, 80, 60])
    for (const name of ['a.png', 'b/a.png', 'b/c.jpg']) family.put(name, picture)
    const { sum, files } = family.add(family.pictures)
    assert.equal(sum.added, 1)
    assert.equal(sum.duplicate, 2)
    assert.equal(new Set(files.map((file) => file.id)).size, 1)
    const known = family.must('show', files[0].id).last
    assert.equal(known.claims.filter((claim) => claim.predicate === 'found').length, 3)
    assert.equal(family.blobs().length, 1)
  })

  test('names with a newline and names that are no UTF-8 are kept and told exactly', () => {
    const folder = join(family.pictures, 'names')
    mkdirSync(folder)
    const odd = Buffer.concat([Buffer.from(folder + '/'), Buffer.from([0xe5, 0xff, 0x41]), Buffer.from('.png')])
    writeFileSync(odd, png(20, 20, [1, 200, 3]))
    writeFileSync(join(folder, 'two\nlines.png'), png(21, 20, [1, 2, 203]))
    const { files, sum } = family.add(folder)
    assert.equal(sum.added, 2)
    const raw = files.find((file) => file.path_base64)
    assert.deepEqual(Buffer.from(raw.path_base64, 'base64'), odd)
    assert.ok(raw.path.includes('%FF'))
    assert.ok(files.some((file) => file.path.endsWith('two%0Alines.png')))
  })

  test('what is no picture is refused with its reason, and the rest comes in', () => {
    const bad = join(family.pictures, 'bad')
    mkdirSync(bad)
    writeFileSync(join(bad, 'empty.jpg'), '')
    writeFileSync(join(bad, 'letter.txt'), 'Dear all,\n')
    writeFileSync(join(bad, 'fine.png'), png(8, 8, [9, 9, 9]))
    copyFileSync(program, join(bad, 'program.jpg'))
    const { status, files, sum } = family.add(bad, join(bad, 'missing.jpg'))
    assert.equal(status, 3)
    assert.deepEqual([sum.added, sum.refused], [1, 4])
    for (const file of files.filter((one) => one.status === 'refused')) assert.notEqual(file.reason, '')
    assert.match(files.find((file) => file.path.endsWith('empty.jpg')).reason, /empty/)
  })

  test('a truncated film is kept and said so', () => {
    const whole = readFileSync(join(album(), '老屋', 'VID_20030412_152200_shaky.mp4'))
    const cut = family.put('cut.mp4', whole.subarray(0, 5000))
    const { status, files } = family.add(cut)
    assert.equal(status, 0)
    assert.equal(files[0].status, 'added')
    assert.notEqual(files[0].damaged, '')
    assert.equal(statSync(join(family.archive, 'blobs', files[0].sha256.slice(0, 2), files[0].sha256.slice(2))).size, 5000)
  })

  test('a picture of 40,000 x 40,000 comes in without eating the machine', () => {
    const path = family.put('huge.png', png(40000, 40000, [120, 130, 140]))
    const began = Date.now()
    const { files } = family.add(path)
    assert.equal(files[0].status, 'added')
    assert.ok(Date.now() - began < 60000)
  })

  test('a folder that may not be read is named, for one who is not root', { skip: process.getuid() !== 0 && 'needs root to become nobody' }, () => {
    const closed = join(family.folder, 'open', 'closed')
    mkdirSync(closed, { recursive: true })
    writeFileSync(join(closed, 'x.png'), png(8, 8, [1, 1, 1]))
    spawnSync('chmod', ['755', family.folder, join(family.folder, 'open')])
    spawnSync('chmod', ['000', closed])
    const theirs = join(family.folder, 'theirs')
    mkdirSync(theirs)
    spawnSync('chown', ['-R', 'nobody:nogroup', theirs])
    const as_nobody = (...words) => spawnSync('setpriv', ['--reuid=nobody', '--regid=nogroup', '--clear-groups', program,
      '-C', join(theirs, 'a'), '--json', ...words], { encoding: 'utf8', env: family.env() })
    const made = as_nobody('init')
    if (made.status !== 0 && /permission denied/.test(made.stderr) && /open the folder/.test(made.stderr) === false) return
    assert.equal(made.status, 0, made.stderr)
    const { status, stdout } = as_nobody('add', join(family.folder, 'open'))
    assert.equal(status, 3)
    assert.match(stdout, /permission denied/)
  })

  test('a full disk is said so, and what was acknowledged stays', { skip: process.getuid() !== 0 && 'needs root to mount' }, (t) => {
    const disk = join(family.folder, 'disk')
    mkdirSync(disk)
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]).status !== 0) return t.skip('no tmpfs here')
    try {
      const small = new Family()
      small.archive = join(disk, 'archive')
      for (let i = 0; i < 12; i++) {
        const noise = join(small.pictures, `${i}.png`)
        spawnSync('python3', ['-c', `
import os, struct, zlib
def chunk(t, d): return struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
rows = b''.join(b'\\0' + os.urandom(600 * 3) for _ in range(400))
open(${JSON.stringify(noise)}, 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 600, 400, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(rows, 0)) + chunk(b'IEND', b''))`])
      }
      small.must('init')
      small.must('settings', 'add.free_mib=1')
      const { status, files, last } = small.add(small.pictures)
      assert.equal(status, 1)
      assert.equal(last.error, 'full')
      const kept = files.filter((file) => file.status === 'added')
      assert.equal(small.run('check').last.damaged, 0)
      assert.equal(small.find('type:photo').length, kept.length)
      small.close()
    } finally {
      spawnSync('umount', [disk])
    }
  })
})
