// SPDX-License-Identifier: AGPL-3.0-or-later
// The family's phones reach the house over its own network: by TLS, by a certificate of the house's own,
// and by the little that is said over plain http beside it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { X509Certificate, createHash } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import tls from 'node:tls'
import { House, has_program, picture, program, sleep } from './house.mjs'

const password = '桥边的老屋1985'
const name = 'family.test'
const home = (...more) => ['--no-worker', '--home', '--name', name, ...more]
const run = (house, words, input = '') =>
  spawnSync(program, ['-C', house.archive, '--json', ...words], { encoding: 'utf8', input, env: house.env, timeout: 20_000 })

// What is said over plain http beside TLS; redirects are not followed.
function plainly(house, method, path, { headers = {}, body } = {}) {
  const bytes = body === undefined ? undefined : JSON.stringify(body)
  const all = { Host: `127.0.0.1:${house.told.plain_port}`, Origin: `http://127.0.0.1:${house.told.plain_port}`, ...headers }
  if (bytes) Object.assign(all, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(bytes) })
  return new Promise((done, fail) => {
    const request = http.request({ host: '127.0.0.1', port: house.told.plain_port, method, path, headers: all, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (piece) => (text += piece))
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }))
    })
    request.on('error', fail)
    request.end(bytes)
  })
}

// The certificate that is shown to whoever asks for that name.
const shown = (house, servername = name, more = {}) =>
  new Promise((done, fail) => {
    const socket = tls.connect({ host: '127.0.0.1', port: house.port, servername, ca: house.ca, ...more }, () => {
      done({ cert: socket.getPeerX509Certificate(), protocol: socket.getProtocol() })
      socket.destroy()
    })
    socket.on('error', fail)
  })

const fingerprint = (pem) => new X509Certificate(pem).fingerprint256

