// SPDX-License-Identifier: AGPL-3.0-or-later
// A house on all addresses of a machine, in a network of its own that nobody else is in (unshare -n): the
// only place where a test may listen beyond loopback.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import { has_program, program, sleep } from './house.mjs'

const inside = process.env.KINREEL_INSIDE === '1'
const wires = 'ip link set lo up && ip link add eth9 type veth peer name eth8 && ip link set eth8 up && ip link set eth9 up && ' +
  'ip addr add 192.168.77.5/24 dev eth9 && ip -6 addr add fd77::5/64 dev eth9 nodad'
const own_network = (words) => spawnSync('unshare', ['-rn', 'sh', '-c', `${wires} && ${words}`], {
  encoding: 'utf8', timeout: 90_000, env: { ...process.env, KINREEL_INSIDE: '1', NODE_TEST_CONTEXT: '' },
})
const why_not = !has_program ? 'no kinreel built' : !inside && own_network('true').status !== 0 && 'no network of one\'s own here'

const ip = (...words) => assert.equal(spawnSync('ip', words).status, 0, words.join(' '))

const ask = (speaks, host, port, path, headers, more = {}) =>
  new Promise((done, fail) => {
    const request = speaks.request({ host, port, path, headers, agent: false, ...more }, (answer) => {
      let text = ''
      answer.on('data', (piece) => (text += piece))
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }))
    })
    request.on('error', fail)
    request.end()
  })

const names_at = (host, ca) =>
  new Promise((done, fail) => {
    const socket = tls.connect({ host, port: 8420, ca }, () => {
      done(socket.getPeerX509Certificate().subjectAltName)
      socket.destroy()
    })
    socket.on('error', fail)
  })

async function serve(archive, args) {
  const child = spawn(program, ['-C', archive, '--json', 'serve', '--home', '--no-worker', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const told = await new Promise((done, fail) => {
    let text = ''
    child.stdout.on('data', (piece) => (text += piece).includes('\n') && done(JSON.parse(text)))
    child.on('exit', (code) => fail(new Error(`serve ended: ${code}`)))
  })
  return { child, told }
}

async function look(archive) {
  for (const words of [['init'], ['user', 'add', '妈妈']])
    assert.equal(spawnSync(program, ['-C', archive, ...words], { input: '桥边的老屋1985\n', timeout: 20_000 }).status, 0)
  const { child, told } = await serve(archive, [])
  try {
    assert.equal(told.address, 'https://192.168.77.5:8420/')
    assert.ok(told.addresses.includes('https://[fd77::5]:8420/'), told.addresses.join(' '))
    const ca = (await ask(http, '192.168.77.5', 8421, '/house-ca.crt')).text
    assert.equal(new X509Certificate(ca).fingerprint256, told.fingerprint)
    // By IPv4, by IPv6, and from the machine itself.
    for (const [host, shown] of [['192.168.77.5', '192.168.77.5'], ['fd77::5', '[fd77::5]'], ['127.0.0.1', '127.0.0.1'], ['::1', '[::1]']]) {
      const near = ['127.0.0.1', '::1'].includes(host)
      const me = await ask(https, host, 8420, '/api/v1/me', { Host: `${shown}:8420` }, { ca, servername: '' })
      assert.equal(me.status, 200, host)
      assert.deepEqual([JSON.parse(me.text).near, JSON.parse(me.text).role, JSON.parse(me.text).secure], [near, 'nobody', true], host)
      assert.equal((await ask(https, host, 8420, '/api/v1/items', { Host: `${shown}:8420` }, { ca, servername: '' })).status, 401)
      const sent = await ask(http, host, 8421, '/films', { Host: `${shown}:8421` })
      assert.equal(sent.headers.location, `https://${shown}:8420/films`)
      // An address of somebody else, and one of ours that was not the one connected to.
      for (const Host of ['192.168.77.99:8420', host === '::1' ? '192.168.77.5:8420' : '[fd77::9]:8420', 'evil.example:8420'])
        assert.equal((await ask(http, host, 8421, '/trust', { Host })).status, 403, `${host} ${Host}`)
    }
    // The router hands out another address: nobody has to trust anything anew.
    ip('addr', 'del', '192.168.77.5/24', 'dev', 'eth9')
    ip('addr', 'add', '192.168.77.6/24', 'dev', 'eth9')
    let names = ''
    for (let i = 0; i < 30 && !names.includes('192.168.77.6'); i++) {
      await sleep(500)
      names = await names_at('192.168.77.6', ca).catch(() => '')
    }
    assert.match(names, /192\.168\.77\.6/)
    assert.equal(JSON.parse(readFileSync(join(archive, 'house', 'reach.json'), 'utf8')).address, 'https://192.168.77.6:8420/')
  } finally {
    child.removeAllListeners('exit')
    child.kill('SIGTERM')
  }
}

if (inside) {
  const folder = mkdtempSync(join(tmpdir(), 'kinreel-network-'))
  await look(join(folder, 'archive')).finally(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
} else {
  describe('a network', { skip: why_not }, () => {
    test('is served at each address, and followed when it changes', { timeout: 120_000 }, () => {
      const done = own_network(`exec '${process.execPath}' '${fileURLToPath(import.meta.url)}'`)
      assert.equal(done.status, 0, done.stdout + done.stderr)
    })
  })
}
