// SPDX-License-Identifier: AGPL-3.0-or-later
// What a keeper sees to, over HTTP: folders are chosen, come in, and are backed up; a disk that is away, a
// worker that is killed, somebody who may not.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { House, has_program, picture, program, sleep } from './house.mjs'

const password = '桥边的老屋1985'
const cookieOf = (answer) => answer.headers['set-cookie']?.[0].split(';')[0] ?? ''
const open = ['waiting', 'running']

function run(house, ...words) {
  const done = spawnSync(program, ['-C', house.archive, '--json', ...words], { encoding: 'utf8', env: house.env })
  return { status: done.status, said: done.stderr, rows: done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) }
}

describe('a keeper sees to the house', { skip: !has_program && 'no kinreel built' }, () => {
  let house, folder, cookie, teller
  const ask = (method, path, body, as = cookie) =>
    house.ask(method, '/api/v1' + path, { headers: as ? { Cookie: as } : {}, ...(body === undefined ? {} : { body }) })
  const folders = (path, as) => ask('GET', '/folders?path=' + encodeURIComponent(path), undefined, as)
  const say = (settings, as) => ask('POST', '/settings', { settings }, as)
  const job = (body, as) => ask('POST', '/jobs', body, as)

  // Works what waits, as `serve` has it done.
  const work = () => spawnSync(program, ['-C', house.archive, 'worker', '--once'], { env: house.env, encoding: 'utf8' })
  const look = async (id) => (await ask('GET', `/jobs/${id}`)).json

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kinreel-folders-'))
    for (const name of ['照片', '照片/1985', '照片/.thumbs', 'disk']) mkdirSync(join(folder, name))
    for (let i = 0; i < 6; i++) writeFileSync(join(folder, '照片', i < 3 ? '.' : '1985', `p${i}.png`), picture(64, 48, i))
    writeFileSync(join(folder, '照片', 'letter.txt'), 'Dear cousin')
    house = await House.open({ env: { HOME: folder, KINREEL_JOBS_LEASE_S: '5' } })
    const owner = await ask('POST', '/owner', { name: '妈妈', password })
    cookie = cookieOf(owner)
    assert.equal((await ask('POST', '/accounts', { name: 'anna', password, role: 'teller' })).status, 201)
    teller = cookieOf(await house.ask('POST', '/api/v1/enter', { body: { name: 'anna', password } }))
  })
  after(async () => {
    await house?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a folder is found by walking down from home, and nobody but a keeper walks', async () => {
    const home = (await folders('')).json
    assert.equal(home.path, folder)
    assert.deepEqual(home.folders.map((one) => one.name), ['disk', '照片'])
    assert.ok(home.places.some((place) => place.name === 'home' && place.path === folder))
    const pictures = (await folders(home.folders[1].path)).json
    assert.deepEqual([pictures.folders.map((one) => one.name), pictures.files, pictures.parent], [['1985'], 4, folder])
    assert.ok(!JSON.stringify(pictures).includes('letter'))
    for (const [path, status, title] of [[join(folder, 'none'), 404, 'no_folder'], ['照片', 422, 'invalid'], [join(folder, '照片/letter.txt'), 404, 'no_folder'], ['/%00', 422, 'invalid']]) {
      const answer = await folders(path)
      assert.deepEqual([answer.status, answer.json.title], [status, title], path)
      assert.ok(answer.json.detail.length > 5)
    }
    assert.equal((await folders('', teller)).status, 403)
    assert.equal((await folders('', '')).status, 401)
  })

  test('a folder that may not be read says so', { skip: process.getuid?.() !== 0 && 'not root' }, async () => {
    const closed = join(folder, 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o700)
    chmodSync(folder, 0o755)
    const poor = mkdtempSync(join(tmpdir(), 'kinreel-poor-'))
    spawnSync('chown', ['65534:65534', poor])
    const drop = ['--reuid=65534', '--regid=65534', '--clear-groups', program, '-C', join(poor, 'a')]
    assert.equal(spawnSync('setpriv', [...drop, 'init']).status, 0)
    const child = spawn('setpriv', [...drop, '--json', 'serve', '--no-worker', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      const { address } = JSON.parse(await new Promise((done) => child.stdout.once('data', done)))
      const answer = await fetch(`${address}api/v1/folders?path=${encodeURIComponent(closed)}`)
      assert.deepEqual([answer.status, (await answer.json()).title], [403, 'closed_folder'])
    } finally {
      child.kill()
      await new Promise((done) => child.on('exit', done))
      rmSync(poor, { recursive: true, force: true })
      rmSync(closed, { recursive: true })
    }
  })

  test('from afar, a keeper too neither walks through the disks nor takes or fills a folder there', async () => {
    const afar = (method, path, body) =>
      house.ask(method, '/api/v1' + path, { headers: { Cookie: cookie, 'X-Forwarded-For': '203.0.113.7' }, ...(body ? { body } : {}) })
    for (const answer of [
      await afar('GET', '/folders'),
      await afar('POST', '/jobs', { kind: 'add', path: folder }),
      await afar('POST', '/settings', { settings: { 'backup.place': join(folder, 'disk') } }),
    ])
      assert.deepEqual([answer.status, answer.json.title], [403, 'afar'])
    assert.equal((await afar('GET', '/me')).json.near, false)
    assert.equal((await afar('POST', '/settings', { settings: { 'trash.days': null } })).status, 200)
  })

  test('a folder comes in as a job; what was refused is told by name and reason', async () => {
    const asked = await job({ kind: 'add', path: join(folder, '照片') })
    assert.equal(asked.status, 202, String(asked.bytes))
    assert.equal(asked.json.state, 'waiting')
    assert.equal((await ask('GET', `/jobs/${asked.json.id}`, undefined, teller)).status, 404)
    assert.deepEqual((await ask('GET', '/jobs', undefined, teller)).json.jobs, [])
    assert.equal((await ask('DELETE', `/jobs/${asked.json.id}`, undefined, teller)).status, 404)
    assert.equal(work().status, 0)
    const done = await look(asked.json.id)
    assert.deepEqual([done.state, done.result.added, done.result.refused, done.result.files], ['done', 6, 1, 7])
    assert.equal(done.result.refusals[0].code, 'unsupported')
    assert.ok(done.result.refusals[0].path.endsWith('letter.txt'))
    assert.equal((await ask('GET', '/items')).json.total, 6)
    const again = await job({ kind: 'add', path: join(folder, '照片') })
    work()
    assert.deepEqual(((r) => [r.added, r.duplicates])((await look(again.json.id)).result), [0, 6])
  })

  test('a path that is gone, or goes while the job waits; a job that is cancelled', async () => {
    assert.equal((await job({ kind: 'add', path: join(folder, 'none') })).status, 404)
    assert.equal((await job({ kind: 'add', path: 'none' })).status, 422)
    assert.equal((await job({ kind: 'add' })).status, 422)
    assert.equal((await job({ kind: 'add', path: folder }, teller)).status, 403)
    const late = join(folder, 'late')
    mkdirSync(late)
    const asked = await job({ kind: 'add', path: late })
    rmSync(late, { recursive: true })
    const unwanted = await job({ kind: 'add', path: join(folder, 'disk') })
    assert.equal((await ask('DELETE', `/jobs/${unwanted.json.id}`)).status, 204)
    assert.equal(work().status, 0)
    const failed = await look(asked.json.id)
    assert.deepEqual([failed.state, failed.result.code], ['failed', 'not_found'])
    assert.equal((await look(unwanted.json.id)).state, 'cancelled')
  })

  test('settings are told with their words, and changed all together or not at all', async () => {
    const all = (await ask('GET', '/settings')).json.settings
    const days = all.find((one) => one.key === 'trash.days')
    assert.deepEqual([days.value, days.from, days.type, days.least, days.most], ['30', 'default', 'int', 1, 3650])
    assert.ok(all.every((one) => one.text.length > 5))
    assert.deepEqual(run(house, 'settings').rows.map((row) => row.key), all.map((one) => one.key))
    assert.equal((await say({ 'trash.days': 60, 'backup.every_days': 'soon' })).status, 422)
    assert.equal((await say({ 'trash.days': 60, 'no.such': '1' })).status, 422)
    assert.equal((await say({ 'trash.days': [1] })).status, 422)
    assert.equal((await say('x')).status, 422)
    assert.equal(run(house, 'settings').rows.find((row) => row.key === 'trash.days').value, '30')
    const changed = (await say({ 'trash.days': 60 })).json.settings.find((one) => one.key === 'trash.days')
    assert.deepEqual([changed.value, changed.from], ['60', 'archive'])
    assert.equal((await say({ 'trash.days': null })).json.settings.find((one) => one.key === 'trash.days').from, 'default')
    assert.equal((await say({ 'trash.days': 9 }, teller)).status, 403)
  })

  test('a place for backups is looked at first; then the backup is made, and says how it went', async () => {
    assert.equal((await job({ kind: 'backup' })).json.title, 'no_place')
    for (const [place, title] of [[join(house.archive, 'in'), 'closed_folder'], [join(folder, '照片'), 'full_folder'], [join(folder, 'a/b'), 'no_folder'], ['disk', 'invalid']]) {
      const answer = await say({ 'backup.place': place })
      assert.equal(answer.json.title, title, place)
    }
    assert.equal((await say({ 'backup.place': join(folder, 'disk/copies'), 'backup.every_days': 3 })).status, 200)
    const first = (await ask('GET', '/backup')).json
    assert.deepEqual([first.place, first.every_days, first.done_ms, first.due, first.late, first.job], [join(folder, 'disk/copies'), 3, 0, true, false, null])
    const asked = await job({ kind: 'backup' })
    assert.equal((await job({ kind: 'backup' })).json.id, asked.json.id)
    assert.equal(work().status, 0)
    const made = (await ask('GET', '/backup')).json
    assert.deepEqual([made.job.state, made.blobs, made.copied, made.missing, made.due, made.late], ['done', 6, 6, 0, false, false])
    assert.ok(Math.abs(made.done_ms - Date.now()) < 60_000)
    assert.equal(run(house, 'backup', '--state').rows[0].done_ms, made.done_ms)
    assert.equal(run({ ...house, archive: join(folder, 'disk/copies') }, 'check').status, 0)
  })

  test('a disk that is not plugged in is trouble that is said; plugged in again, all is well', async () => {
    renameSync(join(folder, 'disk'), join(folder, 'away'))
    mkdirSync(join(folder, 'disk'))
    const asked = await job({ kind: 'backup' })
    work()
    assert.deepEqual(((one) => [one.state, one.result.code])(await look(asked.json.id)), ['failed', 'not_found'])
    assert.ok(!existsSync(join(folder, 'disk/copies')))
    const now = (await ask('GET', '/backup')).json
    assert.deepEqual([now.late, now.trouble], [true, 'not_found'])
    assert.equal(run(house, 'backup', '--state').status, 3)
    rmSync(join(folder, 'disk'), { recursive: true })
    renameSync(join(folder, 'away'), join(folder, 'disk'))
    assert.equal(run(house, 'backup').status, 0)
    assert.equal((await ask('GET', '/backup')).json.late, false)
  })

  test('a worker that is killed in the middle of a backup: the next one ends it', async () => {
    const many = join(folder, 'many')
    mkdirSync(many)
    for (let i = 0; i < 40; i++) writeFileSync(join(many, `m${i}.png`), picture(900, 700, i, { level: 0 }))
    const added = await job({ kind: 'add', path: many })
    work()
    assert.equal((await look(added.json.id)).result.added, 40)
    assert.equal((await say({ 'backup.place': join(folder, 'disk/second') })).status, 200)
    const asked = await job({ kind: 'backup' })
    const worker = spawn(program, ['-C', house.archive, 'worker'], { env: house.env, stdio: 'ignore' })
    const ended = new Promise((done) => worker.on('exit', done))
    const blobs = join(folder, 'disk/second/blobs')
    for (let tries = 0; tries < 3000 && !existsSync(blobs); tries++) await sleep(2)
    worker.kill('SIGKILL')
    await ended
    const state = (await look(asked.json.id)).state
    assert.ok(open.includes(state), `it was too quick to be killed: ${state}`)
    // Its lease runs out, and another takes it.
    const next = spawn(program, ['-C', house.archive, 'worker'], { env: house.env, stdio: 'ignore' })
    for (let tries = 0; tries < 300 && open.includes((await look(asked.json.id)).state); tries++) await sleep(100)
    next.kill()
    await new Promise((done) => next.on('exit', done))
    const made = await look(asked.json.id)
    assert.equal(made.state, 'done', made.error)
    assert.equal(made.result.blobs, 46)
    assert.equal(run({ ...house, archive: join(folder, 'disk/second') }, 'check').status, 0)
  })

  test('a backup that is due is made without anybody asking', async () => {
    assert.equal((await say({ 'backup.place': join(folder, 'disk/third') })).status, 200)
    await house.stop()
    await house.start([])
    let now
    for (let tries = 0; tries < 200; tries++) {
      now = (await ask('GET', '/backup')).json
      if (now.done_ms > 0 && now.job.state !== 'running') break // the job ends just after its backup
      await sleep(100)
    }
    assert.equal(now.job.state, 'done')
    assert.deepEqual([now.blobs, now.late, now.due], [46, false, false])
  })

  test('what another home brings in is its own', async () => {
    const other = run(house, 'user', 'home', '另一家').rows[0].id
    const added = spawnSync(program, ['-C', house.archive, '--in', other, 'user', 'add', '邻居', '--role', 'keeper'], { input: password, env: house.env })
    assert.equal(added.status, 0)
    const neighbour = cookieOf(await house.ask('POST', '/api/v1/enter', { body: { name: '邻居', password } }))
    const theirs = join(folder, 'theirs')
    mkdirSync(theirs)
    writeFileSync(join(theirs, 'n.png'), picture(33, 44, 5))
    const total = (await ask('GET', '/items')).json.total
    const asked = await job({ kind: 'add', path: theirs }, neighbour)
    assert.equal(asked.status, 202)
    for (let tries = 0; tries < 200; tries++) {
      if ((await ask('GET', `/jobs/${asked.json.id}`, undefined, neighbour)).json.state === 'done') break
      await sleep(100)
    }
    assert.equal((await ask('GET', '/items', undefined, neighbour)).json.total, 1)
    assert.equal((await ask('GET', '/items')).json.total, total)
    assert.equal((await ask('GET', `/jobs/${asked.json.id}`)).status, 404)
  })
})
