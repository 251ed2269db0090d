// SPDX-License-Identifier: AGPL-3.0-or-later
// node dev/mock.mjs [--port 8421] [--items 600] [--dist dist] [--cut] [--slow MS]
// Speaks docs/formats/api.md with made-up pictures, so that pages can be looked at without the house.
// --cut breaks the connection of every third upload chunk halfway.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eraAnswer } from './mock-era.mjs'
import { addTo, briefOf, houseOf, itemAnswer, kitRecipe, timelineOf } from './mock-house.mjs'
import { svgOf, wavOf } from './mock-pictures.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
const assets = { '/app.js': 'text/javascript', '/app.css': 'text/css', '/icon.svg': 'image/svg+xml' }

class Problem extends Error {
  constructor(status, detail) {
    super(detail)
    this.status = status
  }
}

function langOf(request) {
  const cookie = /(?:^|; )lang=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
  return (request.headers['accept-language'] ?? cookie ?? 'zh-CN').startsWith('en') ? 'en' : 'zh-CN'
}

async function bodyOf(request, onCut) {
  const parts = []
  let size = 0
  for await (const part of request) {
    parts.push(part)
    size += part.length
    if (onCut && onCut(size)) {
      request.socket.destroy()
      return { cut: true, bytes: Buffer.concat(parts) }
    }
  }
  return { cut: false, bytes: Buffer.concat(parts) }
}

