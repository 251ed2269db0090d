// SPDX-License-Identifier: AGPL-3.0-or-later
// An answer on film goes to a telephone at the end of a thin line that breaks: small, in parts, never from the
// start again, and it plays once it is whole. Taken back, it leaves the telephone.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { axe, safe_name, scenes, sizes, tooWide } from './browser.mjs'
import { ffmpeg } from './family.mjs'
import { sleep } from './house.mjs'

const seconds = 40
const minute_bytes = 1_000_000
const more_bytes = 64 * 1024
const part = 256 * 1024

// Somebody moves, and the camera is a poor one: a test picture with noise all over.
function film(folder) {
  const path = join(folder, 'answer.mp4')
  ffmpeg('-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=30:duration=${seconds}`, '-f', 'lavfi', '-i', `anoisesrc=duration=${seconds}:amplitude=0.3`,
    '-vf', 'noise=alls=60:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', path)
  return path
}

// Until the house has made it: what it then says of it.
async function made(house, small) {
  for (let tries = 0; tries < 600; tries++) {
    const { status, headers } = await house.ask('HEAD', small)
    if (status !== 202) return { status, headers }
    await sleep(200)
  }
  throw new Error('it is never made')
}

async function answered(person) {
  const { house } = person
  const item = (await person.items('?kind=photo')).find((one) => !one.damaged)
  const ask = (await house.ask('POST', '/api/v1/asks', { body: { item: item.id, text: '那天下雨了吗？' } })).json
  const media = await house.bringIn('answer.mp4', readFileSync(film(house.folder)))
  const told = await house.ask('POST', `/api/v1/asks/${ask.id}/answers`, { body: { media: media.id } })
  assert.equal(told.status, 201, String(told.bytes))
  const { claim } = told.json.replies[0]
  return { ask, media, small: `/api/v1/asks/${ask.id}/answers/${claim}/small` }
}

// What lies on the telephone: how many answers, and how many of their bytes.
const kept = (person) =>
  person.page.evaluate(
    () =>
      new Promise((done, fail) => {
        const open = indexedDB.open('kinreel-answers')
        open.onerror = () => fail(open.error)
        open.onsuccess = () => {
          const of = open.result.transaction(['answers', 'bits'])
          const answers = of.objectStore('answers').count()
          const bits = of.objectStore('bits').getAll()
          of.oncomplete = () => {
            open.result.close()
            done({ answers: answers.result, bytes: bits.result.reduce((sum, bit) => sum + bit.bytes.length, 0) })
          }
        }
      }),
  )

async function keptAtLeast(person, bytes) {
  for (let tries = 0; tries < 600; tries++) {
    const { bytes: here } = await kept(person)
    if (here >= bytes) return here
    await sleep(50)
  }
  throw new Error(`${bytes} bytes never came`)
}

async function looksRight(person, name) {
  const folder = process.env.KINREEL_SHOTS
  if (folder) await person.page.screenshot({ path: join(folder, `${name}-${person.lang}-${person.theme}.png`), fullPage: true })
  assert.deepEqual(await axe(person), [])
  assert.ok((await tooWide(person)) <= 0, 'no sideways scroll')
}

// The thin line: so many bytes a second towards the telephone, counted, and cut on demand.
async function thinLine(person, rate) {
  const session = await person.page.context().newCDPSession(person.page)
  const line = { bytes: 0, ranges: [] }
  await session.send('Network.enable')
  const small = new Set()
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (!request.url.endsWith('/small')) return
    small.add(requestId)
    line.ranges.push(`${request.method} ${request.headers.Range ?? ''}`.trim())
  })
  session.on('Network.dataReceived', ({ requestId, dataLength }) => small.has(requestId) && (line.bytes += dataLength))
  line.at = (bytes) => session.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: bytes, uploadThroughput: bytes })
  await line.at(rate)
  return line
}

