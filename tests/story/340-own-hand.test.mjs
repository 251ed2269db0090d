// SPDX-License-Identifier: AGPL-3.0-or-later
// One's own hand on the tap: she says "not now" with her card, and what has her in it is gone from every page; a film is
// made again without her; only she brings it all back. A child's yes ends by the clock, and a picture waits for a name.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { axe, scenes, tooWide } from './browser.mjs'
import { program } from './house.mjs'

const password = 'a bridge and a house 1985'
const day_ms = 86_400_000

// A house with an owner who is here, and Li Mei, who is in one picture and has a card.
async function moveIn(person) {
  const { house } = person
  await person.own('Chen Jing', password)
  const ask = async (method, path, body) => (await house.ask(method, `/api/v1${path}`, { body })).json
  const photos = (await person.items()).filter((item) => item.kind === 'photo' && item.thumb)
  const mei = (await ask('POST', '/persons', { name: '李梅', sex: 'f' })).id
  await ask('POST', `/items/${photos[0].id}/persons`, { person: mei })
  const card = await ask('POST', '/invitations', { role: 'viewer', person: mei, label: 'Li Mei' })
  await person.goto('/')
  return { ask, photos, mei, card }
}

// Comes in by a card, in a browser of her own.
async function comeIn(person, card, to = '/mine') {
  const context = await person.page.context().browser().newContext({ viewport: { width: 390, height: 844 }, locale: person.lang, reducedMotion: 'reduce', timezoneId: 'UTC' })
  const hers = await context.newPage()
  hers.setDefaultTimeout(30_000)
  const link = new URL(card.link)
  await hers.goto(`${person.origin}/enter?to=${encodeURIComponent(to)}${link.hash}`)
  await hers.waitForURL((url) => url.pathname === to)
  return hers
}

