// SPDX-License-Identifier: AGPL-3.0-or-later
// A browser, a script, and a few who mean no good knock at the door of a house.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { House, has_program, picture, program, sha256, sleep } from './house.mjs'

const nobody = '01900000-0000-7000-8000-000000000000'

describe('the door', { skip: !has_program && 'no kinreel built' }, () => {
  let house
  before(async () => (house = await House.open()))
  after(() => house?.close())

  test('every page answers, packed for whoever takes it, once', async () => {
    const plain = await house.ask('GET', '/')
    assert.equal(plain.status, 200)
    assert.match(plain.headers['content-type'], /^text\/html/)
    assert.match(plain.headers['content-security-policy'], /^default-src 'none'; script-src 'self'/)
    assert.equal(plain.headers['x-content-type-options'], 'nosniff')
    const packed = await house.ask('GET', '/app.js', { headers: { 'Accept-Encoding': 'gzip' } })
    assert.equal(packed.headers['content-encoding'], 'gzip')
    assert.notEqual(packed.headers.etag, (await house.ask('GET', '/app.js')).headers.etag)
    const again = await house.ask('GET', '/app.js', {
      headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': packed.headers.etag },
    })
    assert.equal(again.status, 304)
    assert.equal(again.bytes.length, 0)
    assert.equal((await house.ask('GET', '/item/whatever')).status, 200)
    assert.equal((await house.ask('GET', '/nothing.png')).status, 404)
  })

  test('the program offers its own source', async () => {
    const about = (await house.ask('GET', '/api/v1/about')).json
    assert.equal(about.name, 'kinreel')
    const source = await house.ask('GET', about.source)
    assert.equal(source.status, 200)
    assert.equal(source.bytes.readUInt16BE(0), 0x1f8b)
  })

  test('a name that was made to point here is turned away', async () => {
    for (const Host of ['evil.example', `evil.example:${house.port}`, `localhost:${house.port + 1}`]) {
      const answer = await house.ask('GET', '/api/v1/about', { headers: { Host } })
      assert.equal(answer.status, 403, Host)
      assert.equal(answer.json.title, 'host')
    }
    const ours = await house.ask('GET', '/api/v1/about', { headers: { Host: `localhost:${house.port}` } })
    assert.equal(ours.status, 200)
  })

  test('a page elsewhere can neither change nor draw anything', async () => {
    for (const Origin of [null, 'null', 'http://evil.example', `https://evil.example:${house.port}`]) {
      const answer = await house.ask('POST', '/api/v1/trash/empty', { headers: { Origin }, body: { confirm: true } })
      assert.equal(answer.status, 403, String(Origin))
      assert.equal(answer.json.title, 'origin')
    }
    const drawn = await house.ask('GET', '/api/v1/items', { headers: { 'Sec-Fetch-Site': 'cross-site' } })
    assert.equal(drawn.status, 403)
  })

  test('refusals speak the language of the asker', async () => {
    const zh = await house.ask('GET', '/api/v1/nothing', { headers: { 'Accept-Language': 'zh-CN' } })
    assert.equal(zh.status, 404)
    assert.equal(zh.headers['content-type'], 'application/problem+json')
    assert.match(zh.json.detail, /\p{Script=Han}/u)
    const en = await house.ask('GET', '/api/v1/nothing', { headers: { 'Accept-Language': 'zh', Cookie: 'lang=en' } })
    assert.match(en.json.detail, /^[ -~]+$/)
  })

  test('what is asked wrongly is told so', async () => {
    const put = await house.ask('PUT', '/api/v1/items')
    assert.equal(put.status, 405)
    assert.equal(put.headers.allow, 'GET, HEAD')
    assert.equal((await house.ask('GET', '/api/v1/items?limit=many')).status, 400)
    assert.equal((await house.ask('GET', '/api/v1/items?limit=501')).status, 400)
    assert.equal((await house.ask('GET', '/api/v1/items/%ff')).status, 400)
    assert.equal((await house.ask('GET', '/api/v1/../about')).status, 400)
    assert.equal((await house.ask('POST', '/api/v1/jobs', { body: Buffer.from('{'), headers: { 'Content-Type': 'application/json' } })).status, 400)
    assert.equal((await house.ask('POST', '/api/v1/jobs', { body: Buffer.from('a=1'), headers: { 'Content-Type': 'text/plain' } })).status, 415)
    assert.equal((await house.ask('POST', '/api/v1/jobs', { body: { x: 'a'.repeat(100000) } })).status, 413)
    assert.equal((await house.ask('POST', '/api/v1/films', { body: { title: 'x' } })).status, 422)
    assert.equal((await house.ask('POST', '/api/v1/trash/empty', { body: {} })).status, 422)
    assert.equal((await house.ask('POST', '/api/v1/have', { body: { sha256: ['short'] } })).status, 422)
  })

  test('a refusal is heard even after a long body', async () => {
    const long = await house.ask('POST', '/api/v1/jobs', { body: Buffer.alloc(8 << 20), headers: { 'Content-Type': 'application/json' } })
    assert.equal(long.status, 413)
    const chunked = await house.ask('POST', '/api/v1/jobs', {
      body: Buffer.alloc(1 << 20),
      headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked', 'Content-Length': null },
    })
    assert.equal(chunked.status, 413)
  })

  test('what is not there is not found, whatever it is', async () => {
    for (const path of [
      `/api/v1/items/${nobody}`, '/api/v1/items/x', `/api/v1/items/${nobody}/original`, `/api/v1/items/${nobody}/play`,
      `/api/v1/items/${nobody}/thumb/256`, `/api/v1/renditions/${nobody}/file`, `/api/v1/films/${nobody}`,
      `/api/v1/films/${nobody}/file`, `/api/v1/films/${nobody}/captions.vtt`, `/api/v1/films/${nobody}/poster`,
      `/api/v1/jobs/${nobody}`, '/api/v1/words/tlh', '/api/v1/uploads/x/y',
    ])
      assert.equal((await house.ask('GET', path)).status, 404, path)
    assert.equal((await house.ask('DELETE', `/api/v1/items/${nobody}`)).status, 404)
    assert.equal((await house.ask('DELETE', `/api/v1/jobs/${nobody}`)).status, 404)
    assert.equal((await house.ask('POST', `/api/v1/items/${nobody}/claims`, { body: { predicate: 'title', value: 'x' } })).status, 404)
    assert.equal((await house.ask('POST', `/api/v1/items/${nobody}/untrash`, { body: {} })).status, 404)
    assert.equal((await house.ask('POST', '/api/v1/jobs', { body: { kind: 'restore', item: nobody } })).status, 404)
  })

  test('an empty house answers empty lists', async () => {
    assert.deepEqual((await house.ask('GET', '/api/v1/timeline')).json, { total: 0, sections: [] })
    assert.deepEqual((await house.ask('GET', '/api/v1/items')).json, { items: [], next: '', total: 0 })
    assert.deepEqual((await house.ask('GET', '/api/v1/search?q=%E5%A5%B6%E5%A5%B6')).json.items, [])
    assert.deepEqual((await house.ask('GET', '/api/v1/trash')).json.items, [])
    assert.deepEqual((await house.ask('GET', '/api/v1/films')).json, { films: [], withheld: [] })
    assert.deepEqual((await house.ask('GET', '/api/v1/jobs')).json, { jobs: [] })
  })

  test('words and the description are whole', async () => {
    const zh = (await house.ask('GET', '/api/v1/words/zh-CN')).json
    const en = (await house.ask('GET', '/api/v1/words/en')).json
    assert.deepEqual(Object.keys(zh), Object.keys(en))
    const api = (await house.ask('GET', '/api/v1/openapi.json')).json
    assert.equal(api.openapi, '3.1.0')
    for (const [path, row] of Object.entries(api.paths))
      for (const [method, route] of Object.entries(row)) assert.ok(route.summary && route['x-may'], `${method} ${path}`)
  })

  test('no name is ever written into the log', async () => {
    await house.ask('GET', '/api/v1/search?q=geheimnis')
    await house.ask('GET', '/geheimnis')
    await sleep(50)
    assert.match(house.log, /web\.request method=GET route=\/api\/v1\/search status=200/)
    assert.doesNotMatch(house.log, /geheimnis/)
  })
})

