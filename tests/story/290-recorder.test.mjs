// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody records in the browser, with Chromium's made-up microphone and camera, and everything goes wrong.
//
// How a loss is measured: the page notes when the MediaRecorder is told to begin and when it is told to stop
// (Date.now() of this machine); where the tab is killed, the scene notes the moment just before. The length that the house tells
// of the item (measured from its raw bytes) is held against the time between the two. Lost is what lacks; a second at most.
// KINREEL_MATRIX=1: twenty accidents at random moments instead of one of each kind.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { axe, other_name, safe_name, scenes, tooWide } from './browser.mjs'
import { House, has_program, program, sha256, sleep } from './house.mjs'
import { tone } from './sounds.mjs'

const fake = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
const accidents = process.env.KINREEL_MATRIX === '1' ? 20 : 3
const kinds = ['tab', 'house', 'line']
const here = { name: safe_name, once: true }
const most_lost_ms = 1000
const most_over_ms = 400 // encoders fill up their last frame

async function enter(person, path = '/record') {
  await person.page.addInitScript(() => {
    const start = MediaRecorder.prototype.start
    MediaRecorder.prototype.start = function (...args) {
      globalThis.recorder_began = Date.now()
      return start.apply(this, args)
    }
    const stop = MediaRecorder.prototype.stop
    MediaRecorder.prototype.stop = function () {
      globalThis.recorder_ended = Date.now()
      return stop.apply(this)
    }
  })
  await person.goto(path)
  await person.page.locator('.recorder').waitFor()
}

async function begin(person) {
  await person.button('ui.record.begin').click()
  await person.page.locator('.recorder.recording').waitFor()
  await person.until(() => globalThis.recorder_began > 0)
  return person.page.evaluate(() => globalThis.recorder_began)
}

async function end(person) {
  await person.button('ui.record.end').click()
  await person.until(() => globalThis.recorder_ended > 0)
  return person.page.evaluate(() => globalThis.recorder_ended)
}

async function itemShown(person) {
  await person.page.waitForURL('**/item/*')
  return person.item(person.path().split('/')[2])
}

function expectLength(item, ms) {
  const lost = ms - item.duration_ms
  assert.ok(lost <= most_lost_ms && lost >= -most_over_ms, `${ms} ms recorded, ${item.duration_ms} ms kept`)
  return lost
}

// Whether the page's own player knows the length and goes to a moment near the end.
async function expectPlays(person, item) {
  const player = person.page.locator('.stage audio, .stage video, .sound-card audio').first()
  await player.waitFor()
  const seen = await player.evaluate(async (media, wanted) => {
    if (media.readyState < 1) await new Promise((done) => media.addEventListener('loadedmetadata', done, { once: true }))
    media.currentTime = wanted
    await new Promise((done) => media.addEventListener('seeked', done, { once: true }))
    return { duration: media.duration, at: media.currentTime, error: media.error?.message ?? '' }
  }, item.duration_ms / 1000 - 0.5)
  assert.equal(seen.error, '')
  assert.ok(Math.abs(seen.duration - item.duration_ms / 1000) < 0.3, `plays ${seen.duration} s of ${item.duration_ms} ms`)
  assert.ok(Math.abs(seen.at - (item.duration_ms / 1000 - 0.5)) < 0.2)
}

// How many pieces and recordings lie in the browser's own store.
const inTheBrowser = (person) =>
  person.page.evaluate(async () => {
    const open = indexedDB.open('kinreel-recorder')
    await new Promise((done) => (open.onsuccess = done))
    const all = open.result.transaction(['waiting', 'recordings'])
    const count = (store) => new Promise((done) => (all.objectStore(store).count().onsuccess = (event) => done(event.target.result)))
    const counts = [await count('waiting'), await count('recordings')]
    open.result.close()
    return counts
  })

const recordings = async (house) => (await house.ask('GET', '/api/v1/recordings')).json.recordings
const voices = (person) => person.items('?kind=audio')

// The newest item that was not there before.
async function newItem(person, before, most_ms = 30_000) {
  for (let waited = 0; waited < most_ms; waited += 100) {
    const fresh = (await voices(person)).filter((item) => !before.has(item.id))
    if (fresh.length > 0) return person.item(fresh[0].id)
    await sleep(100)
  }
  throw new Error(`nothing came in; on its way: ${JSON.stringify(await recordings(person.house))}`)
}