async function settled(ask, job) {
  for (let tries = 0; tries < 600; tries++) {
    const now = await ask('GET', `/jobs/${job}`)
    if (now.state === 'done') return now.result.film
    if (now.state !== 'waiting' && now.state !== 'running') throw new Error(`${now.state} ${now.error}`)
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('the film does not end')
}

const named = (page, key, person, vars) => page.getByRole('button', { name: person.say(key, vars), exact: true })

scenes("one's own hand", (scene) => {
  scene('not now: gone within two seconds, a film without her, and nobody else takes it back', {}, async (person) => {
    const { page, house } = person
    person.expected.push(/^404 .*\/(items|films)\//, /status of 404/)
    const { ask, photos, mei, card } = await moveIn(person)
    const beats = photos.slice(0, 3).map((item) => ({ media: item.id, duration: 1 }))
    const film = await settled(ask, (await ask('POST', '/films', { title: '桥边的家', lang: 'zh-CN', beats })).id)
    const alone = await settled(ask, (await ask('POST', '/films', { title: '她一个人', lang: 'zh-CN', beats: beats.slice(0, 1) })).id)
    assert.deepEqual([(await ask('GET', '/films')).withheld, (await house.ask('POST', `/api/v1/films/${alone}/without`, { body: {} })).json.title], [[], 'not_withheld'])
    await person.goto(`/item/${photos[0].id}`)
    await page.locator('.stage img.whole').waitFor()
    const hers = await comeIn(person, card)
    try {
      const tap = hers.getByRole('switch', { name: person.say('ui.hand.rest'), exact: true })
      await tap.waitFor()
      await page.waitForTimeout(400) // the owner's page has heard hello
      const from = Date.now()
      await tap.click()
      await page.locator('.stage').waitFor({ state: 'detached' })
      assert.ok(Date.now() - from < 2000, `${Date.now() - from} ms`)
      await hers.locator('.hand-rest.resting .hand-since').waitFor()

      // The film is kept back; the keeper has it made without her, and it plays.
      await person.goto('/films')
      await page.locator('.withheld').getByText('桥边的家').waitFor()
      assert.equal(await page.locator(`a[href="/film/${film}"]`).count(), 0)
      await page.locator('.withheld').getByText(person.say('film.nothing_left'), { exact: true }).waitFor()
      const told = spawnSync(program, ['-C', house.archive, '--json', 'film', '--withheld'], { encoding: 'utf8', env: house.env }).stdout
      assert.deepEqual(told.trim().split('\n').map((line) => JSON.parse(line)).map((one) => [one.id, one.in_the_way, one.tellable]), [[alone, 1, false], [film, 1, true]])
      assert.equal((await house.ask('POST', `/api/v1/films/${alone}/without`, { body: {} })).json.title, 'nothing_left')
      await page.locator('.withheld button').click()
      await page.locator('.film-card').first().waitFor({ timeout: 120_000 })
      await page.locator('.withheld').getByText('桥边的家').waitFor({ state: 'detached' })
      const { films } = await ask('GET', '/films')
      assert.deepEqual([films.length, films[0].title], [1, '桥边的家'])
      assert.equal((await house.ask('GET', films[0].file, { headers: { Range: 'bytes=0-15' } })).status, 206)
      await page.locator('.film-card a').first().click()
      await page.locator('video').waitFor()
      await person.until(() => document.querySelector('video')?.duration > 1)

      // The keeper sees that she rests, since when, and that it is not theirs to undo.
      await person.goto(`/person/${mei}`)
      await page.getByText(person.say('ui.hand.their.rest.own', { name: '李梅' })).waitFor()
      assert.equal(await named(page, 'ui.hand.their.rest.back', person).count(), 0)
      const { hand } = await ask('GET', `/persons/${mei}/consent`)
      const refused = await house.ask('POST', `/api/v1/persons/${mei}/consent`, { body: { predicate: 'retract', value: hand[0].claim } })
      assert.deepEqual([refused.status, refused.json.title], [403, 'own_hand'])

      // She brings it back, by keyboard alone; both films are there.
      await hers.bringToFront()
      await tap.focus()
      await hers.keyboard.press('Space')
      await hers.locator('.hand-rest.resting').waitFor({ state: 'detached' })
      assert.equal((await ask('GET', '/films')).films.length, 3)
      await page.locator('.hand-their button').first().waitFor() // the keeper's page has heard
    } finally {
      await hers.context().close()
    }
  })

  scene('what she wrote rests with her, and what she writes meanwhile is kept for later', {}, async (person) => {
    const { page } = person
    const { ask, photos, mei } = await moveIn(person)
    const at = `/item/${photos[1].id}` // she is not in it
    const card = await ask('POST', '/invitations', { role: 'teller', person: mei, label: 'Li Mei' })
    await ask('POST', `/items/${photos[1].id}/claims`, { predicate: 'caption', value: '门前' })
    const hers = await comeIn(person, card, at)
    const write = async (text) => {
      await named(hers, 'ui.edit.caption.open', person).click()
      await hers.locator('#edit-caption').fill(text)
      await named(hers, 'ui.edit.keep', person).click()
    }
    const told = (text) => page.locator('.voices').getByText(text)
    try {
      await person.goto(at)
      await write('石榴树下')
      await told('石榴树下').waitFor()
      await hers.goto(`${person.origin}/mine`)
      await hers.getByRole('switch', { name: person.say('ui.hand.rest'), exact: true }).click()
      await told('石榴树下').waitFor({ state: 'detached' })
      await told('门前').waitFor()
      await hers.goto(`${person.origin}${at}`)
      await write('那年夏天')
      await hers.getByText(person.say('ui.edit.kept.rests'), { exact: true }).first().waitFor()
      assert.equal(await hers.getByText('那年夏天').count(), 0)
      await hers.goto(`${person.origin}/mine`)
      await hers.getByRole('switch', { name: person.say('ui.hand.rest'), exact: true }).click()
      await told('那年夏天').waitFor()
    } finally {
      await hers.context().close()
    }
  })

  scene('whoever has no more than the link to a question has the same hand on the tap', {}, async (person) => {
    const { page, house } = person
    person.expected.push(/^404 .*\/(items|asks)\//, /status of 404/)
    const { ask, photos, mei } = await moveIn(person)
    const { id } = await ask('POST', '/asks', { item: photos[0].id, text: '这是谁？', to: mei })
    const { code } = await ask('POST', `/asks/${id}/link`, {})
    const context = await page.context().browser().newContext({ viewport: { width: 390, height: 844 }, locale: person.lang })
    const hers = await context.newPage()
    hers.setDefaultTimeout(30_000)
    const own = hers.getByRole('link', { name: person.say('ui.hand.title'), exact: true })
    const tap = hers.getByRole('switch', { name: person.say('ui.hand.rest'), exact: true })
    const question = hers.getByRole('heading', { name: '这是谁？' })
    try {
      await hers.goto(`${person.origin}/a#${code}`)
      await question.waitFor()
      await own.click()
      await tap.click()
      await hers.locator('.hand-rest.resting .hand-since').waitFor()
      assert.equal((await house.ask('GET', `/api/v1/items/${photos[0].id}`)).status, 404)
      // The picture rests, and so does the question about it; the way to the tap stays.
      await hers.goto(`${person.origin}/`)
      await hers.getByRole('alert').waitFor()
      await own.click()
      await tap.click()
      await hers.locator('.hand-rest.resting').waitFor({ state: 'detached' })
      await hers.goBack()
      await question.waitFor()
      assert.equal((await house.ask('GET', `/api/v1/items/${photos[0].id}`)).status, 200)
      const told = (path) => hers.evaluate((path) => fetch(`/api/v1${path}`).then((answer) => answer.status), path)
      const other = (await ask('POST', '/persons', { name: '小宝' })).id
      assert.deepEqual([await told(`/persons/${mei}/consent`), await told(`/persons/${other}/consent`), await told(`/persons/${mei}`)], [200, 403, 403])
    } finally {
      await context.close()
    }
  })

  scene('days that pass, somebody asked, a yes with an end, and "not this one"', {}, async (person) => {
    const { page } = person
    const { ask, photos, mei, card } = await moveIn(person)
    await ask('POST', '/persons', { name: '陈静' })
    const may = async () => ask('GET', `/items/${photos[0].id}/may?audience=kin`)
    const consent = () => ask('GET', `/persons/${mei}/consent`)
    const hers = await comeIn(person, card)
    const her = Object.assign(Object.create(person), { page: hers })
    try {
      await her.choose(named(hers, 'ui.hand.days', person, { n: 30 }))
      await hers.locator('.chips [aria-pressed=true]').getByText('30').waitFor()
      assert.equal((await consent()).delay, 30)
      await her.choose(named(hers, 'ui.hand.delay.none', person))
      await hers.locator('#ask-whom').selectOption({ label: '陈静' })
      await her.choose(named(hers, 'ui.hand.ask.keep', person))
      await named(hers, 'ui.hand.ask.back', person).waitFor()
      assert.notEqual((await consent()).ask_first, '')
      await her.choose(named(hers, 'ui.hand.ask.back', person))
      await hers.locator('#ask-whom').waitFor()
      assert.deepEqual((({ ask_first, delay }) => [ask_first, delay])(await consent()), ['', 0])

      // Pictures, to other homes: yes, until a day.
      await her.choose(hers.locator('#allow-picture-kin'))
      await hers.locator('.hand-form').waitFor()
      await her.press('Space')
      await hers.locator('.hand-form input[type=date]').fill('2031-05-01')
      await her.choose(named(hers, 'ui.edit.keep', person))
      await hers.locator('#allow-picture-kin.yes').waitFor()
      await hers.locator('.hand-form').waitFor({ state: 'detached' })
      const row = (await consent()).rows.find((one) => one.purpose === 'picture' && one.audience === 'kin')
      assert.deepEqual([row.allow, row.until.slice(0, 10), row.who], [true, '2031-05-02', mei])

      // The keeper lets the picture out; she keeps this one back, and then does not.
      await person.goto(`/item/${photos[0].id}`)
      const out = page.getByRole('switch', { name: person.say('ui.beyond.kin'), exact: true })
      await out.click()
      await page.getByText(person.say('ui.beyond.kin.goes'), { exact: true }).waitFor()
      assert.equal((await may()).may, true)
      await hers.goto(`${person.origin}/item/${photos[0].id}`)
      const not_this = hers.getByRole('switch', { name: person.say('ui.beyond.not_this'), exact: true })
      await not_this.click()
      await page.locator('.beyond-way').getByText('李梅').waitFor()
      assert.deepEqual((({ may, in_the_way }) => [may, in_the_way])(await may()), [false, [mei]])
      assert.equal(await hers.getByRole('switch', { name: person.say('ui.beyond.kin'), exact: true }).count(), 0)
      await not_this.click()
      await page.getByText(person.say('ui.beyond.kin.goes'), { exact: true }).waitFor()
      await out.click()
      await page.locator('.beyond-to .quiet').waitFor({ state: 'detached' })
      assert.equal((await may()).may, false)
    } finally {
      await hers.context().close()
    }
  })

  scene("a guardian's yes for a child ends by the clock, and is written down with who gave it", {}, async (person) => {
    const { page, house } = person
    const { ask } = await moveIn(person)
    const run = (...words) => spawnSync(program, ['-C', house.archive, '--json', ...words], { encoding: 'utf8', env: house.env })
    const year = new Date().getUTCFullYear()
    const young = (await ask('POST', '/persons', { name: '小宝', born: `${year - 5}-03-02` })).id
    const grown = (await ask('POST', '/persons', { name: '大宝', born: `${year - 20}-03-02` })).id
    await person.goto(`/person/${young}`)
    await page.locator('.hand-child').waitFor()
    await person.choose(page.locator('#allow-voice-kin'))
    await page.locator('.hand-form').waitFor()
    await person.press('Space')
    await page.locator('.hand-form select').selectOption('guardian')
    await page.locator('.hand-form input:not([type])').fill('在饭桌上说的')
    await person.choose(page.locator('.hand-form button[type=submit]'))
    await page.locator('#allow-voice-kin.yes').waitFor()
    await page.getByText('在饭桌上说的').first().waitFor()
    const { rows, own_say } = await ask('GET', `/persons/${young}/consent`)
    assert.equal(own_say.slice(0, 10), `${year + 9}-03-02`)
    assert.ok(rows.filter((row) => row.purpose === 'voice').every((row) => row.until === own_say && row.given === 'guardian'))
    // Of one who decides for themself it is over at once.
    assert.equal(run('consent', 'say', grown, 'kin', 'yes', '--given', 'guardian').status, 0)
    const over = (await ask('GET', `/persons/${grown}/consent`)).rows.find((row) => row.audience === 'kin')
    assert.ok(Date.parse(over.until) < Date.now() - day_ms)
    await person.goto(`/person/${grown}`)
    await page.locator('#allow-picture-kin.ended').waitFor()
    assert.equal(await page.locator('.hand-child').count(), 0)
  })

  scene('every page of it is clean, day and lamp, in both languages, in large letters and on the smallest phone', { once: true, name: '127.0.0.1' }, async (person) => {
    const { page } = person
    const { ask, photos, mei, card } = await moveIn(person)
    const beats = photos.slice(0, 2).map((item) => ({ media: item.id, duration: 1 }))
    await settled(ask, (await ask('POST', '/films', { title: '桥边的家', lang: 'zh-CN', beats })).id)
    const child = (await ask('POST', '/persons', { name: '小宝', born: '2021-03' })).id
    await ask('POST', `/items/${photos[1].id}/persons`, { person: child })
    const says = (who, predicate, value) => ask('POST', `/persons/${who}/consent`, { predicate, value })
    await says(child, 'consent', { purpose: 'all', audience: 'kin', allow: true, given: 'guardian', how: 'said at the table' })
    await says(child, 'consent', { purpose: 'voice', audience: 'public', allow: false, given: 'proxy' })
    await ask('POST', `/items/${photos[1].id}/release`, { audience: 'kin', allow: true })
    await ask('POST', `/items/${photos[1].id}/release`, { audience: 'public', allow: true })
    await says(mei, 'rest', true)
    const hers = await comeIn(person, card)
    const her = Object.assign(Object.create(person), { page: hers })
    const found = []
    const look = async (who, path, there) => {
      const session = await who.page.context().newCDPSession(who.page)
      for (const lang of ['zh-CN', 'en']) {
        await who.page.context().addCookies([{ name: 'lang', value: lang, domain: '127.0.0.1', path: '/' }])
        await who.page.setViewportSize({ width: 1280, height: 800 })
        await who.page.goto(person.origin + path)
        await who.page.locator(there).first().waitFor()
        const cell = who.page.locator('.hand-cell').nth(4)
        if (await cell.count()) await cell.click()
        for (const colorScheme of ['light', 'dark']) {
          await who.page.emulateMedia({ colorScheme })
          found.push(...(await axe(who)).map((one) => `${path} ${lang} ${colorScheme} ${one}`))
        }
        const unsaid = await who.page.evaluate(() => document.body.innerText.match(/\bui\.[a-z_.]+/g) ?? [])
        found.push(...unsaid.map((key) => `${path} ${lang} ${key}`))
        for (const [width, standard] of [[1280, 32], [320, 16]]) {
          await who.page.setViewportSize({ width, height: 720 })
          await session.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } })
          await who.until((size) => getComputedStyle(document.documentElement).fontSize === `${size}px`, standard)
          const wide = await tooWide(who)
          if (wide > 0) found.push(`${path} ${lang} ${width} px, letters of ${standard}: ${wide} px too wide`)
        }
      }
    }
    try {
      await look(her, '/mine', '.hand-rest')
      await look(person, `/person/${mei}`, '.hand-table')
      await look(person, `/person/${child}`, '.hand-child')
      await look(person, `/item/${photos[1].id}`, '.beyond-to')
      await look(person, '/films', '.withheld li')
    } finally {
      await hers.context().close()
    }
    assert.deepEqual(found, [])
  })
})
