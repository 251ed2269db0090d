// SPDX-License-Identifier: AGPL-3.0-or-later
// A device of software at the house's own door: what it may, and what nobody may who only says so.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { House, has_program, program, sleep } from './house.mjs'

const password = '桥边的老屋1985'
const b64 = (bytes) => Buffer.from(bytes).toString('base64')
const hash = (text) => createHash('sha256').update(text).digest()
const cookieOf = (answer) => answer.headers['set-cookie']?.[0].split(';')[0] ?? ''

function size(n) {
  const four = Buffer.alloc(4)
  four.writeUInt32BE(n)
  return four
}

// What a real device would say (W3C, Web Authentication Level 2, 2021, section 6), and what a false one would.
class Device {
  constructor() {
    this.pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.id = randomBytes(32)
    this.count = 0
  }

  data(rp, rest = Buffer.alloc(0)) {
    return Buffer.concat([hash(rp), Buffer.from([rest.length ? 0x45 : 0x05]), size(++this.count), rest])
  }

  made(asked, origin) {
    const { x, y } = this.pair.publicKey.export({ format: 'jwk' })
    const key = Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), Buffer.from(x, 'base64url'), Buffer.from('225820', 'hex'), Buffer.from(y, 'base64url')])
    const data = this.data(asked.rp, Buffer.concat([Buffer.alloc(16), size(this.id.length).subarray(2), this.id, key]))
    this.user = asked.user
    const attestation = Buffer.concat([
      Buffer.from('\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59', 'latin1'), size(data.length).subarray(2), data,
    ])
    return { label: 'a device', client_data: b64(said('create', asked.challenge, origin)), attestation: b64(attestation) }
  }

  signed(asked, origin) {
    const client = said('get', asked.challenge, origin)
    const data = this.data(asked.rp)
    const signature = sign('sha256', Buffer.concat([data, hash(client)]), this.pair.privateKey)
    return { credential: b64(this.id), client_data: b64(client), authenticator_data: b64(data), signature: b64(signature), user: b64(this.user) }
  }
}

const said = (what, challenge, origin) => JSON.stringify({ type: `webauthn.${what}`, challenge, origin, crossOrigin: false })

// As a page of http://localhost asks it.
class Page {
  constructor(house, host = `localhost:${house.port}`) {
    Object.assign(this, { house, host, origin: `http://${host}` })
  }

  ask(method, path, cookie, body) {
    const headers = { Host: this.host, Origin: this.origin, ...(cookie ? { Cookie: cookie } : {}) }
    return this.house.ask(method, `/api/v1${path}`, { headers, ...(method === 'POST' ? { body: body ?? {} } : {}) })
  }

  async know(device, cookie) {
    const asked = await this.ask('POST', '/passkeys', cookie)
    assert.equal(asked.status, 200, String(asked.bytes))
    return this.ask('POST', `/passkeys/${asked.json.challenge}/keep`, cookie, device.made(asked.json, this.origin))
  }

  async begin() {
    const asked = await this.ask('POST', '/enter/passkey')
    assert.equal(asked.status, 200, String(asked.bytes))
    return asked.json
  }

  finish(asked, body) {
    return this.ask('POST', `/enter/passkey/${asked.challenge}`, '', body)
  }

  async enter(device) {
    const asked = await this.begin()
    return this.finish(asked, device.signed(asked, this.origin))
  }
}

async function open() {
  const house = await House.open()
  const page = new Page(house)
  const owner = cookieOf(await page.ask('POST', '/owner', '', { name: '妈妈', password }))
  const added = await page.ask('POST', '/accounts', owner, { name: 'anna', password, role: 'viewer' })
  assert.equal(added.status, 201)
  const anna = cookieOf(await page.ask('POST', '/enter', '', { name: 'anna', password }))
  return { house, page, owner, anna }
}

const run = (house, ...words) => spawnSync(program, ['-C', house.archive, '--json', 'user', ...words], { encoding: 'utf8', input: 'another long secret', env: house.env })