function send(request, response, status, type, bytes, headers = {}) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const base = { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff', 'Accept-Ranges': 'bytes', ...headers }
  if (!range || status !== 200) {
    response.writeHead(status, { ...base, 'Content-Length': bytes.length }).end(request.method === 'HEAD' ? undefined : bytes)
    return
  }
  const from = Number(range[1])
  const to = range[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1
  response.writeHead(206, { ...base, 'Content-Range': `bytes ${from}-${to}/${bytes.length}`, 'Content-Length': to - from + 1 })
  response.end(bytes.subarray(from, to + 1))
}

function leafOf(items, query, lang) {
  const at = Number(query.get('cursor') || 0)
  const limit = Math.min(500, Number(query.get('limit') || 200))
  const page = items.slice(at, at + limit)
  return { items: page.map((item) => briefOf(item, lang)), next: at + limit < items.length ? String(at + limit) : '', total: items.length }
}

// A little moving picture, if this machine has the means; 'rough' shakes and hums.
const clips = new Map()
function clipOf(rough) {
  if (clips.has(rough)) return clips.get(rough)
  const path = join(mkdtempSync(join(tmpdir(), 'kinreel-mock-')), 'clip.webm')
  const look = rough ? 'eq=brightness=-0.25:saturation=0.6,noise=alls=24:allf=t' : 'eq=saturation=1.1'
  const made = spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10:d=6', '-f', 'lavfi', '-i', `sine=f=${rough ? 90 : 440}:d=6`, '-vf', look, '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-c:a', 'libopus', path])
  clips.set(rough, made.status === 0 ? readFileSync(path) : null)
  return clips.get(rough)
}

function media(request, response, item, rough) {
  if (item.kind === 'audio') return send(request, response, 200, 'audio/wav', wavOf(item.n, 6, rough))
  if (item.kind === 'photo') return send(request, response, 200, 'image/svg+xml', Buffer.from(svgOf(item.n, item.year, item.width, item.height, rough && item.year < 1990)))
  const clip = clipOf(rough)
  if (!clip) throw new Problem(404, 'no ffmpeg on this machine')
  return send(request, response, 200, 'video/webm', clip)
}

function startJob(house, kind, item, finish) {
  const id = 'job' + (house.jobs.size + 1)
  const job = { id, kind, state: 'running', progress: 0, error: '', result: {}, item }
  house.jobs.set(id, job)
  const timer = setInterval(() => {
    if (job.state !== 'running') return clearInterval(timer)
    job.progress = Math.min(1, job.progress + 0.2)
    if (job.progress < 1) return
    clearInterval(timer)
    job.state = 'done'
    finish(job)
  }, 300)
  return job
}

function makeRendition(house, kind, id, options) {
  return startJob(house, kind, id, (job) => {
    const item = house.byId.get(id)
    const rendition = { id: `r-${id}-${item.renditions.length}`, kind, mime: item.kind === 'photo' ? 'image/jpeg' : 'video/mp4', at: new Date().toISOString(), recipe: kind === 'kit' ? kitRecipe(item.kind, options) : {} }
    rendition.file = `/api/v1/renditions/${rendition.id}/file`
    item.renditions.unshift(rendition)
    job.result = { rendition: rendition.id }
  })
}

function makeFilm(house, story) {
  if (!story.beats?.length) throw new Problem(422, '影片里还没有照片。')
  return startJob(house, 'film', '', (job) => {
    const id = 'film' + (house.films.length + 1)
    const chapters = story.beats.slice(0, 5).map((beat, i) => ({ start_ms: i * 1200, title: beat.caption ?? '' }))
    house.films.unshift({ id, title: story.title || '桥边的老屋', lang: story.lang, duration_ms: 6000, at: new Date().toISOString(), poster: `/api/v1/films/${id}/poster`, file: `/api/v1/films/${id}/file`, captions: `/api/v1/films/${id}/captions.vtt`, chapters, seed: story.beats.length })
    job.result = { film: id }
  })
}

function claim(item, { predicate, value }, lang) {
  if (predicate === 'date') {
    const text = value.phrase ?? value.edtf
    if (/[?？]{2}|abc/.test(text)) throw new Problem(422, lang === 'en' ? 'This date was not understood. Try “around 1985”.' : '没看懂这个日期。可以写“1985 年前后”。')
    const year = Number(/\d{4}/.exec(text)?.[0] ?? 1980)
    item.date = { edtf: value.edtf ?? `${year}~`, from: `${year - 1}-01-01`, to: `${year + 1}-12-31`, zh: text, en: text, certain: 0.8, source: 'person' }
  } else if (predicate === 'caption') item.caption = { zh: value, en: value }
  else if (predicate === 'keyword') item.keywords = [...new Set([...item.keywords, value])]
  else if (predicate === 'favourite') item.favourite = value
  else item[predicate] = value
  item.claims.unshift({ id: 'c' + Date.now(), predicate, value, who: 'owner', certain: 0.9, at: new Date().toISOString(), retracted: false })
}

function search(house, q) {
  const live = house.items.filter((item) => !item.trashed)
  const [, field, text] = /^(?:(person|place|year|type):)?(.*)$/.exec(q)
  if (field === 'type') return live.filter((item) => item.kind === text)
  if (field === 'year') return live.filter((item) => String(item.year).startsWith(text.replace(/0s$/, '')))
  if (field === 'place') return live.filter((item) => item.place === text)
  if (field === 'person') return live.filter((item) => item.n % 7 === 0)
  return live.filter((item) => (item.caption.zh + item.caption.en.toLowerCase() + item.keywords).includes(text.toLowerCase()))
}

function about(house, lang) {
  const live = house.items.filter((item) => !item.trashed)
  const count = (kind) => live.filter((item) => item.kind === kind).length
  return { name: 'kinreel', version: '0.1.0', source: '/source.tar.gz', lang, items: live.length, photos: count('photo'), videos: count('video'), sounds: count('audio'), undated: live.filter((item) => item.section === 'none').length, bytes: live.length * 3812331, films: house.films.length, trash: house.items.length - live.length }
}

const tus = { 'Tus-Resumable': '1.0.0', 'Tus-Version': '1.0.0', 'Tus-Extension': 'creation,termination,expiration', 'Cache-Control': 'no-store' }

function finishUpload(house, upload) {
  const sha = createHash('sha256').update(upload.bytes).digest('hex')
  const twin = house.items.find((item) => item.sha256 === sha)
  if (twin) return { status: 'duplicate', id: twin.id, reason: '', damaged: '' }
  if (/\.(exe|txt)$/i.test(upload.name)) return { status: 'refused', id: '', reason: '\u8fd9\u4e0d\u662f\u7167\u7247\u3001\u5f55\u50cf\u6216\u5f55\u97f3\u3002', damaged: '' }
  return { status: 'added', id: addTo(house, upload.name, upload.bytes).id, reason: '', damaged: '' }
}

function ascii(value) {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))
}

function createUpload(request, uploads) {
  const told = Object.fromEntries((request.headers['upload-metadata'] ?? '').split(',').map((pair) => pair.trim().split(' ')))
  const id = createHash('sha256').update(String(uploads.size) + Date.now()).digest('hex').slice(0, 16)
  uploads.set(id, { name: Buffer.from(told.filename ?? '', 'base64').toString(), size: Number(request.headers['upload-length']), bytes: Buffer.alloc(0), result: null })
  return id
}

