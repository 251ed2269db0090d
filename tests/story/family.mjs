// SPDX-License-Identifier: AGPL-3.0-or-later
// What the scenes at the command line share: an archive of their own, the program, small files.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { program } from './house.mjs'

export { has_program, program } from './house.mjs'
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const material = join(root, '..', 'shared', 'material')
export const has_material = existsSync(material)

// The sample album, made once for all scenes.
export function album() {
  const build = dirname(resolve(program))
  const folder = join(build, 'sample-album')
  const made = spawnSync(join(root, 'samples', 'make'), [folder], { encoding: 'utf8', env: { ...process.env, KINREEL_BUILD: build } })
  if (made.status !== 0) throw new Error(`samples/make: ${made.stderr}`)
  return folder
}

// The homes of `kinreel demo`, made once for each file of scenes; { archive, told }.
let furnished = null
export function demo() {
  if (furnished) return furnished
  album()
  const folder = mkdtempSync(join(tmpdir(), 'kinreel-demo-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const archive = join(folder, 'demo')
  const made = spawnSync(program, ['--json', 'demo', archive], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`demo: ${made.stderr}${made.stdout}`)
  furnished = { archive, told: JSON.parse(made.stdout) }
  return furnished
}

export class Family {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'kinreel-family-'))
    this.archive = join(this.folder, 'archive')
    this.pictures = join(this.folder, 'pictures')
    mkdirSync(this.pictures)
    this.must('init')
  }

  env(more = {}) {
    return { ...process.env, KINREEL_LANG: 'en', ...more }
  }

  // Runs a command; answers { status, lines (JSON), text, talk }.
  run(...words) {
    const done = spawnSync(program, ['-C', this.archive, '--json', ...words], {
      encoding: 'utf8', env: this.env(), maxBuffer: 1 << 28,
    })
    const lines = done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line))
    return { status: done.status, signal: done.signal, lines, last: lines.at(-1), talk: done.stderr }
  }

  must(...words) {
    const done = this.run(...words)
    if (done.status !== 0) throw new Error(`${words.join(' ')}: ${done.status} ${done.talk} ${JSON.stringify(done.last)}`)
    return done
  }

  start(...words) {
    return spawn(program, ['-C', this.archive, '--json', ...words], { env: this.env(), stdio: 'ignore' })
  }

  add(...paths) {
    const done = this.run('add', ...paths)
    return { ...done, files: done.lines.filter((line) => 'status' in line), sum: done.lines.find((line) => line.summary) }
  }

  find(...words) {
    return this.must('find', ...words).lines
  }

  // What the archive holds, without ids and times: two of the same family are equal.
  manifest() {
    const dest = mkdtempSync(join(this.folder, 'export-'))
    this.must('export', 'files', dest)
    return readFileSync(join(dest, 'manifest.jsonl'), 'utf8').split('\n').filter(Boolean).sort()
  }

  put(name, bytes) {
    const path = join(this.pictures, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
    return path
  }

  blobs() {
    const folder = join(this.archive, 'blobs')
    return readdirSync(folder).flatMap((two) => readdirSync(join(folder, two)).map((rest) => two + rest))
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

// A small PNG of one colour by hand: enough to be a picture.
export function png(width, height, [r, g, b]) {
  const done = spawnSync('python3', ['-c', `
import struct, zlib, sys
w, h, rgb = ${width}, ${height}, bytes([${r}, ${g}, ${b}])
def chunk(t, d):
    return struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
row = b'\\0' + rgb * w
sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, 8, 2, 0, 0, 0))
    + chunk(b'IDAT', zlib.compress(row * h, 9)) + chunk(b'IEND', b''))`], { maxBuffer: 1 << 28 })
  return done.stdout
}

export function ffmpeg(...words) {
  const done = spawnSync('ffmpeg', ['-v', 'error', '-y', ...words], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`ffmpeg ${words.join(' ')}: ${done.stderr}`)
}

export function probe(path) {
  const done = spawnSync('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-show_chapters', '-of', 'json', path],
    { encoding: 'utf8' })
  return JSON.parse(done.stdout)
}
