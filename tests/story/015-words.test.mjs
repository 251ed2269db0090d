// SPDX-License-Identifier: AGPL-3.0-or-later
// What one types: words that are understood, words that are not, and what they do to the house.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawn, spawnSync } from 'node:child_process'
import { Family, has_program, png, program } from './family.mjs'

const xmp = (caption) =>
  `<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''
xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:description><rdf:Alt><rdf:li
xml:lang='x-default'>${caption}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF>
</x:xmpmeta><?xpacket end='w'?>`

describe('words', { skip: !has_program && 'no kinreel built' }, () => {
  let family
  before(() => (family = new Family()))
  after(() => family.close())

  test('files named one by one bring their side-cars', () => {
    const picture = family.put('one.png', png(30, 20, [10, 20, 30]))
    const note = family.put('one.png.xmp', xmp('the house by the bridge'))
    const { status, sum } = family.add(note, picture)
    assert.equal(status, 0)
    assert.deepEqual([sum.added, sum.refused], [1, 0])
    assert.equal(family.find('bridge').length, 1)
  })

  test('a folder above the archive brings nothing of the archive in', () => {
    const { status, sum, files } = family.add(family.folder)
    assert.equal(status, 3)
    assert.equal(sum.added, 0)
    const refused = files.filter((file) => file.status === 'refused')
    assert.deepEqual(refused.map((file) => file.path), [family.archive])
  })

  test('nobody speaks as a file', () => {
    const [{ id }] = family.find('bridge')
    assert.equal(family.run('--as', 'exif', 'show', id).status, 2)
    assert.equal(spawnSync(program, ['-C', family.archive, '--as', 'exif', 'set', id, 'date=1985']).status, 2)
    assert.equal(spawnSync(program, ['-C', family.archive, '--as', '奶奶', 'set', id, 'date=1985~']).status, 0)
    const known = family.must('show', id).last
    assert.equal(known.date, '1985~')
    assert.equal(known.date_source, 'person')
    assert.ok(known.claims.some((claim) => claim.who === '奶奶'))
  })

  test('the trash is emptied only by who says so', () => {
    const path = family.put('gone.png', png(31, 20, [1, 2, 3]))
    const { files } = family.add(path)
    family.must('trash', 'put', files[0].id)
    assert.equal(family.run('trash', 'empty').status, 2)
    assert.deepEqual(family.must('trash').lines.map((line) => line.id), [files[0].id])
    assert.equal(family.must('trash', 'empty', '--older-than', '1', '--yes').last.forgotten, 0)
    assert.equal(family.must('trash', 'empty', '--yes').last.forgotten, 1)
    assert.equal(family.run('show', files[0].id).status, 1)
    assert.match(family.add(path).files[0].reason, /trash/)
  })

  test('a setting has a source, and nonsense is refused', () => {
    family.must('settings', 'trash.days=60')
    const row = (more) => {
      const done = spawnSync(program, ['-C', family.archive, '--json', 'settings'], { encoding: 'utf8', env: family.env(more) })
      return done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)).find((one) => one.key === 'trash.days')
    }
    assert.deepEqual([row().value, row().from], ['60', 'archive'])
    assert.deepEqual([row({ KINREEL_TRASH_DAYS: '7' }).value, row({ KINREEL_TRASH_DAYS: '7' }).from], ['7', 'environment'])
    assert.notEqual(family.run('settings', 'trash.days=soon').status, 0)
    assert.notEqual(family.run('settings', 'no.such=1').status, 0)
    family.must('settings', 'trash.days=')
    assert.equal(row().from, 'default')
  })

  test('an export never lies down among other files', () => {
    const full = join(family.folder, 'full')
    mkdirSync(full)
    writeFileSync(join(full, 'letter.txt'), 'Dear all')
    assert.equal(family.run('export', 'files', full).last.error, 'exists')
    assert.deepEqual(readdirSync(full), ['letter.txt'])
    family.must('export', 'files', join(family.folder, 'new', 'one'))
    assert.ok(existsSync(join(family.folder, 'new', 'one', 'manifest.jsonl')))
  })

  test('a server that is asked to go takes its worker with it', async () => {
    const child = spawn(program, ['-C', family.archive, 'serve', '--listen', '127.0.0.1:0'], { env: family.env(), stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    await sleep(700) // the worker has started
    const began = Date.now()
    child.kill('SIGTERM')
    await once(child, 'exit')
    assert.equal(child.exitCode, 0)
    assert.ok(Date.now() - began < 6000)
  })
})