const happens = {
  // The tab dies; its person comes back to any page.
  async tab(person, began, before) {
    const killed = Date.now()
    const session = await person.page.context().newCDPSession(person.page)
    session.send('Page.crash').catch(() => undefined)
    await new Promise((done) => person.page.once('crash', done))
    const page = await person.page.context().newPage()
    await page.goto(person.origin + '/')
    const item = await newItem(person, before)
    await page.close()
    return [item, killed - began]
  },
  // The house is killed and started again, on the same port.
  async house(person, began, before) {
    const { house } = person
    const port = house.port
    await house.stop('SIGKILL')
    await sleep(300 + Math.random() * 1500)
    await house.start(['--no-worker', '--name', safe_name], port)
    await sleep(500)
    const ended = await end(person)
    return [await newItem(person, before, 60_000), ended - began]
  },
  // The line is cut, turns some away, and the recording ends meanwhile.
  async line(person, began, before) {
    person.wire.cutAfter(1 + Math.random() * 200_000, 3)
    await sleep(1200)
    const ended = await end(person)
    return [await newItem(person, before, 60_000), ended - began]
  },
}

scenes(
  'a recorder that cannot lose',
  (scene) => {
    scene('two presses keep a voice, by keyboard alone, without loss and with its length', here, async (person) => {
      await enter(person)
      await person.choose(person.button('ui.record.begin'))
      await person.until(() => globalThis.recorder_began > 0)
      const began = await person.page.evaluate(() => globalThis.recorder_began)
      await sleep(3300)
      await person.choose(person.button('ui.record.end'))
      const item = await itemShown(person)
      const ended = await person.page.evaluate(() => globalThis.recorder_ended)
      expectLength(item, ended - began)
      assert.match(item.mime, /^audio\/(webm|x-matroska)$/)
      const seen = item.claims.find((claim) => claim.predicate === 'seen').value
      assert.equal(seen.audio_codec, 'pcm_f32le')
      assert.equal(item.rendition_list[0].mime, 'audio/flac')
      assert.equal(item.date.edtf, new Date().toISOString().slice(0, 10))
      const how = item.claims.find((claim) => claim.predicate === 'recorded').value
      assert.ok(how.whole && how.pieces >= 4 && how.device.length > 0)
      await expectPlays(person, item)
      // The raw bytes are the original; a cleaned copy is on its way; nothing waits any more.
      assert.equal(sha256((await person.house.ask('GET', item.original)).bytes), item.sha256)
      const jobs = (await person.house.ask('GET', '/api/v1/jobs')).json.jobs
      assert.ok(jobs.some((job) => job.kind === 'kit' && job.item === item.id))
      assert.equal((await recordings(person.house))[0].pieces, 0)
      assert.deepEqual(await inTheBrowser(person), [0, 0])
    })

    scene('two presses keep a film, and words say how it looks and sounds', here, async (person) => {
      await enter(person, '/record?film')
      const began = await begin(person)
      await person.page.locator('.meters [role=status] p').first().waitFor()
      await sleep(3000)
      assert.deepEqual(await axe(person), [])
      const ended = await end(person)
      const item = await itemShown(person)
      assert.equal(item.kind, 'video')
      expectLength(item, ended - began)
      assert.equal(item.playable, false) // it tells no length; the copy that does is played
      await expectPlays(person, item)
    })

    scene('the seconds before the press are kept, and nothing leaves memory before it', here, async (person) => {
      await enter(person)
      await person.button('ui.record.listen').click()
      await person.page.locator('.recorder.listening').waitFor()
      await sleep(4000)
      assert.deepEqual(await recordings(person.house), [])
      assert.deepEqual(await inTheBrowser(person), [0, 0])
      const pressed = Date.now()
      await person.page.locator('.record-button').click()
      await person.page.locator('.recorder.recording').waitFor()
      await sleep(2200)
      const ended = await end(person)
      const item = await itemShown(person)
      const both = ended - pressed + 4000
      assert.ok(item.duration_ms > both - 1200 && item.duration_ms < both + 1500, `${item.duration_ms} of about ${both}`)
      await expectPlays(person, item)
    })

    scene('a film that listened begins with a whole picture', here, async (person) => {
      await enter(person, '/record?film')
      await person.button('ui.record.listen').click()
      await sleep(5000)
      await person.page.locator('.record-button').click()
      await person.page.locator('.recorder.recording').waitFor()
      await sleep(1500)
      await end(person)
      const item = await itemShown(person)
      assert.equal(item.damaged, '')
      assert.ok(item.duration_ms > 5000 && item.duration_ms < 9000, String(item.duration_ms))
      await expectPlays(person, item)
    })

    scene('a browser that records MP4 alone keeps the seconds before the press as well', here, async (person) => {
      await person.page.addInitScript(() => {
        const offered = MediaRecorder.isTypeSupported.bind(MediaRecorder)
        MediaRecorder.isTypeSupported = (type) => !type.includes('webm') && offered(type)
      })
      for (const [path, kind] of [['/record', 'audio'], ['/record?film', 'video']]) {
        await enter(person, path)
        await person.button('ui.record.listen').click()
        await person.page.locator('.recorder.listening').waitFor()
        await sleep(4000)
        assert.deepEqual((await recordings(person.house)).filter((one) => !one.result), [])
        const pressed = Date.now()
        await person.page.locator('.record-button').click()
        await person.page.locator('.recorder.recording').waitFor()
        await sleep(1500)
        const both = (await end(person)) - pressed + 4000
        const item = await itemShown(person)
        assert.deepEqual([item.kind, item.mime.split('/')[1], item.damaged], [kind, 'mp4', ''])
        assert.ok(item.duration_ms > both - 1200 && item.duration_ms < both + 1500, `${item.duration_ms} of about ${both}`)
        await expectPlays(person, item)
      }
    })

    for (let i = 0; i < accidents; i++) {
      const kind = kinds[i % kinds.length]
      scene(`an accident of the ${kind} (${i + 1}) costs a second at most`, { ...here, wire: kind === 'line' }, async (person) => {
        person.expected.push(/net::ERR_/, /Failed to fetch/, /^4(09|23) .*\/recordings\//)
        const before = new Set((await voices(person)).map((item) => item.id))
        await enter(person)
        const began = await begin(person)
        await sleep(accidents > kinds.length ? 700 + Math.random() * 4000 : 2600)
        const [item, ms] = await happens[kind](person, began, before)
        const lost = expectLength(item, ms)
        console.log(`    ${kind}: ${ms} ms recorded, ${Math.max(0, Math.round(lost))} ms lost`)
      })
    }

    scene('another tab leaves a recording alone that is still being made', here, async (person) => {
      await enter(person)
      const began = await begin(person)
      await sleep(1500)
      const other = await person.page.context().newPage()
      await other.goto(`${person.origin}/record`)
      await other.locator('.recorder').waitFor()
      await sleep(1500)
      assert.equal(await other.locator('.parcel').count(), 0)
      await other.close()
      const ended = await end(person)
      expectLength(await itemShown(person), ended - began)
    })

    scene('a tab that never comes back: the house keeps what came, and the rest when it does', { ...here, env: { KINREEL_RECORD_SILENCE_S: '2' } }, async (person) => {
      const before = new Set((await voices(person)).map((item) => item.id))
      await enter(person)
      await begin(person)
      await sleep(2500)
      const session = await person.page.context().newCDPSession(person.page)
      session.send('Page.crash').catch(() => undefined)
      const part = await newItem(person, before)
      assert.ok(part.duration_ms > 1000, String(part.duration_ms))
      assert.equal(part.claims.find((claim) => claim.predicate === 'recorded').value.whole, false)
    })

    scene('without a microphone the recorder of the telephone stands in', { name: other_name, once: true }, async (person) => {
      const { page } = person
      await person.goto('/add')
      await page.getByRole('link', { name: person.say('ui.record.sound'), exact: true }).click()
      await page.getByText(person.say('ui.record.insecure'), { exact: true }).waitFor()
      assert.deepEqual(await axe(person), [])
      const asked = page.waitForEvent('filechooser')
      await person.choose(person.button('ui.record.own.sound'))
      await (await asked).setFiles([{ name: 'voice.wav', mimeType: 'audio/wav', buffer: tone() }])
      await page.locator('.said.added').waitFor()
    })

    scene('the page is calm at any size', { once: true, size: 'phone', name: safe_name }, async (person) => {
      await enter(person)
      assert.equal(await tooWide(person), 0)
      assert.deepEqual(await axe(person), [])
      await begin(person)
      await sleep(3200)
      assert.deepEqual(await axe(person), [])
      assert.equal(await tooWide(person), 0)
      await end(person)
      await itemShown(person)
    })
  },
  fake,
)

describe('recordings, asked by programs', { skip: !has_program && 'no kinreel built' }, () => {
  const digest = (bytes) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`
  const about = { kind: 'sound', mime: 'audio/wav', device: 'a test' }
  const put = (house, id, n, bytes, said = digest(bytes)) =>
    house.ask('PUT', `/api/v1/recordings/${id}/pieces/${n}`, { body: bytes, headers: { 'Content-Digest': said } })
  const cli = (house, ...words) => {
    const done = spawnSync(program, ['-C', house.archive, '--json', 'recordings', ...words], { encoding: 'utf8', env: house.env })
    return { status: done.status, lines: done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) }
  }

  test('what is asked wrongly is refused, what lacks is named, a command keeps and drops', async () => {
    const house = await House.open()
    try {
      assert.equal((await house.ask('POST', '/api/v1/recordings', { body: { kind: 'smell', mime: 'x/y' } })).status, 422)
      const { json, headers } = await house.ask('POST', '/api/v1/recordings', { body: about })
      assert.equal(headers.location, `/api/v1/recordings/${json.id}`)
      const piece = Buffer.from('RIFF....WAVEfmt and some seconds of nothing at all')
      assert.equal((await put(house, json.id, 1, piece)).status, 204)
      assert.equal((await put(house, json.id, 1, piece)).status, 204)
      assert.equal((await put(house, json.id, 1, Buffer.from('other'))).status, 409)
      assert.equal((await put(house, json.id, 2, piece, digest(Buffer.from('other')))).status, 422)
      assert.equal((await put(house, json.id, 2, piece, 'sha-256=:AA==:')).status, 400)
      assert.equal((await put(house, json.id, 'x', piece)).status, 400)
      assert.equal((await put(house, json.id, 2, Buffer.alloc((4 << 20) + 1))).status, 413)
      assert.equal((await put(house, '01900000-0000-7000-8000-000000000001', 0, piece)).status, 404)
      assert.deepEqual((await house.ask('GET', `/api/v1/recordings/${json.id}`)).json.have, [[1, 1]])
      const body = { pieces: 3, sha256: sha256('x') }
      const lack = await house.ask('POST', `/api/v1/recordings/${json.id}/end`, { body })
      assert.equal(lack.status, 409)
      assert.deepEqual(lack.json.lack, [[0, 0], [2, 2]])
      await put(house, json.id, 0, piece)
      await put(house, json.id, 2, piece)
      const other = await house.ask('POST', `/api/v1/recordings/${json.id}/end`, { body })
      assert.deepEqual([other.status, other.json.title], [409, 'other'])
      assert.equal(cli(house).lines[0].run, 3)
      const kept = cli(house, 'keep', json.id)
      assert.equal(kept.lines[0].status, 'added')
      assert.equal((await house.ask('GET', `/api/v1/items/${kept.lines[0].id}`)).status, 200)
      assert.equal(cli(house, 'drop', json.id).status, 0)
      assert.equal((await house.ask('GET', `/api/v1/recordings/${json.id}`)).status, 404)
      assert.equal(cli(house, 'keep', json.id).status, 1)
      assert.equal(cli(house, 'sing').status, 2)
      const again = (await house.ask('POST', '/api/v1/recordings', { body: about })).json.id
      assert.equal((await house.ask('POST', `/api/v1/recordings/${again}/give-up`, { body: {} })).status, 204)
      assert.equal((await house.ask('GET', `/api/v1/recordings/${again}`)).status, 404)
    } finally {
      await house.close()
    }
  })

  test('a full disk is said with 507, and what was acknowledged stays', async () => {
    const house = await House.open({ env: { KINREEL_ADD_FREE_MIB: '1' } })
    try {
      const { id } = (await house.ask('POST', '/api/v1/recordings', { body: about })).json
      assert.equal((await put(house, id, 0, Buffer.from('first'))).status, 204)
      const port = house.port
      await house.stop()
      house.env.KINREEL_ADD_FREE_MIB = '1048576' // as if only the reserve were left
      await house.start(['--no-worker'], port)
      const full = await put(house, id, 1, Buffer.from('second'))
      assert.deepEqual([full.status, full.json.title], [507, 'full'])
      assert.deepEqual((await house.ask('GET', `/api/v1/recordings/${id}`)).json.have, [[0, 0]])
    } finally {
      await house.close()
    }
  })
})
