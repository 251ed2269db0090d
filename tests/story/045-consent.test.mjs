// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody lets theirs rest: every way of reading forgets them at once, and remembers when they say so.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { House, has_program, picture, program } from './house.mjs'

describe('what people let be shown', { skip: !has_program && 'no kinreel built' }, () => {
  let house, mei, bao, with_mei, without, hidden_claim
  const run = (...words) => {
    const done = spawnSync(program, ['-C', house.archive, '--json', ...words], { encoding: 'utf8', env: house.env })
    return { status: done.status, rows: done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) }
  }
  const get = (path) => house.ask('GET', path)
  const consent = (who, predicate, value) => house.ask('POST', `/api/v1/persons/${who}/consent`, { body: { predicate, value } })

  before(async () => {
    house = await House.open()
    with_mei = (await house.bringIn('bridge.png', picture(60, 40, 1))).id
    without = (await house.bringIn('gate.png', picture(60, 40, 2))).id
    mei = (await house.ask('POST', '/api/v1/persons', { body: { name: '李梅' } })).json.id
    bao = (await house.ask('POST', '/api/v1/persons', { body: { name: '小宝' } })).json.id
    await house.ask('POST', `/api/v1/items/${with_mei}/persons`, { body: { person: mei } })
    await house.ask('POST', `/api/v1/items/${with_mei}/claims`, { body: { predicate: 'caption', value: '桥边' } })
  })
  after(() => house?.close())

  // What each way of reading tells of the picture with her.
  async function told() {
    const ids = async (path) => (await get(path)).json.items.map((item) => item.id)
    const about = (await get('/api/v1/about')).json
    return {
      lists: [await ids('/api/v1/items'), await ids('/api/v1/items?kind=photo'), await ids('/api/v1/search?q=%E6%A1%A5%E8%BE%B9'),
        await ids(`/api/v1/persons/${mei}/items`)].map((list) => list.includes(with_mei)),
      counts: [about.items, (await get('/api/v1/timeline')).json.total, (await get('/api/v1/search?q=')).json.total],
      itself: await Promise.all(['', '/original', '/thumb/256'].map(async (part) => (await get(`/api/v1/items/${with_mei}${part}`)).status)),
      command: [run('show', with_mei).status, run('find', '桥边').rows.length],
      neighbours: (({ previous, next }) => [previous, next].includes(with_mei))((await get(`/api/v1/items/${without}`)).json),
    }
  }

  test('not now: nothing of hers is told in any way, and nothing is lost', async () => {
    const before_it = await told()
    assert.deepEqual(before_it.lists, [true, true, true, true])
    assert.equal((await consent(mei, 'rest', true)).json.rest, true)
    const at_rest = await told()
    assert.deepEqual(at_rest, { lists: [false, false, false, false], counts: [1, 1, 1], itself: [404, 404, 404], command: [1, 0], neighbours: false })
    const out = join(house.folder, 'out')
    assert.equal(run('export', 'files', out).status, 0)
    assert.ok(!readdirSync(out, { recursive: true }).some((name) => String(name).endsWith('bridge.png')))
    assert.equal(run('rebuild').status, 0)
    assert.deepEqual(await told(), at_rest)
    const safe = join(house.folder, 'safe')
    assert.equal(run('backup', safe).status, 0)
    assert.ok(existsSync(safe))
    hidden_claim = run('consent', 'show', mei).rows[0]
    assert.equal(hidden_claim.rest, true)
    const claims = (await get(`/api/v1/persons/${mei}`)).json.claims
    const rest = claims.find((claim) => claim.predicate === 'rest')
    assert.equal((await consent(mei, 'retract', rest.id)).status, 200)
    assert.deepEqual(await told(), before_it)
  })

  test('what she said herself nobody else takes back, and her own delay nobody else sets', async () => {
    assert.equal(run('--as', mei, 'consent', 'rest', mei).status, 0)
    const claims = (await get(`/api/v1/persons/${mei}`)).json.claims
    const rest = claims.findLast((claim) => claim.predicate === 'rest')
    const answer = await consent(mei, 'retract', rest.id)
    assert.deepEqual([answer.status, answer.json.title], [403, 'own_hand'])
    assert.equal((await consent(mei, 'delay', 30)).status, 403)
    assert.equal(run('--as', mei, 'consent', 'take-back', mei, rest.id).status, 0)
    assert.equal(run('--as', mei, 'consent', 'delay', mei, '30').rows[0].delay, 30)
  })

  test('beyond home goes what was let out, with everybody willing; before a sitter nothing that she avoids', async () => {
    const may = async (query) => (await get(`/api/v1/items/${with_mei}/may?${query}`)).json.may
    assert.equal(await may('audience=home'), true)
    assert.equal(await may('audience=kin'), false)
    assert.equal((await house.ask('POST', `/api/v1/items/${with_mei}/release`, { body: { audience: 'kin', allow: true } })).status, 204)
    assert.equal(await may('audience=kin'), false)
    assert.equal(run('--as', mei, 'consent', 'delay', mei, '0').status, 0)
    assert.equal((await consent(mei, 'consent', { audience: 'kin', allow: true, given: 'self', how: 'said so at the table' })).status, 200)
    assert.equal(await may('audience=kin'), true)
    assert.equal(await may('audience=public'), false)
    assert.equal(await may(`audience=home&sitter=${bao}`), true)
    assert.equal((await consent(bao, 'avoid', { kind: 'theme', value: '桥' })).status, 200)
    assert.equal(await may(`audience=home&sitter=${bao}`), false)
    for (const [predicate, value] of [['consent', {}], ['consent', { audience: 'mars', allow: true }], ['avoid', { kind: 'date', value: 'whenever' }],
      ['rest', 'yes'], ['caption', 'x'], ['avoid', { kind: 'theme', value: 'x'.repeat(100000) }]])
      assert.ok([413, 422].includes((await consent(bao, predicate, value)).status), predicate)
  })
})
