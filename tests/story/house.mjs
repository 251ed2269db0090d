// SPDX-License-Identifier: AGPL-3.0-or-later
// What the HTTP scenes share: a house of their own on a free port, and ways to speak to it.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as zlib from 'node:zlib'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const program = process.env.KINREEL ?? join(root, 'build', 'kinreel')
export const has_program = existsSync(program)

export class House {
  // With `from` it begins as a copy of that archive: a house is one folder.
  static async open({ args = ['--no-worker'], log = 'info', env = {}, from = null, program: own = program } = {}) {
    const house = new House()
    house.program = own
    house.folder = mkdtempSync(join(tmpdir(), 'kinreel-story-'))
    house.archive = join(house.folder, 'archive')
    if (from) {
      cpSync(from, house.archive, { recursive: true })
    } else {
      const made = spawnSync(own, ['-C', house.archive, 'init'], { encoding: 'utf8' })
      if (made.status !== 0) throw new Error(`init: ${made.stderr}`)
    }
    house.env = { ...process.env, KINREEL_LANG: 'en', KINREEL_LOG: log, ...env }
    await house.start(args)
    return house
  }

  // On a free port, or on the one it had before.
  async start(args = ['--no-worker'], port = 0) {
    this.log = ''
    const all = ['-C', this.archive, '--json', 'serve', '--listen', `127.0.0.1:${port}`, ...args]
    this.child = spawn(this.program, all, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child.stderr.on('data', (text) => (this.log += text))
    this.ended = new Promise((done) => this.child.on('exit', (code, signal) => done({ code, signal })))
    this.told = await new Promise((done, fail) => {
      let told = ''
      this.child.stdout.on('data', (text) => {
        told += text
        if (told.includes('\n')) done(JSON.parse(told))
      })
      this.ended.then(() => fail(new Error(`serve ended: ${this.log}`)))
    })
    const address = new URL(this.told.address)
    this.port = Number(address.port)
    this.origin = `${address.protocol}//127.0.0.1:${this.port}`
    this.speaks = address.protocol === 'https:' ? https : http
    this.agent = new this.speaks.Agent({ keepAlive: true, maxSockets: 50, ...(await this.trust()) })
  }

  // What a device trusts once it knows a house that is open to its network by its own certificate.
  async trust() {
    if (!this.told.plain) return {}
    const answer = await fetch(`http://127.0.0.1:${this.told.plain_port}/house-ca.crt`)
    this.ca = answer.ok ? await answer.text() : undefined
    return { ca: this.ca }
  }

  async stop(signal = 'SIGTERM') {
    this.agent.destroy()
    this.child.kill(signal)
    return this.ended
  }

  async close() {
    await this.stop('SIGKILL')
    // A worker it started ends a moment after it.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  // Unlike fetch(), this lets a scene say any header, Host and Origin too.
  ask(method, path, { headers = {}, body, agent = this.agent } = {}) {
    const safe = ['GET', 'HEAD', 'OPTIONS'].includes(method)
    const all = { ...(safe ? {} : { Origin: this.origin }), ...(this.cookie ? { Cookie: this.cookie } : {}), ...headers }
    if (body !== undefined && !Buffer.isBuffer(body)) {
      body = JSON.stringify(body)
      all['Content-Type'] ??= 'application/json'
    }
    if (body !== undefined) all['Content-Length'] ??= Buffer.byteLength(body)
    for (const name of Object.keys(all)) if (all[name] === null) delete all[name]
    return new Promise((done, fail) => {
      const request = this.speaks.request(
        { host: '127.0.0.1', port: this.port, method, path, headers: all, agent },
        (answer) => {
          const pieces = []
          answer.on('data', (piece) => pieces.push(piece))
          answer.on('error', fail)
          answer.on('end', () => {
            const bytes = Buffer.concat(pieces)
            const json = /json/.test(answer.headers['content-type'] ?? '') && bytes.length
            done({
              status: answer.statusCode,
              headers: answer.headers,
              bytes,
              json: json ? JSON.parse(bytes.toString()) : null,
            })
          })
        },
      )
      request.on('error', fail)
      request.end(body)
    })
  }

  tus(method, path, headers = {}, body) {
    return this.ask(method, path, { headers: { 'Tus-Resumable': '1.0.0', ...headers }, body })
  }

  patch(path, offset, body, headers = {}) {
    return this.tus('PATCH', path, { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream', ...headers }, body)
  }

  async beginUpload(name, length) {
    const answer = await this.tus('POST', '/api/v1/uploads', {
      'Upload-Length': String(length),
      'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}`,
    })
    if (answer.status !== 201) throw new Error(`upload not begun: ${answer.status} ${answer.bytes}`)
    return answer.headers.location
  }

  async bringIn(name, bytes) {
    const place = await this.beginUpload(name, bytes.length)
    const answer = await this.patch(place, 0, bytes)
    if (answer.status !== 204) throw new Error(`not brought in: ${answer.status} ${answer.bytes}`)
    return JSON.parse(answer.headers['kinreel-result'])
  }

  socket() {
    return net.connect(this.port, '127.0.0.1')
  }
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
export const bytesOf = (path) => readFileSync(path)

function sum(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes)
  let c = ~0 // Node 18 has no crc32
  for (const byte of bytes) {
    c ^= byte
    for (let bit = 0; bit < 8; bit++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0)
  }
  return ~c >>> 0
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const head = Buffer.alloc(4)
  const tail = Buffer.alloc(4)
  head.writeUInt32BE(data.length)
  tail.writeUInt32BE(sum(body) >>> 0)
  return Buffer.concat([head, body, tail])
}

// A picture of a soft gradient (PNG, 8-bit RGB), another one for each seed; level 0 packs nothing.
export function picture(width, height, seed, { level = 6 } = {}) {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3
      rows[at] = (x * 255) / width
      rows[at + 1] = (y * 255) / height
      rows[at + 2] = (seed * 37) & 255
    }
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  size.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', size),
    chunk('IDAT', zlib.deflateSync(rows, { level })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