scenes('thin line', (scene) => {
  scene('a film is made small, comes through breaks and a reload without starting over, plays whole, and goes when it may no longer be', { name: safe_name, once: true, wire: true, size: 'phone' }, async (person) => {
    const { page, house, wire } = person
    person.expected.push(/net::ERR_/, /status of 404/, /^404 .*\/(small|asks|items)/)
    assert.deepEqual(page.viewportSize(), sizes.phone)
    const { ask, media, small } = await answered(person)

    // Not made yet: the page says so, and waits.
    const early = await house.ask('GET', small)
    assert.equal(early.status, 202)
    assert.ok(early.json.share >= 0 && early.json.share < 1, String(early.bytes))
    await page.route('**/small', (route) => route.fulfill({ status: 202, json: { share: 0.25 } }))
    await person.goto(`/answer/${ask.id}`)
    await page.locator('video.reply-film').waitFor()
    await page.getByRole('switch', { name: person.say('ui.apart.thin') }).click()
    await page.getByText(person.say('ui.apart.making'), { exact: true }).waitFor()
    assert.equal(await page.locator('video, audio').count(), 0)
    await looksRight(person, 'making')

    const line = await thinLine(person, 40_000)
    const { status, headers } = await made(house, small)
    assert.equal(status, 200)
    await page.unroute('**/small')
    const size = Number(headers['content-length'])
    assert.match(headers.etag, /^"/)
    assert.equal(headers['cache-control'], 'no-store')
    assert.ok(size <= (minute_bytes * seconds) / 60 + more_bytes, `${size} bytes`)
    assert.ok(size > 2 * part, `${size} bytes are too few for this scene`)

    // Broken in the middle of the second part: what came stays, and it goes on by itself.
    await keptAtLeast(person, part + 60_000)
    wire.then = Infinity
    wire.cut()
    const down = person.say('ui.apart.waits', { here: '[1-9]', parts: Math.ceil(size / part) })
    await page.getByText(new RegExp(`^${down}$`)).waitFor()
    await looksRight(person, 'waits')
    const { bytes: before } = await kept(person)
    assert.ok(before < size)
    wire.refuse = 0

    // Then the page is closed in the middle, and opened again.
    await keptAtLeast(person, Math.min(before + 30_000, size - 20_000))
    await page.reload()
    await page.locator('.apart-coming progress').waitFor()
    await looksRight(person, 'coming')
    await page.getByText(person.say('ui.apart.whole'), { exact: true }).waitFor({ timeout: 120_000 })
    assert.ok(line.bytes >= size && line.bytes <= size * 1.1, `${line.bytes} of ${size} bytes: ${line.ranges}`)
    assert.deepEqual(await kept(person), { answers: 1, bytes: size })

    // It plays from what is here, and nothing moved by itself.
    const player = page.locator('video.reply-film')
    await person.until(() => document.querySelector('video.reply-film').readyState > 0)
    const seen = await player.evaluate((video) => ({ src: video.src, long: video.duration, paused: video.paused, wide: video.videoWidth }))
    assert.match(seen.src, /^blob:/)
    assert.ok(Math.abs(seen.long - seconds) < 0.3, String(seen.long))
    assert.ok(seen.paused && seen.wide > 0 && seen.wide <= 426)
    const quiet = line.ranges.length
    await player.evaluate((video) => {
      video.currentTime = 35
      return video.play()
    })
    await person.until(() => document.querySelector('video.reply-film').currentTime > 35.5)
    assert.equal(line.ranges.length, quiet, 'nothing more was asked for')
    await player.evaluate((video) => video.pause())
    await looksRight(person, 'whole')

    // The switch is remembered; the house is only asked whether it may still be seen.
    await page.reload()
    await page.getByText(person.say('ui.apart.whole'), { exact: true }).waitFor()
    assert.ok(line.ranges.slice(quiet).every((asked) => asked === 'HEAD'), String(line.ranges.slice(quiet)))

    // Who is in it says "not now": within moments nothing of it is left.
    const mei = (await house.ask('POST', '/api/v1/persons', { body: { name: '李梅' } })).json.id
    assert.equal((await house.ask('POST', `/api/v1/items/${media.id}/persons`, { body: { person: mei } })).status, 200)
    await house.ask('POST', `/api/v1/persons/${mei}/consent`, { body: { predicate: 'rest', value: true } })
    await player.waitFor({ state: 'detached' })
    for (let tries = 0; (await kept(person)).answers > 0 && tries < 100; tries++) await sleep(50)
    assert.deepEqual(await kept(person), { answers: 0, bytes: 0 })
    assert.equal((await house.ask('GET', small)).status, 404)
  })
})