describe('uploads', { skip: !has_program && 'no kinreel built' }, () => {
  let house
  const bytes = picture(320, 240, 1)
  before(async () => (house = await House.open()))
  after(() => house?.close())

  test('what is spoken here is told', async () => {
    const options = await house.ask('OPTIONS', '/api/v1/uploads')
    assert.equal(options.status, 204)
    assert.equal(options.headers['tus-version'], '1.0.0')
    assert.match(options.headers['tus-extension'], /creation.*termination.*expiration/)
    const old = await house.ask('POST', '/api/v1/uploads', { headers: { 'Tus-Resumable': '0.2.2', 'Upload-Length': '1' } })
    assert.equal(old.status, 412)
    assert.equal(old.headers['tus-version'], '1.0.0')
  })

  test('an upload that is begun wrongly is refused', async () => {
    const begin = async (headers) => (await house.tus('POST', '/api/v1/uploads', headers)).status
    assert.equal(await begin({}), 400)
    assert.equal(await begin({ 'Upload-Length': '-1' }), 400)
    assert.equal(await begin({ 'Upload-Length': '1', 'Upload-Metadata': 'filename Li4veA==' }), 400)
    assert.equal(await begin({ 'Upload-Length': String(2 ** 52) }), 413)
  })

  test('a cut upload goes on where it stopped, over a restart of the house', async () => {
    const place = await house.beginUpload('gate.png', bytes.length)
    const half = bytes.length >> 1
    const first = await house.patch(place, 0, bytes.subarray(0, half))
    assert.equal(first.status, 204)
    assert.equal(first.headers['upload-offset'], String(half))
    assert.ok(Date.parse(first.headers['upload-expires']) > Date.now())
    await house.stop('SIGKILL')
    await house.start()
    const where = await house.tus('HEAD', place)
    assert.equal(where.status, 200)
    assert.equal(where.headers['upload-offset'], String(half))
    assert.equal(where.headers['upload-length'], String(bytes.length))
    assert.equal((await house.patch(place, 0, bytes)).status, 409)
    assert.equal((await house.patch(place, half, bytes)).status, 413)
    assert.equal((await house.patch(place, half, bytes.subarray(half), { 'Content-Type': 'text/plain' })).status, 415)
    assert.equal((await house.patch(place, 'x', bytes.subarray(half))).status, 400)
    const last = await house.patch(place, half, bytes.subarray(half))
    assert.equal(last.status, 204)
    const result = JSON.parse(last.headers['kinreel-result'])
    assert.equal(result.status, 'added')
    const again = await house.tus('HEAD', place)
    assert.deepEqual(JSON.parse(again.headers['kinreel-result']), result)
    const once_more = await house.patch(place, bytes.length, Buffer.alloc(0))
    assert.deepEqual(JSON.parse(once_more.headers['kinreel-result']), result)
  })

  test('bytes sent before a connection breaks are kept', async () => {
    const place = await house.beginUpload('cut.png', bytes.length)
    const socket = house.socket()
    socket.write(
      `PATCH ${place} HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\nOrigin: ${house.origin}\r\nTus-Resumable: 1.0.0\r\n` +
        `Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    )
    const whenever = async (status) => {
      for (let i = 0; i < 150; i++) {
        const where = await house.tus('HEAD', place)
        if (where.status === status) return where
        await sleep(20)
      }
      throw new Error(`never ${status}`)
    }
    await whenever(423)
    assert.equal((await house.patch(place, 0, bytes)).status, 423, 'one writer at a time')
    socket.write(bytes.subarray(0, 100))
    await sleep(50)
    socket.destroy()
    const offset = Number((await whenever(200)).headers['upload-offset'])
    assert.equal(offset, 100)
    const last = await house.patch(place, offset, bytes.subarray(offset))
    assert.equal(JSON.parse(last.headers['kinreel-result']).status, 'duplicate')
  })

  test('an upload given up is gone', async () => {
    const place = await house.beginUpload('never.png', 10)
    assert.equal((await house.tus('DELETE', place)).status, 204)
    assert.equal((await house.tus('HEAD', place)).status, 404)
    assert.equal((await house.patch(place, 0, Buffer.alloc(10))).status, 404)
  })

  test('what is no picture is refused with a reason', async () => {
    const result = await house.bringIn('notes.txt', Buffer.from('milk, eggs, bread\n'))
    assert.equal(result.status, 'refused')
    assert.ok(result.reason.length > 0)
    assert.equal((await house.bringIn('empty.jpg', Buffer.alloc(0))).status, 'refused')
  })

  test('what is here already need not be sent', async () => {
    const have = await house.ask('POST', '/api/v1/have', { body: { sha256: [sha256(bytes), 'ab'.repeat(32)] } })
    assert.equal(have.status, 200)
    assert.deepEqual(Object.keys(have.json.have), [sha256(bytes)])
  })
})

describe('an item', { skip: !has_program && 'no kinreel built' }, () => {
  let house, id
  const bytes = picture(640, 480, 2)
  before(async () => {
    house = await House.open()
    id = (await house.bringIn('IMG_19850612_101500.png', bytes)).id
  })
  after(() => house?.close())
  const get = (path, headers) => house.ask('GET', `/api/v1/items/${id}${path}`, { headers })

  test('is shown with all that is known', async () => {
    const item = (await get('')).json
    assert.equal(item.kind, 'photo')
    assert.equal(item.width, 640)
    assert.equal(item.height, 480)
    assert.equal(item.sha256, sha256(bytes))
    assert.equal(item.mime, 'image/png')
    assert.deepEqual(item.names, ['IMG_19850612_101500.png'])
    assert.equal(item.playable, true)
    assert.ok(item.claims.length > 0)
    const list = (await house.ask('GET', '/api/v1/items')).json
    assert.equal(list.total, 1)
    assert.equal(list.items[0].id, id)
    assert.equal((await house.ask('GET', '/api/v1/timeline')).json.total, 1)
  })

  test('its bytes come whole, in part, and once', async () => {
    const whole = await get('/original')
    assert.equal(sha256(whole.bytes), sha256(bytes))
    assert.match(whole.headers['content-disposition'], /^inline; filename\*=UTF-8''IMG_19850612_101500\.png$/)
    assert.match(whole.headers['content-security-policy'], /sandbox/)
    const part = await get('/original', { Range: 'bytes=8-15' })
    assert.equal(part.status, 206)
    assert.equal(part.headers['content-range'], `bytes 8-15/${bytes.length}`)
    assert.deepEqual(part.bytes, bytes.subarray(8, 16))
    const tail = await get('/original', { Range: 'bytes=-4', 'If-Range': whole.headers.etag })
    assert.deepEqual(tail.bytes, bytes.subarray(-4))
    assert.equal((await get('/original', { Range: 'bytes=0-3', 'If-Range': '"other"' })).status, 200)
    assert.equal((await get('/original', { Range: 'bytes=0-1,4-5' })).status, 200)
    const beyond = await get('/original', { Range: `bytes=${bytes.length}-` })
    assert.equal(beyond.status, 416)
    assert.equal(beyond.headers['content-range'], `bytes */${bytes.length}`)
    assert.equal((await get('/original', { 'If-None-Match': whole.headers.etag })).status, 304)
    const head = await house.ask('HEAD', `/api/v1/items/${id}/original`)
    assert.equal(head.headers['content-length'], String(bytes.length))
    assert.equal(head.bytes.length, 0)
  })

  test('thumbnails are made anew when the cache was emptied', async () => {
    const thumb = await get('/thumb/256')
    assert.equal(thumb.status, 200)
    assert.equal(thumb.headers['content-type'], 'image/jpeg')
    assert.match(thumb.headers['cache-control'], /^private, max-age=300$/) // who is in it may let it rest
    assert.equal((await get('/thumb/512')).status, 404)
    const { rmSync } = await import('node:fs')
    rmSync(`${house.archive}/cache`, { recursive: true, force: true })
    await house.stop()
    await house.start()
    const all = await Promise.all(Array.from({ length: 8 }, () => get('/thumb/1024')))
    assert.deepEqual(new Set(all.map((answer) => answer.status)), new Set([200]))
    assert.equal(all[0].bytes.readUInt16BE(0), 0xffd8)
  })

  test('what a person says of it is shown and found', async () => {
    const say = (predicate, value, headers) =>
      house.ask('POST', `/api/v1/items/${id}/claims`, { body: { predicate, value, certain: 0.9 }, headers })
    assert.equal((await say('caption', '奶奶在老屋门前')).json.caption, '奶奶在老屋门前')
    const dated = await say('date', { phrase: '八十年代初' }, { 'Accept-Language': 'zh-CN' })
    assert.equal(dated.status, 200)
    assert.match(dated.json.date.text, /八十年代/)
    const unclear = await say('date', { phrase: 'when the river froze' })
    assert.equal(unclear.status, 422)
    assert.equal(unclear.json.title, 'date')
    assert.equal((await say('colour', 'red')).status, 422)
    assert.equal((await say('caption', { not: 'text' })).status, 422)
    assert.equal((await say('favourite', true)).json.favourite, true)
    const found = await house.ask('GET', `/api/v1/search?q=${encodeURIComponent('奶奶')}`)
    assert.deepEqual(found.json.items.map((item) => item.id), [id])
    assert.equal(found.json.items[0].caption, '奶奶在老屋门前')
  })

  test('a change on what has changed since is refused', async () => {
    const seen = (await get('')).headers.etag
    const say = (value, etag) =>
      house.ask('POST', `/api/v1/items/${id}/claims`, { body: { predicate: 'title', value }, headers: { 'If-Match': etag } })
    assert.equal((await say('one', seen)).status, 200)
    assert.equal((await say('two', seen)).status, 412)
    assert.equal((await get('')).json.title, 'one')
  })

  test('work is asked for, seen and called off', async () => {
    const ask = (body) => house.ask('POST', '/api/v1/jobs', { body })
    const asked = await ask({ kind: 'restore', item: id, options: { strength: 0.5 } })
    assert.equal(asked.status, 202)
    assert.equal(asked.json.state, 'waiting')
    assert.equal(asked.json.item, id)
    assert.equal((await ask({ kind: 'kit', item: id })).status, 422, 'a picture needs no microphone')
    assert.equal((await ask({ kind: 'restore', item: id, options: { strength: 7 } })).status, 422)
    assert.equal((await ask({ kind: 'restore', item: id, options: { file: '/etc/passwd' } })).status, 422)
    assert.equal((await ask({ kind: 'rm', item: id })).status, 422)
    assert.equal((await house.ask('GET', '/api/v1/jobs')).json.jobs.length, 1)
    assert.equal((await house.ask('DELETE', `/api/v1/jobs/${asked.json.id}`)).status, 204)
    assert.equal((await house.ask('GET', `/api/v1/jobs/${asked.json.id}`)).json.state, 'cancelled')
  })

  test('work that is asked for twice under one key is begun once', async () => {
    const ask = (strength, key) =>
      house.ask('POST', '/api/v1/jobs', { body: { kind: 'restore', item: id, options: { strength } }, headers: { 'Idempotency-Key': key } })
    const before = (await house.ask('GET', '/api/v1/jobs')).json.jobs.length
    const first = await ask(0.5, 'one')
    const again = await ask(0.5, 'one')
    assert.equal(again.status, 202)
    assert.equal(again.json.id, first.json.id)
    assert.equal((await ask(0.6, 'one')).status, 422)
    assert.notEqual((await ask(0.5, 'two')).json.id, first.json.id)
    assert.equal((await house.ask('GET', '/api/v1/jobs')).json.jobs.length, before + 2)
  })

  test('a film is asked for only of what is here', async () => {
    const ask = (media) =>
      house.ask('POST', '/api/v1/films', { body: { title: 'The old house', lang: 'en', beats: [{ media, duration: 2 }] } })
    assert.equal((await ask(id)).status, 202)
    assert.equal((await ask(nobody)).status, 422)
    const path = await ask('../../etc/passwd')
    assert.equal(path.status, 422)
    assert.equal(path.json.title, 'story')
  })

  test('the trash takes it, gives it back, and forgets it when a person says so', async () => {
    const one = `/api/v1/items/${id}`
    assert.equal((await house.ask('DELETE', one)).status, 204)
    assert.equal((await house.ask('GET', '/api/v1/items')).json.items.length, 0)
    assert.deepEqual((await house.ask('GET', '/api/v1/trash')).json.items.map((item) => item.id), [id])
    assert.equal((await house.ask('POST', `${one}/untrash`, { body: {} })).json.trashed, false)
    assert.equal((await house.ask('GET', '/api/v1/items')).json.items.length, 1)
    assert.equal((await house.ask('DELETE', one)).status, 204)
    assert.equal((await house.ask('POST', '/api/v1/trash/empty', { body: { confirm: true } })).status, 200)
    assert.equal((await house.ask('GET', one)).status, 404)
    assert.equal((await house.ask('GET', `${one}/original`)).status, 404)
  })
})

describe('work', { skip: !has_program && 'no kinreel built' }, () => {
  let house, id
  before(async () => {
    house = await House.open()
    id = (await house.bringIn('print.png', picture(640, 480, 3))).id
  })
  after(() => house?.close())

  // A worker beside the house does what was asked for; then the job as it ended.
  async function done(job) {
    const run = spawnSync(program, ['-C', house.archive, 'worker', '--once'], { encoding: 'utf8', timeout: 120000 })
    assert.equal(run.status, 0, run.stderr)
    return (await house.ask('GET', `/api/v1/jobs/${job.json.id}`)).json
  }

  test('a restored print stands beside its original', { timeout: 120000 }, async () => {
    const job = await done(await house.ask('POST', '/api/v1/jobs', { body: { kind: 'restore', item: id } }))
    assert.equal(job.state, 'done', job.error)
    const item = (await house.ask('GET', `/api/v1/items/${id}`)).json
    assert.equal(item.renditions, 1)
    const [rendition] = item.rendition_list
    assert.equal(rendition.id, job.result.rendition)
    assert.equal(rendition.kind, 'restore')
    const file = await house.ask('GET', rendition.file, { headers: { Range: 'bytes=0-15' } })
    assert.equal(file.status, 206)
    assert.equal(file.headers['content-type'], rendition.mime)
    assert.equal((await house.ask('GET', '/api/v1/items')).json.items[0].renditions, 1)
  })

  test('a film that was asked for is there with its captions and its poster', { timeout: 240000 }, async () => {
    const story = { title: '老屋', lang: 'zh-CN', beats: [{ media: id, duration: 1, caption: '门前' }, { text: '后来', duration: 1 }] }
    const job = await done(await house.ask('POST', '/api/v1/films', { body: story }))
    assert.equal(job.state, 'done', job.error)
    const { films } = (await house.ask('GET', '/api/v1/films')).json
    assert.deepEqual(films.map((film) => film.id), [job.result.film])
    const film = (await house.ask('GET', `/api/v1/films/${films[0].id}`)).json
    assert.deepEqual(film, films[0])
    assert.equal(film.title, '老屋')
    assert.ok(film.duration_ms > 2000 && film.chapters.length > 0)
    const file = await house.ask('GET', film.file, { headers: { Range: 'bytes=4-7' } })
    assert.equal(file.status, 206)
    assert.equal(String(file.bytes), 'ftyp')
    assert.match(String((await house.ask('GET', film.captions)).bytes), /^WEBVTT[^]*门前/)
    assert.equal((await house.ask('GET', film.poster)).headers['content-type'], 'image/jpeg')
  })
})

describe('the crowd', { skip: !has_program && 'no kinreel built' }, () => {
  let house
  before(async () => (house = await House.open({ log: 'warn' })))
  after(() => house?.close())

  test('a thousand guests at once are all answered', async () => {
    const request = `GET /api/v1/about HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\n\r\n`
    const guests = await Promise.all(
      Array.from(
        { length: 1000 },
        () =>
          new Promise((done, fail) => {
            const socket = house.socket()
            socket.on('connect', () => done(socket))
            socket.on('error', fail)
          }),
      ),
    )
    const heard = await Promise.all(
      guests.map(
        (socket) =>
          new Promise((done) => {
            socket.once('data', (text) => done(String(text).slice(9, 12)))
            socket.once('close', () => done('closed'))
            socket.write(request)
          }),
      ),
    )
    assert.deepEqual(new Set(heard), new Set(['200']))
    for (const socket of guests) socket.destroy()
  })

  test('who drips a byte now and then is shown the door, and the others do not wait', { timeout: 60000 }, async () => {
    const count = process.env.KINREEL_MATRIX === '1' ? 1500 : 50
    const slow = Array.from({ length: count }, () => house.socket())
    const gone = Promise.all(slow.map((socket) => new Promise((done) => socket.on('close', done).on('error', () => {}))))
    for (const socket of slow) socket.write('GET / HT')
    const drip = setInterval(() => slow.forEach((socket) => socket.writable && socket.write('T')), 1000)
    const began = Date.now()
    const waits = []
    const honest = setInterval(async () => {
      const asked = performance.now()
      await house.ask('GET', '/api/v1/timeline')
      waits.push(performance.now() - asked)
    }, 100)
    await gone
    clearInterval(drip)
    clearInterval(honest)
    assert.ok(Date.now() - began < 15000)
    assert.ok(waits.length > 20 && Math.max(...waits) < 1000, `${count} slow ones: an honest one waited ${Math.max(...waits).toFixed(0)} ms`)
    assert.equal((await house.ask('GET', '/')).status, 200)
  })

  test('nonsense is answered or cut, never more', async () => {
    for (const text of ['\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', '\0'.repeat(3000), `GET /${'a'.repeat(70000)} HTTP/1.1\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\n${'X: y\r\n'.repeat(5000)}\r\n`,
      `POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`]) {
      const socket = house.socket()
      socket.on('error', () => {})
      socket.end(text)
      await Promise.race([new Promise((done) => socket.on('close', done)), sleep(300)])
      socket.destroy()
    }
    assert.equal((await house.ask('GET', '/')).status, 200)
  })

  test('the house closes in good order', async () => {
    const began = Date.now()
    const { code } = await house.stop()
    assert.equal(code, 0)
    assert.ok(Date.now() - began < 5000)
  })

  test('a house without an owner opens to this machine alone', () => {
    for (const address of ['0.0.0.0:0', '[::]:0', '192.0.2.1:0', 'example.org:80']) {
      const run = spawnSync(program, ['-C', house.archive, 'serve', '--no-worker', '--listen', address], { encoding: 'utf8', timeout: 5000 })
      assert.equal(run.status, 1, address)
      assert.ok(run.stderr.length > 0)
    }
  })
})