describe('a device opens the door', { skip: !has_program && 'no kinreel built' }, () => {
  let house, page, owner, anna
  const annas = new Device()
  before(async () => ({ house, page, owner, anna } = await open()))
  after(() => house?.close())

  test('it is known, comes in like a password, and its session stands among the others', async () => {
    const kept = await page.know(annas, anna)
    assert.equal(kept.status, 201, String(kept.bytes))
    assert.equal(kept.json.passkeys[0].used_ms, 0)
    assert.equal((await page.know(annas, anna)).status, 409)
    const answer = await page.enter(annas)
    assert.equal(answer.status, 200, String(answer.bytes))
    assert.match(answer.headers['set-cookie'][0], /^kinreel=.{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/)
    const me = (await page.ask('GET', '/me', cookieOf(answer))).json
    assert.deepEqual([me.role, me.name], ['viewer', 'anna'])
    assert.equal((await page.ask('GET', '/sessions', cookieOf(answer))).json.sessions.length, 2)
    const [one] = (await page.ask('GET', '/passkeys', anna)).json.passkeys
    assert.deepEqual([one.label, one.rp, one.used_ms > 0], ['a device', 'localhost', true])
    assert.deepEqual(Object.keys(one).sort(), ['id', 'label', 'made_ms', 'rp', 'used_ms'])
  })

  test('a keeper sees how many; nobody but its owner sees, names or takes it', async () => {
    const [one] = (await page.ask('GET', '/passkeys', anna)).json.passkeys
    const row = (await page.ask('GET', '/accounts', owner)).json.accounts.find(({ name }) => name === 'anna')
    assert.equal(row.passkeys, 1)
    assert.deepEqual((await page.ask('GET', '/passkeys', owner)).json.passkeys, [])
    assert.equal((await page.ask('POST', `/passkeys/${one.id}`, owner, { label: 'mine' })).status, 404)
    assert.equal((await page.ask('DELETE', `/passkeys/${one.id}`, owner)).status, 404)
    assert.equal((await page.ask('POST', `/passkeys/${one.id}`, anna, { label: ' ' })).status, 422)
    assert.equal((await page.ask('POST', `/passkeys/${one.id}`, anna, { label: '蓝色的' })).json.passkeys[0].label, '蓝色的')
  })

  test('what was asked of one session is no other session’s to answer, and is answered once', async () => {
    const asked = (await page.ask('POST', '/passkeys', anna)).json
    const device = new Device()
    const made = device.made(asked, page.origin)
    assert.equal((await page.ask('POST', `/passkeys/${asked.challenge}/keep`, owner, made)).status, 403)
    const coming = await page.begin()
    assert.equal((await page.ask('POST', `/passkeys/${coming.challenge}/keep`, anna, device.made(coming, page.origin))).status, 403)
    assert.equal((await page.ask('POST', `/passkeys/${asked.challenge}/keep`, anna, made)).status, 201)
    assert.equal((await page.ask('POST', `/passkeys/${asked.challenge}/keep`, anna, made)).status, 403)
  })

  test('another password leaves it; a count that goes back, another account, a second time do not open', async () => {
    assert.equal((await page.ask('POST', '/password', anna, { before: password, password: 'another long secret' })).status, 204)
    assert.equal((await page.enter(annas)).status, 200)

    const asked = await page.begin()
    const body = annas.signed(asked, page.origin)
    assert.equal((await page.finish(asked, body)).status, 200)
    assert.equal((await page.finish(asked, body)).status, 403)
    annas.count -= 2
    assert.equal((await page.enter(annas)).json.title, 'wrong')
    for (let tries = 0; tries < 100 && !house.log.includes('door.count_back'); tries++) await sleep(50)
    assert.match(house.log, /warn door\.count_back passkey=/)
    annas.count += 2
    const mothers = new Device()
    assert.equal((await page.know(mothers, owner)).status, 201)
    const swapped = await page.begin()
    const hers = { ...mothers.signed(swapped, page.origin), user: b64(annas.user) }
    assert.equal((await page.finish(swapped, hers)).status, 403)
    const elsewhere = await page.begin()
    assert.equal((await page.finish(elsewhere, annas.signed(elsewhere, 'http://evil.localhost'))).status, 403)
    assert.equal((await page.enter(annas)).status, 200)
  })

  test('the end of an account is the end of its devices, at the keyboard too', async () => {
    const listed = run(house, 'list').stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line))
    assert.equal(listed.find(({ name }) => name === 'anna').passkeys, 2)
    assert.equal(run(house, 'forget-devices', '妈妈').status, 0)
    assert.deepEqual((await page.ask('GET', '/passkeys', owner)).json.passkeys, [])
    assert.equal(run(house, 'end', 'anna').status, 0)
    assert.equal((await page.enter(annas)).status, 403)
  })

  test('at an address of numbers, and for who came by a card, none is asked', async () => {
    const bare = new Page(house, `127.0.0.1:${house.port}`)
    for (const [path, cookie] of [['/enter/passkey', ''], ['/enter/passkey/x', ''], ['/passkeys', owner]])
      assert.deepEqual([(await bare.ask('POST', path, cookie)).status, (await bare.ask('POST', path, cookie)).json.title], [422, 'no_name'])
    const card = (await page.ask('POST', '/invitations', owner, { role: 'viewer' })).json.code
    const guest = cookieOf(await page.ask('POST', '/enter', '', { code: card }))
    assert.equal((await page.ask('POST', '/passkeys', guest)).json.title, 'no_account')
    assert.deepEqual((await page.ask('GET', '/passkeys', guest)).json.passkeys, [])
  })
})

const resident_kib = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])

describe('who only says so', { skip: !has_program && 'no kinreel built' }, () => {
  let house, page, owner
  before(async () => ({ house, page, owner } = await open()))
  after(() => house?.close())

  test('a thousand questions grow nothing, and leave the last ones good', async () => {
    const device = new Device()
    assert.equal((await page.know(device, owner)).status, 201)
    const first = await page.begin()
    for (let i = 0; i < 200; i++) await page.begin()
    const before = resident_kib(house.child.pid)
    for (let i = 0; i < 1000; i++) await page.begin()
    const grown = resident_kib(house.child.pid) - before
    assert.ok(grown < 1024, `${grown} KiB more`)
    assert.equal((await page.finish(first, device.signed(first, page.origin))).status, 403)
    assert.equal((await page.enter(device)).status, 200)
  })

  test('a guess is refused and counted, together with wrong passwords', async () => {
    const device = new Device()
    device.user = 'f47ac10b-58cc-4372-a567-0e02b2c3d479'
    assert.equal((await page.finish({ challenge: 'x' }, {})).status, 422) // no guess at all
    let refused = 0
    for (; refused < 20; refused++) {
      const asked = { challenge: randomBytes(32).toString('base64url'), rp: 'localhost' }
      const answer = await page.finish(asked, device.signed(asked, page.origin))
      if (answer.status === 429) break
      assert.deepEqual([answer.status, answer.json.title], [403, 'wrong'])
    }
    assert.ok(refused >= 8 && refused <= 10, `${refused} refused`)
    const resting = await page.ask('POST', '/enter/passkey')
    assert.equal(resting.status, 429)
    assert.ok(Number(resting.headers['retry-after']) > 0)
    assert.equal((await page.ask('POST', '/enter', '', { name: 'anna', password })).status, 429)
  })
})