describe('a house on its network', { skip: !has_program && 'no kinreel built' }, () => {
  let house, item, owner
  before(async () => {
    house = await House.open({ args: home() })
    item = (await house.bringIn('gate.png', picture(60, 40, 1))).id
  })
  after(() => house?.close())

  test('it vouches for itself, and whoever trusts that is not deceived', async () => {
    const { cert, protocol } = await shown(house)
    assert.equal(protocol, 'TLSv1.3')
    const names = cert.subjectAltName
    for (const one of [`DNS:${name}`, 'DNS:localhost', 'IP Address:127.0.0.1']) assert.ok(names.includes(one), names)
    const ca = new X509Certificate(house.ca)
    assert.ok(cert.verify(ca.publicKey) && ca.ca)
    assert.equal(ca.fingerprint256, house.told.fingerprint)
    const days = (Date.parse(cert.validTo) - Date.parse(cert.validFrom)) / 86400e3
    assert.ok(days > 390 && days <= 398, String(days))
    await assert.rejects(shown(house, 'bank.example'), /altnames|ALTNAME/)
    await assert.rejects(shown(house, name, { ca: undefined }), /self.signed|unable/)
    await assert.rejects(shown(house, name, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }))
    for (const file of ['authority.pem', 'server.pem'])
      assert.equal(statSync(join(house.archive, 'house', file)).mode & 0o777, 0o600)
    const taken = await plainly(house, 'GET', '/house-ca.crt')
    assert.equal(taken.headers['content-type'], 'application/x-x509-ca-cert')
    assert.ok(!taken.text.includes('PRIVATE'))
  })

  test('while nobody owns it, no network hears of it', () => {
    const done = run(house, ['serve', '--home', '--port', '0', '--no-worker'])
    assert.equal(done.status, 1)
    assert.match(done.stderr, /kinreel user add NAME.*http:\/\/127\.0\.0\.1:8420\//s)
    for (const wrong of [['--listen', '0.0.0.0:0'], ['--home', '--listen', '192.168.1.5:0'], ['--home', '--cert', 'x'], ['--port', '1'],
      ['--home', '--port', '65536'], ['--home', '--name', 'a b'], ['--home', '--name', 'x,DNS:bank.example']])
      assert.notEqual(run(house, ['serve', '--no-worker', ...wrong]).status, 0, wrong.join(' '))
  })

  test('who signs in over TLS holds a cookie that no other place can set or see', async () => {
    const answer = await house.ask('POST', '/api/v1/owner', { body: { name: '妈妈', password } })
    assert.equal(answer.status, 200, String(answer.bytes))
    assert.match(answer.headers['set-cookie'][0], /^__Host-kinreel=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/)
    assert.equal(answer.headers['strict-transport-security'], undefined) // its own certificate could get lost
    owner = answer.headers['set-cookie'][0].split(';')[0]
    assert.equal((await house.ask('GET', '/api/v1/items', { headers: { Cookie: owner } })).status, 200)
    assert.equal((await house.ask('GET', '/api/v1/items', { headers: { Cookie: owner.replace('__Host-', '') } })).status, 401)
    const reach = (await house.ask('GET', '/api/v1/reach', { headers: { Cookie: owner } })).json
    assert.equal(reach.address, `https://${name}:${house.port}/`)
    assert.equal(reach.trust, `http://${name}:${house.told.plain_port}/trust`)
    assert.equal(reach.fingerprint, house.told.fingerprint)
    assert.ok(reach.names.includes(name) && reach.qr_size > 20)
    assert.match(reach.qr_path, /^M4 4h7/)
    assert.equal((await house.ask('GET', '/api/v1/reach')).status, 401)
    const beside = run(house, ['reach'])
    assert.equal(JSON.parse(beside.stdout).address, reach.address)
    const card = await house.ask('POST', '/api/v1/invitations', { headers: { Cookie: owner }, body: { role: 'viewer' } })
    assert.match(card.json.link, /^https:/)
    // Made at the machine itself, it still leads there from another: a guest's through the plain door.
    const near = { Cookie: owner, Host: `127.0.0.1:${house.port}` }
    const made = await house.ask('POST', '/api/v1/invitations', { headers: near, body: { role: 'viewer' } })
    assert.ok(made.json.link.startsWith(`https://${name}:${house.port}/enter#`), made.json.link)
    const asked = await house.ask('POST', '/api/v1/asks', { headers: near, body: { item, text: '谁？' } })
    const link = await house.ask('POST', `/api/v1/asks/${asked.json.id}/link`, { headers: near, body: {} })
    assert.ok(link.json.link.startsWith(`http://${name}:${house.told.plain_port}/a#`), link.json.link)
  })

  test('plain http says only what nobody needs to hide', async () => {
    const api = (await house.ask('GET', '/api/v1/openapi.json')).json
    const token = owner.split('=')[1]
    let sent = 0
    let said = 0
    for (const [pattern, methods] of Object.entries(api.paths))
      for (const [verb, row] of Object.entries(methods)) {
        if (['/{page}', '/api/v1/enter'].includes(pattern)) continue // below
        const path = pattern.replace('{id}', item).replace('{lang}', 'en').replace(/\{[^}]+\}/g, '256')
        const method = verb.toUpperCase()
        const body = row.requestBody && method === 'POST' ? {} : undefined
        const answer = await plainly(house, method, path, { headers: { Cookie: `kinreel=${token}; __Host-kinreel=${token}` }, body })
        const title = `${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`
        const of_family = pattern === '/api/v1/owner' || pattern.startsWith('/api/v1/enter/passkey')
        const open = ['anyone', 'guest'].includes(row['x-may']) && !of_family
        if (open) {
          said++
          assert.ok(![307, 403].includes(answer.status), title)
          continue
        }
        sent++
        if (['GET', 'HEAD', 'OPTIONS'].includes(method)) {
          assert.equal(answer.status, 307, title)
          assert.equal(answer.headers.location, `https://127.0.0.1:${house.port}${path}`)
          assert.equal(answer.text, '', title)
        } else {
          assert.equal(answer.status, 403, title)
          if (method !== 'PATCH') assert.match(answer.text, /"plain"/, title)
        }
        assert.equal(answer.headers['set-cookie'], undefined, title)
      }
    assert.ok(sent > 40 && said >= 5, `${sent} ${said}`)
    // The owner's own session is nobody's here: it could have been overheard.
    const me = JSON.parse((await plainly(house, 'GET', '/api/v1/me', { headers: { Cookie: `kinreel=${token}` } })).text)
    assert.deepEqual([me.role, me.name, me.secure], ['nobody', '', false])
    for (const page of ['/trust', '/enter', '/answer/x', '/app.js', '/app.css', '/icon.svg'])
      assert.equal((await plainly(house, 'GET', page)).status, 200, page)
    for (const page of ['/', '/item/x', '/films', '/trusty', '/index.html/..', '//evil.example/x']) {
      const answer = await plainly(house, 'GET', page)
      assert.ok([307, 400].includes(answer.status), page)
      assert.ok(!answer.headers.location || answer.headers.location.startsWith(`https://127.0.0.1:${house.port}/`), answer.headers.location)
    }
    assert.match((await plainly(house, 'GET', '/trust')).headers['content-security-policy'], new RegExp(`connect-src 'self' https://127\\.0\\.0\\.1:${house.port}$`))
  })

  test('no session of the family begins over plain http; a guest comes in by a card', async () => {
    const enter = (body) => plainly(house, 'POST', '/api/v1/enter', { body })
    const named = await enter({ name: '妈妈', password })
    assert.equal(named.status, 403)
    assert.match(named.text, /"plain".*https/)
    assert.equal(named.headers['set-cookie'], undefined)
    const card = async (role) =>
      (await house.ask('POST', '/api/v1/invitations', { headers: { Cookie: owner }, body: { role } })).json
    const viewer = await card('viewer')
    const refused = await enter({ code: viewer.code })
    assert.equal(refused.status, 403)
    assert.equal(refused.headers['set-cookie'], undefined)
    const { invitations } = (await house.ask('GET', '/api/v1/invitations', { headers: { Cookie: owner } })).json
    assert.equal(invitations.find((one) => one.id === viewer.id).used, 0)
    const guest = await enter({ code: (await card('guest')).code })
    assert.equal(guest.status, 200)
    const cookie = guest.headers['set-cookie'][0]
    assert.match(cookie, /^kinreel=/)
    const me = await plainly(house, 'GET', '/api/v1/me', { headers: { Cookie: cookie.split(';')[0] } })
    assert.equal(JSON.parse(me.text).role, 'guest')
    assert.equal((await house.ask('POST', '/api/v1/enter', { body: { code: viewer.code } })).status, 200)
  })

  test('a name that was made to point here is turned away on both doors', async () => {
    // Whoever controls that name may have a certificate for it: it is the Host that gives them away.
    const agent = new https.Agent({ ca: house.ca, checkServerIdentity: () => undefined })
    for (const Host of ['evil.example', `evil.example:${house.port}`, `${name}.evil.example:${house.port}`, `192.168.254.77:${house.port}`]) {
      assert.equal((await house.ask('GET', '/api/v1/me', { headers: { Host }, agent })).status, 403, Host)
      assert.equal((await plainly(house, 'GET', '/trust', { headers: { Host } })).status, 403, Host)
      assert.equal((await plainly(house, 'GET', '/', { headers: { Host } })).headers.location, undefined)
    }
    const ours = await house.ask('GET', '/api/v1/me', { headers: { Host: `${name}:${house.port}` } })
    assert.equal(ours.status, 200)
  })

  test('films and uploads go over TLS whole', async () => {
    const bytes = picture(900, 700, 5, { level: 0 })
    house.cookie = owner
    const brought = await house.bringIn('big.png', bytes)
    house.cookie = ''
    assert.equal(brought.status, 'added')
    const path = `/api/v1/items/${brought.id}/original`
    const back = await house.ask('GET', path, { headers: { Cookie: owner } })
    assert.equal(createHash('sha256').update(back.bytes).digest('hex'), createHash('sha256').update(bytes).digest('hex'))
    const part = await house.ask('GET', path, { headers: { Cookie: owner, Range: 'bytes=1000-900000' } })
    assert.equal(part.status, 206)
    assert.ok(part.bytes.equals(bytes.subarray(1000, 900001)))
  })

  test('news come over TLS as they happen', { timeout: 60_000 }, async () => {
    const socket = tls.connect({ host: '127.0.0.1', port: house.port, ca: house.ca, servername: name })
    let heard = ''
    socket.on('data', (piece) => (heard += piece)).on('error', () => undefined)
    socket.write(`GET /api/v1/live HTTP/1.1\r\nHost: ${name}:${house.port}\r\nCookie: ${owner}\r\n\r\n`)
    for (let i = 0; i < 100 && !heard.includes('text/event-stream'); i++) await sleep(50)
    assert.match(heard, /^HTTP\/1\.1 200 [^]*text\/event-stream/)
    const count = () => heard.split(item).length
    for (let round = 0; round < 3; round++) {
      const before = count()
      const said = await house.ask('POST', `/api/v1/items/${item}/claims`, { headers: { Cookie: owner }, body: { predicate: 'caption', value: `门前 ${round}` } })
      assert.equal(said.status, 200, String(said.bytes))
      for (let i = 0; i < 60 && count() === before; i++) await sleep(50)
      assert.ok(count() > before, heard.slice(-300))
    }
    socket.destroy()
  })

  test('another start is trusted as the first was; a new name needs no new trust', async () => {
    const before = house.told.fingerprint
    await house.stop()
    await house.start([...home('--name', 'photos.local')])
    assert.equal(house.told.fingerprint, before)
    assert.match((await shown(house)).cert.subjectAltName, /photos\.local/)
    await house.stop()
    const wide = run(house, ['serve', '--listen', '127.0.0.1:0', ...home('--name', 'bank.example')])
    assert.equal(wide.status, 1)
    await house.start(home())
    const { cert } = await shown(house)
    assert.ok(cert.verify(new X509Certificate(house.ca).publicKey))
    const copy = join(house.folder, 'copy')
    assert.equal(run(house, ['backup', copy]).status, 0)
    assert.equal(fingerprint(readFileSync(join(copy, 'house', 'authority.pem'))), before)
    assert.equal(statSync(join(copy, 'house', 'authority.pem')).mode & 0o777, 0o600)
    const again = join(house.folder, 'again')
    assert.equal(run(house, ['restore-archive', copy, again]).status, 0)
    assert.equal(fingerprint(readFileSync(join(again, 'house', 'authority.pem'))), before)
    assert.ok(!existsSync(join(again, 'house', 'server.pem')))
  })
})