async function tusRoute(request, response, state, id) {
  const { uploads, house, options } = state
  const answer = (status, headers = {}) => response.writeHead(status, { ...tus, ...headers }).end()
  if (request.method === 'OPTIONS') return answer(204)
  if (request.method === 'POST') return answer(201, { Location: `/api/v1/uploads/${createUpload(request, uploads)}` })
  const upload = uploads.get(id)
  if (!upload) return answer(404)
  if (request.method === 'DELETE') return uploads.delete(id), answer(204)
  const done = () => (upload.result ? { 'Kinreel-Result': ascii(upload.result) } : {})
  if (request.method === 'HEAD') return answer(200, { 'Upload-Offset': String(upload.bytes.length), 'Upload-Length': String(upload.size), ...done() })
  if (Number(request.headers['upload-offset']) !== upload.bytes.length) return answer(409)
  state.patches++
  const half = options.cut && state.patches % 3 === 1
  const { cut, bytes } = await bodyOf(request, half ? (size) => size > 60000 : null)
  upload.bytes = Buffer.concat([upload.bytes, bytes])
  if (cut) return undefined
  if (options.slow) await new Promise((next) => setTimeout(next, options.slow))
  if (upload.bytes.length >= upload.size) upload.result ??= finishUpload(house, upload)
  return answer(204, { 'Upload-Offset': String(upload.bytes.length), ...done() })
}

function filmRoute(request, response, house, parts) {
  const film = house.films.find((one) => one.id === parts[1])
  if (!film) throw new Problem(404, '没有这部影片。')
  if (parts[2] === 'poster') return send(request, response, 200, 'image/svg+xml', Buffer.from(svgOf(film.seed + 9, 1985, 1600, 900, false)))
  if (parts[2] === 'captions.vtt') return send(request, response, 200, 'text/vtt', Buffer.from(`WEBVTT\n\n${film.chapters.map((c, i) => `00:00:0${i}.000 --> 00:00:0${i + 1}.000\n${c.title || '…'}\n`).join('\n')}`))
  if (parts[2] === 'file') return media(request, response, { kind: 'video' }, false)
  return film
}

async function itemRoute(request, response, state, parts, lang) {
  const { house } = state
  const item = house.byId.get(parts[1])
  if (!item) throw new Problem(404, lang === 'en' ? 'There is no such picture here.' : '这里没有这张照片。')
  if (parts[2] === 'thumb') return send(request, response, 200, 'image/svg+xml', Buffer.from(svgOf(item.n, item.year, item.width, item.height, item.year < 1990)), { 'Cache-Control': 'max-age=600, immutable' })
  if (parts[2] === 'original' || parts[2] === 'play') return media(request, response, item, true)
  if (parts[2] === 'claims') claim(item, JSON.parse((await bodyOf(request)).bytes), lang)
  if (parts[2] === 'may') return { may: false, may_say: true }
  if (parts[2] === 'untrash') item.trashed = false
  if (request.method === 'DELETE') {
    item.trashed = true
    return response.writeHead(204).end()
  }
  return itemAnswer(house, item, lang)
}

// Two of the cards and the advice of a hand that trembles.
function coachAnswer(body = []) {
  const card = (scene) => ({ scene, key: `scene.${scene}`, ...Object.fromEntries(['stand', 'lamp', 'microphone'].map((place) => [place, `scene.${scene}.${place}`])), takes: [1, 2, 3].map((n) => `scene.${scene}.take${n}`), keep_viewpoint: scene === 'ride' })
  const advice = [['', ['no-elbows', 'one-hand']], ['.one-hand', ['no-elbows']], ['.no-elbows', []]].map(([way, unfit]) => ({ cause: 'tremor', key: `coach.advice.tremor${way}`, unfit }))
  return { scenes: ['night-home', 'ride'].map(card), advice, bodies: ['no-elbows', 'one-hand', 'rolls'], body }
}

