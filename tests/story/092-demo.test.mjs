// SPDX-License-Identifier: AGPL-3.0-or-later
// `kinreel demo`: two homes to try everything on. Whoever follows the printed lines comes in, sees what their role may, and
// nothing of the neighbours; nothing of anybody's own is in its way.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { demo } from './family.mjs'
import { House, has_program, program } from './house.mjs'

const ranks = ['viewer', 'teller', 'keeper', 'owner']
const tries = [
  ['viewer', 'GET', '/api/v1/items'],
  ['teller', 'POST', '/api/v1/albums'],
  ['keeper', 'GET', '/api/v1/accounts'],
  ['owner', 'POST', '/api/v1/homes'],
]

describe('a demonstration', { skip: !has_program && 'no kinreel built' }, () => {
  let house, told, scratch
  const cookies = {}
  const get = async (name, path) => (await house.ask('GET', path, { headers: { Cookie: cookies[name] } })).json
  const run = (words, env = {}) => {
    const done = spawnSync(program, ['--json', ...words], { encoding: 'utf8', env: { ...process.env, KINREEL_LANG: 'en', ...env } })
    return { status: done.status, talk: done.stderr, lines: done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) }
  }
  const at = (...words) => run(['-C', house.archive, ...words])
  const home = (n) => told.homes[n].id

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'kinreel-story-'))
    told = demo().told
    house = await House.open({ from: demo().archive })
    for (const { name, password } of told.accounts) {
      const answer = await house.ask('POST', '/api/v1/enter', { body: { name, password } })
      assert.equal(answer.status, 200, name)
      cookies[name] = answer.headers['set-cookie'][0].split(';')[0]
    }
  }, { timeout: 120_000 })
  after(async () => {
    await house?.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  test('both homes are there, say that they are made up, and are lived in', async () => {
    assert.equal(told.homes.length, 2)
    for (const one of told.homes) assert.match(one.name, /示范.*synthetic/)
    const sign = readFileSync(join(house.archive, 'DEMO.txt'), 'utf8')
    for (const { name, password } of told.accounts) assert.ok(sign.includes(name) && sign.includes(password))
    assert.ok(at('find', 'synthetic').lines.length >= 5)
    const yue = await get('yue', '/api/v1/persons')
    assert.ok(yue.persons.length >= 13)
    const elder = yue.persons.find((one) => one.name === '王秀兰')
    assert.deepEqual((await get('yue', `/api/v1/persons/${elder.id}`)).names.map((name) => name.kind).sort(), ['full', 'milk', 'pinyin'])
    const kin = (a, b) => run(['-C', house.archive, 'person', 'kin', a, b], { KINREEL_LANG: 'zh-CN' }).lines[0].word
    assert.deepEqual([kin('林悦', '王秀兰'), kin('林悦', '何玉珍'), kin('林知夏', '王秀兰').length > 1], ['奶奶', '外婆', true])
    assert.equal((await get('yue', '/api/v1/regions?unnamed')).regions.length, 2)
    assert.equal((await get('yue', '/api/v1/albums')).albums.length, 2)
    assert.equal((await get('yue', '/api/v1/hidden')).items.length, 1)
    assert.ok((await get('yue', '/api/v1/about')).undated >= 1)
    assert.equal(at('person', 'flags').lines.length, 0)
    assert.ok(at('marks').lines.some((mark) => mark.card === 'china-daily.bicycle'))
  })

  test('brother and sister remember differently, and both are heard', () => {
    const [photo] = at('find', '奶奶的手').lines
    const dates = at('show', photo.id).lines[0].claims.filter((one) => one.predicate === 'date' && /^[0-9a-f-]{36}$/.test(one.who))
    assert.deepEqual(dates.map((one) => one.value.edtf).sort(), ['2003', '2004-21~'])
    assert.notEqual(dates[0].who, dates[1].who)
  })

  test('each may what their role may', async () => {
    for (const { name, role } of told.accounts)
      for (const [least, method, path] of tries) {
        const answer = await house.ask(method, path, { headers: { Cookie: cookies[name] }, ...(method === 'POST' ? { body: {} } : {}) })
        assert.equal(answer.status !== 403, ranks.indexOf(role) >= ranks.indexOf(least), `${name}: ${method} ${path}: ${answer.status}`)
      }
    const { code } = told.homes[0].cards[0]
    assert.equal((await house.ask('POST', '/api/v1/enter', { body: { code } })).status, 200)
    assert.equal((await house.ask('GET', '/api/v1/items')).status, 401)
    assert.equal(at('settings').lines.find((row) => row.key === 'listen').value, '127.0.0.1:8420')
  })

  test('neighbours see nothing of each other', async () => {
    for (const [name, other] of [['yue', 'fang'], ['xiaoyu', 'jun']])
      for (const [list, path] of [['items', '/api/v1/items'], ['persons', '/api/v1/persons'], ['albums', '/api/v1/albums']]) {
        const theirs = (await get(other, path))[list]
        const mine = new Set((await get(name, path))[list].map((one) => one.id))
        assert.ok(theirs.length > 0)
        for (const one of theirs) {
          assert.ok(!mine.has(one.id))
          const answer = await house.ask('GET', `${path}/${one.id}`, { headers: { Cookie: cookies[name] } })
          assert.equal(answer.status, 404, `${name}: ${path}/${one.id}`)
        }
      }
  })

  test('not now, released to kin, and what grandmother is spared', () => {
    assert.equal(at('find', '婚宴').lines.length, 0)
    assert.equal(at('--in', home(1), 'find', '舅舅结婚').lines.length, 1)
    const may = (words, ...how) => at('consent', 'may', at('find', words).lines[0].id, ...how).lines[0].may
    assert.ok(may('拆之前', '--audience', 'kin'))
    assert.ok(may('奶奶坐在大门口', '--audience', 'kin'))
    assert.ok(!may('八五年夏天', '--audience', 'kin'))
    assert.ok(!may('came down', '--sitter', '王秀兰'))
    assert.ok(may('奶奶坐在大门口', '--sitter', '王秀兰'))
  })

  test('it is whole, and made again it is the same', async () => {
    assert.equal(at('check').lines.find((line) => line.summary).damaged, 0)
    const all = async () => {
      const seen = []
      for (const name of ['yue', 'fang'])
        for (const path of ['/api/v1/items', '/api/v1/persons', '/api/v1/albums', '/api/v1/marks', '/api/v1/regions']) seen.push(await get(name, path))
      return seen
    }
    const before_it = await all()
    assert.equal(at('rebuild').status, 0)
    assert.deepEqual(await all(), before_it)
    assert.equal(at('check').status, 0)
  })

  test('a second time it is there; what is somebody’s own is left alone', () => {
    const again = run(['demo', house.archive])
    assert.equal(again.status, 0)
    assert.equal(again.lines[0].made, false)
    assert.deepEqual(again.lines[0].accounts, told.accounts)
    const full = join(scratch, 'mine')
    mkdirSync(full)
    writeFileSync(join(full, 'letter.txt'), 'mine')
    const refused = run(['demo', full])
    assert.equal(refused.status, 1)
    assert.equal(refused.lines[0].error, 'exists')
    assert.ok(!existsSync(join(full, 'kinreel.db')))
    const none = run(['demo', join(scratch, 'new')], { KINREEL_ALBUM: join(scratch, 'nowhere') })
    assert.equal(none.status, 1)
    assert.match(none.talk, /samples\/make/)
    assert.ok(!existsSync(join(scratch, 'new')))
    const bare = join(scratch, 'bare') // an album without its pictures: nothing half made is left
    mkdirSync(bare)
    writeFileSync(`${bare}.people.json`, '{}')
    assert.equal(run(['demo', join(scratch, 'new')], { KINREEL_ALBUM: bare }).status, 1)
    assert.ok(!existsSync(join(scratch, 'new')))
  })
})