describe('a given certificate', { skip: !has_program && 'no kinreel built' }, () => {
  test('is taken anew while the house goes on', async () => {
    // Two houses lend their certificates: as good as any other to the one that is given them.
    const lenders = []
    let house
    try {
      for (let i = 0; i < 2; i++) {
        lenders.push(await House.open({ args: home() }))
        await lenders[i].stop()
      }
      const given = (i) => join(lenders[i].archive, 'house', 'server.pem')
      const at = join(lenders[0].folder, 'given.pem')
      copyFileSync(given(0), at)
      house = await House.open({ args: ['--no-worker', '--home', '--cert', at, '--key', at] })
      house.agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
      assert.equal(house.told.plain, '')
      assert.equal(house.told.own, false)
      assert.equal(house.told.address, `https://${name}:${house.port}/`)
      const first = await house.ask('GET', '/api/v1/me', { headers: { Host: `${name}:${house.port}` } })
      assert.equal(first.headers['strict-transport-security'], 'max-age=31536000')
      assert.equal((await house.ask('GET', '/house-ca.crt')).status, 404)
      const ask = async (i) => (await shown(house, name, { ca: readFileSync(join(lenders[i].archive, 'house', 'authority.pem')) })).cert.fingerprint256
      assert.equal(await ask(0), fingerprint(readFileSync(given(0))))
      const stays = tls.connect({ host: '127.0.0.1', port: house.port, rejectUnauthorized: false })
      await new Promise((done) => stays.on('secureConnect', done))
      // Half a file, then a whole one: whoever renews it may be in the middle of it.
      writeFileSync(at, readFileSync(given(1), 'utf8').slice(0, 300))
      house.child.kill('SIGHUP')
      await sleep(300)
      assert.equal(await ask(0), fingerprint(readFileSync(given(0))))
      copyFileSync(given(1), at)
      house.child.kill('SIGHUP')
      await sleep(300)
      assert.equal(await ask(1), fingerprint(readFileSync(given(1))))
      // And the connection that stood has not noticed.
      stays.write(`GET /api/v1/me HTTP/1.1\r\nHost: localhost:${house.port}\r\nConnection: close\r\n\r\n`)
      let text = ''
      for await (const piece of stays) text += piece
      assert.match(text, /^HTTP\/1\.1 200 /)
    } finally {
      await house?.close()
      for (const lender of lenders) await lender.close()
    }
  })
})

