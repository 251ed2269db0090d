// SPDX-License-Identifier: AGPL-3.0-or-later
// Who may enter: every route of the table is tried as everybody who might ask.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { House, has_program, picture, program } from './house.mjs'

const password = '桥边的老屋1985'
const cookieOf = (answer) => answer.headers['set-cookie']?.[0].split(';')[0] ?? ''

// A command on the archive, its password on standard input; what it answers, line by line.
function run(house, words, input = '') {
  const done = spawnSync(program, ['-C', house.archive, '--json', ...words], { encoding: 'utf8', input, env: house.env })
  return { status: done.status, said: done.stderr, rows: done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) }
}

const as = (house, cookie, method, path, body) =>
  house.ask(method, path, { headers: cookie ? { Cookie: cookie } : {}, ...(body === undefined ? {} : { body }) })

async function enter(house, body) {
  const answer = await house.ask('POST', '/api/v1/enter', { body })
  assert.equal(answer.status, 200, String(answer.bytes))
  return cookieOf(answer)
}

const ranks = ['anyone', 'guest', 'viewer', 'teller', 'keeper', 'owner']

describe('who may enter', { skip: !has_program && 'no kinreel built' }, () => {
  let house, item
  const cookies = { nobody: '' }
  before(async () => {
    house = await House.open()
    item = (await house.bringIn('gate.png', picture(60, 40, 1))).id
  })
  after(() => house?.close())

  test('until somebody owns the house, its own machine does; then nobody comes in unnamed', async () => {
    assert.deepEqual((({ role, owned, near }) => ({ role, owned, near }))((await house.ask('GET', '/api/v1/me')).json),
      { role: 'owner', owned: false, near: true })
    // A cookie of another house, left at the same address, locks nobody out of a new one.
    assert.equal((await as(house, `kinreel=${'A'.repeat(43)}`, 'GET', '/api/v1/me')).json.role, 'owner')
    const weak = await house.ask('POST', '/api/v1/owner', { body: { name: '妈妈', password: 'short' } })
    assert.equal(weak.status, 422)
    const answer = await house.ask('POST', '/api/v1/owner', { body: { name: '妈妈', password } })
    assert.equal(answer.status, 200)
    assert.match(answer.headers['set-cookie'][0], /HttpOnly; SameSite=Lax/)
    assert.ok(!String(answer.bytes).includes(cookieOf(answer).split('=')[1]))
    cookies.owner = cookieOf(answer)
    assert.equal((await house.ask('GET', '/api/v1/items')).status, 401)
    assert.equal((await as(house, cookies.owner, 'GET', '/api/v1/items')).status, 200)
    assert.equal((await house.ask('POST', '/api/v1/owner', { body: { name: '别人', password } })).status, 403)
    assert.equal((await house.ask('GET', '/')).status, 200)
  })

  test('keeper, teller and viewer sign in; grandmother needs only her card', async () => {
    for (const role of ['keeper', 'teller', 'viewer']) {
      const added = await as(house, cookies.owner, 'POST', '/api/v1/accounts', { name: role, password, role })
      assert.equal(added.status, 201, String(added.bytes))
      cookies[role] = await enter(house, { name: role.toUpperCase(), password })
    }
    const card = await as(house, cookies.keeper, 'POST', '/api/v1/invitations', { role: 'guest', label: '奶奶的卡片' })
    assert.equal(card.status, 201)
    assert.match(card.json.link, /\/enter#[2-9A-Z]{12}$/)
    assert.match(card.json.qr_path, /^M4 4h7/)
    const typed = card.json.code.toLowerCase().replace(/(.{4})/g, '$1 ')
    cookies.guest = await enter(house, { code: typed })
    assert.equal((await as(house, cookies.guest, 'GET', '/api/v1/me')).json.role, 'guest')
    assert.equal((await as(house, cookies.owner, 'POST', '/api/v1/accounts', { name: 'VIEWER', password })).status, 409)
    // A keeper gives no more than a keeper has, and leaves the owner's door alone.
    assert.equal((await as(house, cookies.keeper, 'POST', '/api/v1/accounts', { name: 'x', password, role: 'owner' })).status, 403)
    const all = (await as(house, cookies.keeper, 'GET', '/api/v1/accounts')).json.accounts
    const owner = all.find((one) => one.role === 'owner')
    assert.equal((await as(house, cookies.keeper, 'DELETE', `/api/v1/accounts/${owner.id}`)).status, 403)
    assert.equal((await as(house, cookies.owner, 'DELETE', `/api/v1/accounts/${owner.id}`)).status, 409)
  })

  test('every row of the table holds for everybody who might ask', async () => {
    const other = run(house, ['user', 'home', '另一家']).rows[0].id
    assert.equal(run(house, ['--in', other, 'user', 'add', '邻居', '--role', 'keeper'], password).status, 0)
    cookies.neighbour = await enter(house, { name: '邻居', password })
    const api = (await house.ask('GET', '/api/v1/openapi.json')).json
    const known = (await as(house, cookies.owner, 'GET', `/api/v1/items/${item}`)).json
    let rows = 0
    for (const [pattern, methods] of Object.entries(api.paths))
      for (const [method, row] of Object.entries(methods)) {
        if (['/{page}', '/api/v1/leave', '/api/v1/enter', '/api/v1/live'].includes(pattern)) continue // tried below
        rows++
        const path = pattern.replace('{id}', item).replace(/\{[^}]+\}/g, '256')
        for (const [who, cookie] of Object.entries(cookies)) {
          const rank = who === 'neighbour' ? 'keeper' : who === 'nobody' ? 'anyone' : who
          const may = ranks.indexOf(rank) >= ranks.indexOf(row['x-may'])
          // The stream of news never ends: its head says who may.
          const verb = path === '/api/v1/live' ? 'HEAD' : method.toUpperCase()
          const answer = await as(house, cookie, verb, path, row.requestBody && method === 'post' ? {} : undefined)
          const let_in = answer.status !== 401 && !(answer.status === 403 && ['refused', 'sign_in', undefined].includes(answer.json?.title))
          const title = `${who}: ${method} ${path}: ${answer.status} ${answer.bytes}`
          assert.equal(let_in, may, title)
          if (who === 'neighbour' && path.includes(item)) assert.notEqual(answer.status, 200, title)
          if (method === 'delete' && path.endsWith(item) && may)
            await as(house, cookies.owner, 'POST', `/api/v1/items/${item}/untrash`, {})
        }
      }
    assert.ok(rows > 40)
    const after_all = (await as(house, cookies.owner, 'GET', `/api/v1/items/${item}`)).json
    assert.deepEqual(after_all.date, known.date)
    // And the other home sees nothing of ours, not even how much there is.
    assert.equal((await as(house, cookies.neighbour, 'GET', '/api/v1/about')).json.items, 0)
    assert.deepEqual((await as(house, cookies.neighbour, 'GET', '/api/v1/items')).json.items, [])
    assert.equal((await as(house, cookies.neighbour, 'GET', '/api/v1/homes')).json.homes.length, 1)
  })

  test('what is taken back is over with the next request, on every path', async () => {
    const { accounts } = (await as(house, cookies.owner, 'GET', '/api/v1/accounts')).json
    const viewer = accounts.find((one) => one.role === 'viewer')
    assert.equal((await as(house, cookies.owner, 'POST', `/api/v1/accounts/${viewer.id}`, { role: 'teller' })).status, 200)
    assert.equal((await as(house, cookies.viewer, 'GET', '/api/v1/me')).json.role, 'teller')
    const other_door = await enter(house, { name: 'viewer', password })
    const sessions = (await as(house, cookies.viewer, 'GET', '/api/v1/sessions')).json.sessions
    assert.equal(sessions.length, 2)
    assert.equal(sessions.filter((one) => one.this).length, 1)
    const changed = await as(house, cookies.viewer, 'POST', '/api/v1/password', { before: password, password: '另一个长长的密码' })
    assert.equal(changed.status, 204)
    assert.equal((await as(house, other_door, 'GET', '/api/v1/items')).status, 401)
    assert.equal((await as(house, cookies.viewer, 'GET', '/api/v1/items')).status, 200)
    assert.equal((await as(house, cookies.owner, 'DELETE', `/api/v1/accounts/${viewer.id}`)).status, 204)
    assert.equal((await as(house, cookies.viewer, 'GET', '/api/v1/items')).status, 401)
    const { invitations } = (await as(house, cookies.owner, 'GET', '/api/v1/invitations')).json
    const card = invitations.find((one) => one.label === '奶奶的卡片')
    assert.equal(card.used, 1)
    assert.equal((await as(house, cookies.owner, 'DELETE', `/api/v1/invitations/${card.id}`)).status, 204)
    assert.equal((await as(house, cookies.guest, 'GET', '/api/v1/me')).json.role, 'nobody')
    assert.equal((await as(house, cookies.teller, 'POST', '/api/v1/leave', {})).status, 204)
    assert.equal((await as(house, cookies.teller, 'GET', '/api/v1/items')).status, 401)
  })

  test('the role holds at the keyboard of the house too', () => {
    const person = run(house, ['person', 'add', '小宝']).rows[0].id
    assert.equal(run(house, ['user', 'add', 'xiaobao', '--role', 'viewer', '--person', '小宝'], password).status, 0)
    assert.equal(run(house, ['--as', person, 'show', item]).status, 0)
    assert.equal(run(house, ['--as', person, 'set', item, 'caption=我的']).status, 1)
    assert.equal(run(house, ['--as', person, 'user', 'list']).status, 1)
    assert.equal(run(house, ['user', 'change', 'xiaobao', '--role', 'teller']).rows[0].role, 'teller')
    assert.equal(run(house, ['--as', person, 'set', item, 'caption=我的']).status, 0)
  })

  test('guessing is slow, and never tells which half was wrong', async () => {
    const wrong = await house.ask('POST', '/api/v1/enter', { body: { name: '妈妈', password: '不对不对不对不对' } })
    const unknown = await house.ask('POST', '/api/v1/enter', { body: { name: '没有这个人', password } })
    assert.deepEqual([wrong.status, wrong.json.title, wrong.json.detail], [unknown.status, unknown.json.title, unknown.json.detail])
    let answer
    for (let i = 0; i < 12; i++) answer = await house.ask('POST', '/api/v1/enter', { body: { code: 'ABCDEFGH2345' } })
    assert.equal(answer.status, 429)
    assert.ok(Number(answer.headers['retry-after']) > 0)
    for (const broken of [{ code: 'x'.repeat(4000) }, { name: 7, password: [] }, {}])
      assert.ok([403, 429].includes((await house.ask('POST', '/api/v1/enter', { body: broken })).status))
    for (const cookie of ['kinreel=', 'kinreel=%00', `kinreel=${'A'.repeat(43)}`, `kinreel=${'€'.repeat(500)}`, 'kinreel=a; kinreel=b'])
      assert.equal((await as(house, Buffer.from(cookie).toString('latin1'), 'GET', '/api/v1/items')).status, 401)
  })
})
