// SPDX-License-Identifier: AGPL-3.0-or-later
// Two people before one screen: what is offered, what is kept away, how everything stands still at once,
// the frame on a shelf, the page about somebody.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { axe, scenes, sizes, tooWide } from './browser.mjs'
import { ffmpeg } from './family.mjs'

const choice = '.sit-choice'
const way = '.sit-way'

const thingsOf = (page) => page.locator(choice).evaluateAll((all) => all.map((one) => one.dataset.thing))

async function post(person, path, body) {
  const answer = await person.house.ask('POST', path, { body })
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.bytes}`)
  return answer.json
}

const newPerson = async (person, name) => (await post(person, '/api/v1/persons', { name })).id
const avoid = (person, id, kind, value) => post(person, `/api/v1/persons/${id}/consent`, { predicate: 'avoid', value: { kind, value } })
const state = (person, id, predicate, value) => post(person, `/api/v1/items/${id}/claims`, { predicate, value })

async function sitDown(person) {
  await person.goto('/sitting')
  await person.button('ui.sit.begin').click()
  await person.page.locator(choice).first().waitFor()
}

// What a hand finds on the screen: small things in the way, too many, or too far down.
const hands = (page) =>
  page.evaluate(() => {
    const seen = [...document.querySelectorAll('button, a, input, select')].filter((one) => one.checkVisibility() && !one.closest('[inert]'))
    return {
      boxes: seen.filter((one) => !one.matches('.sit-corner')).map((one) => one.getBoundingClientRect().toJSON()),
      scrolls: [...document.querySelectorAll('*')].filter((one) => one.scrollHeight > one.clientHeight + 2 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowY)).length,
      high: innerHeight,
      wide: innerWidth,
      page: document.documentElement.scrollHeight,
    }
  })

async function isCalm(person) {
  const { boxes, scrolls, high, wide, page } = await hands(person.page)
  assert.ok(boxes.length <= 4, `${boxes.length} things to press`) // three, and the bar
  for (const box of boxes) {
    assert.ok(box.width >= 95.5 && box.height >= 95.5, `${box.width} x ${box.height}`)
    assert.ok(box.bottom <= high + 0.5 && box.right <= wide + 0.5 && box.top >= 0 && box.left >= 0, JSON.stringify(box))
  }
  assert.equal(scrolls, 0)
  assert.ok(page <= high + 1, `${page} of ${high}`)
}

scenes('a sitting', (scene) => {
  scene('an empty house sits at once, by keyboard alone, and nothing moves by itself', { empty: true }, async (person) => {
    const { page } = person
    await person.goto('/sitting')
    assert.deepEqual(await axe(person), [])
    await person.choose(person.button('ui.sit.begin'))
    await page.locator(choice).first().waitFor()
    assert.equal(await page.locator(choice).count(), 3)
    await isCalm(person)
    await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())))
    const before = await page.screenshot()
    await page.waitForTimeout(10_000)
    assert.ok(before.equals(await page.screenshot()), 'the screen changed by itself')
    await person.choose(page.locator(choice).nth(1))
    await page.locator(way).first().waitFor()
    await isCalm(person)
    await person.choose(person.button('ui.sit.more'))
    await page.locator(choice).first().waitFor()
    await page.keyboard.press('Escape')
    await person.choose(person.button('ui.sit.enough'))
    await isCalm(person)
    assert.deepEqual(await axe(person), [])
    await person.choose(person.button('ui.sit.mood.good'))
    await page.getByText(person.say('ui.sit.over')).waitFor()
    const { sittings } = (await person.house.ask('GET', '/api/v1/sittings')).json
    assert.deepEqual(sittings, []) // nobody wanted it in the book
  })

  scene('nothing on the list is reached in sixty choices, and what lit up opens next time', {}, async (person) => {
    const { page, house } = person
    const items = await person.items('?limit=500')
    const photos = items.filter((one) => one.kind === 'photo')
    const [sitter, feared] = [await newPerson(person, '王秀兰'), await newPerson(person, 'Pavel Novak')]
    const shut = new Map()
    const put = (item, why) => shut.set(`item:${item.id}`, why)
    await post(person, `/api/v1/items/${photos[0].id}/persons`, { person: feared })
    put(photos[0], 'person')
    await state(person, photos[1].id, 'place', 'Tangshan')
    put(photos[1], 'place')
    await state(person, photos[2].id, 'date', { edtf: '1976-07' })
    put(photos[2], 'date')
    put(photos[3], 'item')
    await state(person, photos[4].id, 'caption', '火灾以后的老屋')
    put(photos[4], 'theme')
    await state(person, photos[5].id, 'caption', 'With Pavel Novak at the lake')
    put(photos[5], 'told of')
    await avoid(person, sitter, 'person', feared)
    await avoid(person, sitter, 'place', 'Tangshan')
    await avoid(person, sitter, 'date', '1976')
    await avoid(person, sitter, 'item', photos[3].id)
    await avoid(person, sitter, 'theme', '火灾')
    await avoid(person, sitter, 'song', '东方红')
    const { id } = await post(person, '/api/v1/sittings', { person: sitter, company: 'Anna', log: true })
    const seen = []
    const away = []
    let after = ''
    for (let step = 0; step < 60; step++) {
      const { choices } = await post(person, `/api/v1/sittings/${id}/offer`, { after, seen, away, step })
      assert.ok(choices.length > 0 && choices.length <= 3)
      for (const one of choices) {
        assert.equal(shut.get(one.thing), undefined, `${one.thing} was to be kept away`)
        assert.doesNotMatch(`${one.title} ${one.say} ${one.feel}`, /Pavel|Tangshan|1976|火灾|东方红/)
        assert.ok(!away.includes(one.thing), `${one.thing} was put away`)
        seen.push(one.thing)
      }
      if (step === 5) away.push(choices[0].thing)
      after = step % 4 ? choices[step % choices.length].thing : ''
    }
    // In the room: one press keeps it, and the next sitting opens with it.
    await person.goto('/sitting')
    await page.getByLabel(person.say('ui.sit.who')).selectOption(sitter)
    await person.button('ui.sit.begin').click()
    await page.locator(choice).first().waitFor()
    const chosen = (await thingsOf(page))[0]
    await page.locator(choice).first().click()
    await isCalm(person)
    assert.deepEqual(await axe(person), [])
    await person.button('ui.sit.again').click()
    await page.locator(`${way}[aria-pressed=true]`).waitFor()
    await page.reload() // the power was gone for a moment
    await page.locator(`.sit-company[data-thing="${chosen}"]`).waitFor()
    await page.evaluate(() => sessionStorage.clear())
    await person.goto(`/sitting/room?for=${sitter}`)
    await page.locator(choice).first().waitFor()
    assert.equal((await thingsOf(page))[0], chosen)
    // The carer's corner: a short press does nothing, a long one puts it away; later for good.
    await page.locator(choice).first().click()
    await page.locator('.sit-corner').click()
    assert.equal(await page.locator(`.sit-company[data-thing="${chosen}"]`).count(), 1)
    await page.locator('.sit-corner').click({ delay: 900 })
    await page.locator(choice).first().waitFor()
    assert.ok(!(await thingsOf(page)).includes(chosen))
    await person.goto('/sitting')
    await person.button('ui.sit.never').click()
    await page.locator('.sit-away').waitFor({ state: 'detached' })
    await person.goto(`/sitting/for/${sitter}`)
    await page.locator('.avoid-list li').nth(6).waitFor()
    assert.deepEqual(await axe(person), [])
    // The book says how long and with whom, and not what.
    await post(person, `/api/v1/sittings/${id}/mood`, { mood: 'quiet' })
    await post(person, `/api/v1/sittings/${id}/end`, {})
    const csv = (await house.ask('GET', '/api/v1/sittings.csv')).bytes.toString()
    assert.match(csv, /"Anna",0,0,1,0/)
    assert.ok(!items.some((one) => csv.includes(one.id)))
  })

  scene('stop and talk: a clip and its sound stand still within 100 ms, and go on from there', { once: true, lang: 'en', theme: 'light', size: 'desk', empty: true }, async (person) => {
    const { page, house } = person
    const folder = mkdtempSync(join(tmpdir(), 'kinreel-clip-'))
    const clip = join(folder, 'clip.mp4')
    try {
      ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25:duration=12', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=12', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags', '+faststart', clip)
      await house.bringIn('clip.mp4', readFileSync(clip))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    const [item] = await person.items()
    await sitDown(person)
    const thing = `[data-thing="item:${item.id}"]`
    await page.locator(`${choice}${thing}`).click()
    await page.waitForFunction(() => document.querySelector('video')?.currentTime > 0.3)
    const stop = person.button('ui.sit.stop')
    const took = await stop.evaluate(async (bar) => {
      const video = document.querySelector('video')
      const from = performance.now()
      bar.click()
      while (!video.paused) await new Promise((done) => setTimeout(done, 1))
      const after = performance.now() - from
      const stood = video.currentTime
      await new Promise((done) => setTimeout(done, 600))
      return { after, moved: video.currentTime - stood }
    })
    assert.ok(took.after < 100, `${took.after} ms`)
    assert.ok(Math.abs(took.moved) < 0.02, `it moved ${took.moved} s`)
    await isCalm(person)
    const stood = await page.evaluate(() => document.querySelector('video').currentTime)
    await person.button('ui.sit.go_on').click()
    await page.waitForFunction((before) => document.querySelector('video').currentTime > before + 0.2, stood)
    await page.keyboard.press('Escape') // from any state, by key too
    assert.equal(await page.evaluate(() => document.querySelector('video').paused), true)
  })

  scene('a small phone, large text, both ways round: everything is there and large enough', { once: true, lang: 'zh-CN', theme: 'dark', size: 'phone' }, async (person) => {
    const { page } = person
    await sitDown(person)
    for (const size of [sizes.phone, { width: 844, height: 390 }, { width: 768, height: 1024 }, sizes.desk]) {
      await page.setViewportSize(size)
      await isCalm(person)
      assert.ok((await tooWide(person)) <= 0)
    }
    await page.locator(choice).first().click()
    for (const size of [sizes.phone, { width: 768, height: 1024 }, sizes.desk]) {
      await page.setViewportSize(size)
      await isCalm(person)
    }
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'))
    await page.setViewportSize(sizes.desk)
    await isCalm(person)
    await page.setViewportSize(sizes.phone)
    await isCalm(person)
    assert.ok((await tooWide(person)) <= 0)
  })

  scene('a frame follows a withdrawal, keeps its picture while the house is away, and opens a sitting', {}, async (person) => {
    const { page, house } = person
    person.expected.push(/^(404|401) /, /status of (404|401)/, /ERR_|Failed to load/)
    const sitter = await newPerson(person, '王秀兰')
    const mei = await newPerson(person, '李梅')
    await person.goto(`/frame/${sitter}/1`)
    await page.locator('.shelf-picture img').waitFor()
    assert.deepEqual(await axe(person), [])
    const thing = await page.locator('.shelf-picture').getAttribute('data-thing')
    await post(person, `/api/v1/items/${thing.slice(5)}/persons`, { person: mei })
    await page.waitForTimeout(500) // it has heard hello
    const from = Date.now()
    await post(person, `/api/v1/persons/${mei}/consent`, { predicate: 'rest', value: true })
    await page.locator(`.shelf-picture[data-thing="${thing}"]`).waitFor({ state: 'detached' })
    assert.ok(Date.now() - from < 2000, `${Date.now() - from} ms`)
    await page.locator('.shelf-picture img').waitFor()
    const stays = await page.locator('.shelf-picture').getAttribute('data-thing')
    const { port } = house
    await house.stop()
    await page.waitForTimeout(3000)
    assert.equal(await page.locator('.shelf-picture').getAttribute('data-thing'), stays)
    assert.ok(await page.locator('.shelf-picture img').evaluate((img) => img.naturalWidth > 0))
    await house.start(['--no-worker', '--name', 'family.test'], port)
    await person.button('ui.shelf.talk').click()
    await page.locator(`.sit-company[data-thing="${stays}"]`).waitFor()
  })

  scene('a tablet comes in by its link, without a password', { once: true, lang: 'en', theme: 'light', size: 'desk', name: '127.0.0.1' }, async (person) => {
    const { page, house } = person
    person.expected.push(/^401 /, /status of 401/)
    const sitter = await newPerson(person, 'Mary')
    const owned = await house.ask('POST', '/api/v1/owner', { body: { name: 'keeper', password: 'a long enough one' } })
    const cookie = owned.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ')
    const made = await house.ask('POST', '/api/v1/invitations', {
      headers: { Cookie: cookie }, body: { role: 'viewer', label: 'shelf', to: `/frame/${sitter}/1` },
    })
    assert.equal(made.status, 201)
    assert.match(made.json.link, new RegExp(`/frame/${sitter}/1#`))
    const wrong = await house.ask('POST', '/api/v1/invitations', {
      headers: { Cookie: cookie }, body: { role: 'viewer', label: 'x', to: '//elsewhere.example' },
    })
    assert.equal(wrong.status, 422)
    const { pathname, hash } = new URL(made.json.link)
    await person.goto(pathname + hash)
    await page.locator('.shelf-picture img').waitFor()
    assert.equal(new URL(page.url()).hash, '')
  })

  scene('the page about somebody prints on one A4, in large type', {}, async (person) => {
    const { page } = person
    const id = await newPerson(person, '王秀兰')
    const [mei, pavel, anna] = [await newPerson(person, '李梅'), await newPerson(person, 'Pavel'), await newPerson(person, 'Anna Ohlsson')]
    const say = (part, text) => post(person, `/api/v1/persons/${id}/about-me`, { part, text })
    const long = person.lang === 'en' ? 'Green tea, not too hot, in the cup with the blue rim by the window' : '绿茶，不要太烫，用那只蓝边的杯子，坐在窗边喝，要有人陪着说话'
    await say('called', person.lang === 'en' ? 'Nainai' : '奶奶')
    for (const part of ['likes', 'comforts', 'upsets']) for (let i = 0; i < 3; i++) await say(part, long)
    for (const one of [mei, pavel, anna]) await say('people', one)
    await say('languages', person.lang === 'en' ? 'Mandarin, Ningbo dialect' : '普通话，宁波话')
    await say('review', '2027-03-01')
    await person.goto(`/about-me/${id}`)
    await page.locator('.card-folk li').nth(2).waitFor()
    assert.deepEqual(await axe(person), [])
    const pdf = await page.pdf({ preferCSSPageSize: true })
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length
    assert.equal(pages, 1)
    await page.emulateMedia({ media: 'print' })
    const least = await page.evaluate(() => Math.min(...[...document.querySelectorAll('.about-card li, .about-card p, .about-card h2')]
      .filter((one) => one.checkVisibility()).map((one) => parseFloat(getComputedStyle(one).fontSize))))
    assert.ok(least >= 14 * 96 / 72 - 0.1, `${least} px`)
    if (process.env.KINREEL_KEEP) writeFileSync(process.env.KINREEL_KEEP, pdf)
  })
})