// The longest that somebody who comes anew, each time, waits for an answer at either door.
async function worstWait(house, for_ms) {
  const at_tls = () => house.ask('GET', '/api/v1/me', { agent: new https.Agent({ ca: house.ca }) })
  const beside = () => plainly(house, 'GET', '/api/v1/trust')
  let worst = 0
  for (const began = Date.now(); Date.now() - began < for_ms; await sleep(200))
    for (const ask of [at_tls, beside]) {
      const asked = Date.now()
      assert.equal((await ask()).status, 200)
      worst = Math.max(worst, Date.now() - asked)
    }
  return worst
}

describe('who never finishes', { skip: !has_program && 'no kinreel built' }, () => {
  test('1,500 slow handshakes neither stay nor keep an honest guest waiting', { timeout: 120_000 }, async () => {
    const house = await House.open({ args: home() })
    const slow = []
    try {
      const alone = await worstWait(house, 2000)
      // The first bytes of a ClientHello, and then nothing; every fourth at the plain door.
      const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
      for (let i = 0; i < 1500; i++) {
        const at_plain = i % 4 === 3
        const socket = net.connect(at_plain ? house.told.plain_port : house.port, '127.0.0.1')
        socket.on('error', () => undefined).on('connect', () => socket.write(at_plain ? 'GET / HT' : hello))
        socket.on('close', () => (socket.gone = true)).resume()
        slow.push(socket)
        if (i % 100 === 99) await sleep(20)
      }
      const busy = await worstWait(house, 14_000)
      assert.ok(busy < Math.max(1000, 4 * alone), `an honest guest waited ${busy} ms, and ${alone} ms when alone`)
      assert.equal(slow.filter((socket) => !socket.gone).length, 0)
    } finally {
      for (const socket of slow) socket.destroy()
      await house.close()
    }
  })
})