async function apiRoute(request, response, state, url) {
  const { house } = state
  const parts = url.pathname.slice('/api/v1/'.length).split('/')
  const lang = langOf(request)
  const post = request.method === 'POST'
  const body = async () => JSON.parse((await bodyOf(request)).bytes)
  switch (parts[0]) {
    case 'me': return { role: 'owner', home: '', account: '', session: '', person: '', name: '', about: '', owned: true, near: true, secure: false }
    case 'backup': return { place: '', every_days: 7, done_ms: 0, tried_ms: 0, trouble: '', blobs: 0, copied: 0, missing: 0, bytes: 0, due: false, late: false, job: null }
    case 'about': return about(house, lang)
    case 'timeline': return timelineOf(house)
    case 'era':
    case 'era-line':
    case 'marks': return eraAnswer(parts, url.searchParams, lang)
    case 'trust': return { home: true, own: true, fingerprint: Array(8).fill('2B:7E:15:16').join(':'), trust_until: '2036-11-29T10:00:00Z', safe: 'https://family.test:8420' }
    case 'words': return JSON.parse(readFileSync(join(here, '..', '..', 'words', `${parts[1]}.json`), 'utf8'))
    case 'items': {
      if (parts[1]) return itemRoute(request, response, state, parts, lang)
      const key = url.searchParams.get('section')
      const kind = url.searchParams.get('kind')
      return leafOf(house.items.filter((item) => !item.trashed && (!key || item.section === key) && (!kind || item.kind === kind)), url.searchParams, lang)
    }
    case 'search': return leafOf(search(house, url.searchParams.get('q') ?? ''), url.searchParams, lang)
    case 'trash': {
      if (post) house.items = house.items.filter((item) => !item.trashed || !house.byId.delete(item.id))
      return { items: house.items.filter((item) => item.trashed).map((item) => briefOf(item, lang)) }
    }
    case 'renditions': {
      const item = [...house.byId.values()].find((one) => one.renditions.some((r) => r.id === parts[1]))
      return media(request, response, item, false)
    }
    case 'films': {
      if (post) return makeFilm(house, await body())
      return parts[1] ? filmRoute(request, response, house, parts) : { films: house.films }
    }
    case 'jobs': {
      if (post) {
        const asked = await body()
        return makeRendition(house, asked.kind, asked.item, asked.options)
      }
      const job = house.jobs.get(parts[1])
      if (job && request.method === 'DELETE') return (job.state = 'cancelled'), response.writeHead(204).end()
      return parts[1] ? job : { jobs: [...house.jobs.values()] }
    }
    case 'have': {
      const { sha256 } = await body()
      return { have: Object.fromEntries(house.items.filter((item) => sha256.includes(item.sha256)).map((item) => [item.sha256, item.id])) }
    }
    case 'asks': return { asks: [] }
    case 'coach': {
      if (post) house.body = (await body()).body
      return coachAnswer(house.body)
    }
    case 'mounts': {
      if (post) {
        const { item, name } = await body()
        return startJob(house, 'mount', item, (job) => (house.mounts = [...(house.mounts ?? []), { name }], (job.result = { mount: name })))
      }
      if (request.method === 'DELETE') return (house.mounts = house.mounts.filter((one) => one.name !== decodeURIComponent(parts[1]))), response.writeHead(204).end()
      return { mounts: house.mounts ?? [] }
    }
    case 'live': return response.writeHead(204).end() // nothing new: whoever listens need not ask again
    case 'uploads': return tusRoute(request, response, state, parts[1])
    default: throw new Problem(404, 'no such route')
  }
}

async function route(request, response, state) {
  const url = new URL(request.url, 'http://mock')
  const dist = state.options.dist
  if (url.pathname.startsWith('/api/')) {
    const answer = await apiRoute(request, response, state, url)
    if (answer === undefined || answer === response || response.headersSent || response.destroyed) return
    const made = request.method === 'POST' && /\/(jobs|films)$/.test(url.pathname)
    send(request, response, made ? 202 : 200, 'application/json', Buffer.from(JSON.stringify(answer)), { 'Cache-Control': 'no-cache' })
    return
  }
  const type = assets[url.pathname]
  const path = join(dist, type ? url.pathname : 'index.html')
  if (!existsSync(path)) throw new Problem(404, 'build first')
  send(request, response, 200, type ?? 'text/html; charset=utf-8', readFileSync(path), { 'Content-Security-Policy': csp, 'Cache-Control': 'no-cache' })
}

function refuse(response, cause) {
  if (response.headersSent || response.destroyed) return
  const status = cause instanceof Problem ? cause.status : 500
  if (status === 500) console.error(cause)
  response.writeHead(status, { 'Content-Type': 'application/problem+json' })
  response.end(JSON.stringify({ type: 'about:blank', title: 'problem', status, detail: cause.message }))
}

export function openMock(options) {
  const house = houseOf(options.items)
  const state = { house, options, uploads: new Map(), patches: 0 }
  if (options.items > 0) makeFilm(house, { title: '桥边的老屋', lang: 'zh-CN', beats: [{ caption: '村口的桥' }, { caption: '奶奶的院子' }, { caption: '那年过年' }] })
  const server = createServer((request, response) => {
    route(request, response, state).catch((cause) => refuse(response, cause))
  })
  return new Promise((done) => server.listen(options.port, '127.0.0.1', () => done({ server, state, port: server.address().port })))
}

function option(name, usual) {
  const at = process.argv.indexOf('--' + name)
  return at < 0 ? usual : process.argv[at + 1]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = { port: Number(option('port', 8421)), items: Number(option('items', 600)), dist: option('dist', join(here, '..', 'dist')), cut: process.argv.includes('--cut'), slow: Number(option('slow', 0)) }
  const { port } = await openMock(options)
  console.log(`http://127.0.0.1:${port}/`)
}
