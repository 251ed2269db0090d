// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody's body cannot do is asked of them by no advice, and told to nobody else.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { album, has_program, program } from './family.mjs'
import { House } from './house.mjs'

const password = '桥边的老屋1985'

describe('a body of one’s own', { skip: !has_program && 'no kinreel built' }, () => {
  let house, shaky
  const cookies = {}
  before(async () => {
    house = await House.open()
    shaky = join(album(), '老屋', 'VID_20030412_152200_shaky.mp4')
  })
  after(() => house?.close())

  const run = (words, input = '') => {
    const done = spawnSync(program, ['-C', house.archive, '--json', ...words], { encoding: 'utf8', input, env: house.env, maxBuffer: 1 << 26 })
    assert.equal(done.status, 0, done.stderr)
    return done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line))
  }
  const as = async (who, method, path, body) => house.ask(method, path, { headers: { Cookie: cookies[who] }, ...(body && { body }) })
  const bodyOf = async (who) => (await as(who, 'GET', '/api/v1/coach')).json.body
  const enter = async (who, key) => (cookies[who] = (await house.ask('POST', '/api/v1/enter', { body: key })).headers['set-cookie'][0].split(';')[0])
  const adviceOf = (...words) => run([...words, shaky])[0].advice.map(({ key }) => key)

  test('in the house, advice of the coach and of the kit fits without being asked each time', async () => {
    const plain = adviceOf('coach')
    assert.deepEqual(run(['body'])[0], { body: [] })
    assert.deepEqual(run(['body', 'rolls,no-elbows'])[0], { body: ['no-elbows', 'rolls'] })
    assert.deepEqual(adviceOf('coach'), adviceOf('coach', '--body', 'rolls,no-elbows'))
    assert.notDeepEqual(adviceOf('coach'), plain)
    assert.deepEqual(adviceOf('coach', '--body', ''), plain)
    const kit = run(['kit', '--sound', shaky, '-o', join(house.folder, 'out.mp4')])[0]
    assert.deepEqual(kit.before.advice.map(({ key }) => key), adviceOf('coach'))
    // What the archive keeps of a mended clip is read by others: it says nothing of whoever had it made.
    const [{ id }] = run(['add', shaky])
    const made = run(['kit', '--sound', id])[0]
    assert.deepEqual(made.recipe.before.advice.map(({ key }) => key), adviceOf('coach'))
    const kept = (await house.ask('GET', `/api/v1/items/${id}`)).json.rendition_list.find(({ kind }) => kind === 'kit')
    assert.deepEqual(kept.recipe.before.advice.map(({ key }) => key), plain)
    const refused = spawnSync(program, ['-C', house.archive, '--json', 'body', 'flies'], { encoding: 'utf8', env: house.env })
    assert.match(refused.stdout, /flies/)
  })

  test('each sees their own, and nobody that of another', async () => {
    const mei = run(['person', 'add', '林梅'])[0].id
    run(['user', 'add', 'owner'], password)
    run(['user', 'add', 'keeper', '--role', 'keeper'], password)
    run(['user', 'add', 'mei', '--role', 'viewer', '--person', mei], password)
    for (const name of ['owner', 'keeper', 'mei']) await enter(name, { name, password })
    const told = await as('mei', 'POST', '/api/v1/coach/body', { body: ['rolls', 'one-hand'] })
    assert.equal(told.status, 200)
    assert.deepEqual(told.json.body, ['one-hand', 'rolls'])
    assert.equal(told.json.scenes.length, 8)
    assert.match(told.headers['cache-control'], /no-store/)
    assert.deepEqual(await bodyOf('mei'), ['one-hand', 'rolls'])
    assert.deepEqual(await bodyOf('keeper'), [])
    // A card that a keeper makes out for the same person opens another door.
    const card = (await as('keeper', 'POST', '/api/v1/invitations', { role: 'viewer', person: mei, label: 'x' })).json
    await enter('card', { code: card.code })
    assert.deepEqual(await bodyOf('card'), [])
    for (const wrong of [{}, { body: 'rolls' }, { body: ['flies'] }, { body: ['rolls,one-hand'] }, { body: [7] }])
      assert.equal((await as('mei', 'POST', '/api/v1/coach/body', wrong)).status, 422, JSON.stringify(wrong))
    assert.deepEqual(await bodyOf('mei'), ['one-hand', 'rolls'])
  })

  test('no export, no text of the archive and no other answer tells it', async () => {
    const dest = mkdtempSync(join(tmpdir(), 'kinreel-export-'))
    run(['export', 'files', dest])
    const texts = (folder) => readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((one) => one.isFile() && !/\.(db|mp4)|-wal$|-shm$/.test(one.name)).map((one) => readFileSync(join(one.path, one.name), 'latin1'))
    for (const text of [...texts(dest), ...texts(house.archive), house.log]) assert.doesNotMatch(text, /one-hand/)
    rmSync(dest, { recursive: true })
    for (const path of ['/api/v1/accounts', '/api/v1/persons', '/api/v1/invitations', '/api/v1/sessions', '/api/v1/jobs'])
      assert.doesNotMatch(String((await as('keeper', 'GET', path)).bytes), /one-hand|"rolls"/, path)
  })

  test('a rebuild leaves it, and it goes with the account', async () => {
    run(['rebuild'])
    assert.deepEqual(await bodyOf('mei'), ['one-hand', 'rolls'])
    assert.deepEqual(run(['--as', '林梅', 'body'])[0], { body: ['one-hand', 'rolls'] })
    run(['user', 'end', 'mei'])
    run(['user', 'add', 'mei', '--role', 'viewer', '--person', '林梅'], password)
    await enter('mei', { name: 'mei', password })
    assert.deepEqual(await bodyOf('mei'), [])
  })
})
