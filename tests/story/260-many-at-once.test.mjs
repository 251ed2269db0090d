// SPDX-License-Identifier: AGPL-3.0-or-later
// A shoebox of scans: two hundred of them dated in forty presses, half by keyboard, and one undo; two who
// remember differently; an album made and put in order; out of sight and back. And the same in the terminal.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { axe, scenes, tooWide } from './browser.mjs'
import { Family } from './family.mjs'
import { House, has_program, picture, program } from './house.mjs'

const kills = Number(process.env.KINREEL_KILLS ?? 4)

function fillShoebox(folder, count) {
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `scan-${String(i).padStart(3, '0')}.png`), picture(40 + (i % 7), 30, i))
}

// What a member of the family says in the terminal of the same house.
function terminal(house, ...words) {
  const done = spawnSync(program, ['-C', house.archive, '--json', ...words], { encoding: 'utf8', env: { ...process.env, KINREEL_LANG: 'en' } })
  assert.ok(done.status === 0 || done.status === 3, `${words}: ${done.stderr}`)
  return done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line))
}

function bringIn(house, count) {
  const folder = mkdtempSync(join(tmpdir(), 'kinreel-box-'))
  fillShoebox(folder, count)
  terminal(house, 'add', folder)
  rmSync(folder, { recursive: true, force: true })
}

// Everything somebody does with hand or key, counted.
class Hands {
  constructor(person) {
    Object.assign(this, { person, page: person.page, keys: 0, clicks: 0 })
  }

  get all() {
    return this.keys + this.clicks
  }

  async key(key) {
    this.keys++
    await this.page.keyboard.press(key)
  }

  async click(thing, options) {
    this.clicks++
    await thing.click({ force: true, ...options })
  }

  // Wheels the window there (no press), looks, and clicks what stands in its middle.
  async clickAt(place, options) {
    const there = () => this.page.evaluate((place) => {
      const box = document.querySelector(`[data-tile="${place}"]`)
      box?.scrollIntoView({ block: 'center' })
      return box !== null
    }, place)
    for (let seen = 0, tries = 0; seen < 2; tries++) {
      assert.ok(tries < 100, `${place} is never drawn`)
      seen = (await there()) ? seen + 1 : 0
      await this.page.mouse.move(600, 300)
      if (!seen) await this.page.mouse.wheel(0, 200)
      await sleep(process.env.KINREEL_SLOW ? 600 : 60)
    }
    await this.click(tile(this.page, place), options)
  }

  chosen() {
    return this.page.locator('.action-slip [role=status]').innerText().then((text) => Number(/\d+/.exec(text)?.[0] ?? 0))
  }
}

const undated = async (house) => (await house.ask('GET', '/api/v1/about')).json.undated
const tile = (page, place) => page.locator(`[data-tile="${place}"]`)

async function untilUndated(person, want) {
  for (let tries = 0; tries < 200 && (await undated(person.house)) !== want; tries++) await sleep(50)
  assert.equal(await undated(person.house), want)
}

// The line was drawn anew, and the keys are with a picture nobody has dated.
const ready = (person) =>
  person.until(() => document.activeElement?.matches('input[data-tile^="none:"]') && !document.querySelector('[aria-busy=true]'))

scenes('many at once', (scene) => {
  scene('two hundred scans are dated in forty presses, half of them by keyboard, and one key takes the last back', { empty: true, size: 'desk' }, async (person) => {
    const { page, house } = person
    bringIn(house, 200)
    await person.goto('/')
    await tile(page, 'none:0').waitFor()
    const hands = new Hands(person)
    const seventies = page.locator('.act-part .chip').filter({ hasText: person.say('ui.decade.1970') })

    // By hand: the first of a row, the last of a later one with shift, the decade.
    await hands.click(person.button('ui.choose.start'))
    await hands.clickAt('none:0')
    await hands.clickAt('none:24', { modifiers: ['Shift'] })
    assert.equal(await hands.chosen(), 25)
    await hands.click(page.locator('.action-slip [aria-keyshortcuts=d]'))
    await hands.click(seventies)
    await untilUndated(person, 175)
    await page.locator('.slip').getByText(/25/).waitFor()
    for (let left = 150; left >= 100; left -= 25) {
      await ready(person)
      await hands.clickAt('none:0')
      await hands.clickAt('none:24', { modifiers: ['Shift'] })
      await hands.click(page.locator('.action-slip [aria-keyshortcuts=d]'))
      await hands.click(seventies)
      await untilUndated(person, left)
    }
    assert.equal(hands.keys, 0)

    // By keyboard: x takes one, shift with the arrows and pages the rest, d and a digit date them.
    for (let left = 100; left > 0; left = await undated(house)) {
      await ready(person)
      await hands.key('x')
      if (left <= 30) await hands.key('Shift+End')
      else for (let page = 0; page < 2; page++) await hands.key('Shift+PageDown')
      const n = await hands.chosen()
      assert.ok(n >= 20, `${n} chosen`)
      await hands.key('d')
      await page.locator('.act-part').waitFor()
      await hands.key('8')
      await untilUndated(person, left - n)
    }
    assert.ok(hands.all <= 40, `${hands.all} presses`)
    const years = (await person.items('?limit=500')).map((item) => item.date.edtf)
    assert.equal(years.filter((edtf) => edtf === '197X').length, 100)
    assert.equal(years.filter((edtf) => edtf === '198X').length, 100)

    await page.locator('.slip').waitFor()
    assert.deepEqual(await axe(person), [])
    const before = (await house.ask('GET', '/api/v1/acts')).json.acts[0]
    await hands.key('z')
    await untilUndated(person, before.count)
    await page.locator('.slip').getByText(new RegExp(`\\b${before.count}\\b`)).waitFor()
    await person.choose(page.locator('.slip').getByRole('button', { name: person.say('ui.act.redo') }))
    await untilUndated(person, 0)
    await page.setViewportSize({ width: 320, height: 640 })
    assert.equal(await tooWide(person), 0)
  })

  scene('as another picture, in words, and by a long press on a phone', {}, async (person) => {
    const { page, house } = person
    bringIn(house, 6)
    await person.goto('/search?q=scan*')
    await tile(page, 'grid:5').waitFor()
    await tile(page, 'grid:0').focus()
    await person.press('x', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowLeft', 'd')
    await page.getByText(person.say('ui.choose.count', { n: 2 }), { exact: true }).waitFor()
    // Open, it is clean and fits a small phone too.
    assert.deepEqual(await axe(person), [])
    await page.setViewportSize({ width: 320, height: 640 })
    assert.equal(await tooWide(person), 0)
    await page.setViewportSize({ width: 1280, height: 800 })
    // What is not understood is said beside the field, and nothing is lost.
    person.expected.push(/status of 422/, /^422 /)
    await page.locator('#act-date').fill('blorp')
    await person.press('Enter')
    await page.locator('#act-date-trouble').waitFor()
    await page.locator('#act-date').fill(person.lang === 'en' ? 'spring 1976' : '1976 年春天')
    await person.press('Enter')
    await page.locator('.slip').waitFor()
    const dated = (await house.ask('GET', '/api/v1/search?q=scan*')).json.items
    assert.deepEqual(dated.map((item) => item.date.edtf).sort(), ['', '', '', '', '1976-21', '1976-21'])
    await tile(page, 'grid:5').waitFor()
    await tile(page, 'grid:5').focus()
    await person.press('x', 'd')
    await person.choose(page.getByRole('button', { name: person.say('ui.act.same') }))
    await page.getByText(person.say('ui.act.pick'), { exact: true }).waitFor()
    await tile(page, 'grid:0').click({ force: true })
    await page.getByText(person.say('ui.act.pick'), { exact: true }).waitFor({ state: 'detached' })
    for (let tries = 0; tries < 100; tries++) {
      const now = (await house.ask('GET', '/api/v1/search?q=scan*')).json.items
      if (now.filter((item) => item.date.edtf === '1976-21').length === 3) break
      assert.ok(tries < 99, JSON.stringify(now.map((item) => item.date.edtf)))
      await sleep(50)
    }
    // Escape lets everything go.
    await tile(page, 'grid:1').focus()
    await person.press('x', 'Escape')
    await page.locator('.action-slip').waitFor({ state: 'detached' })
    const box = await tile(page, 'grid:1').boundingBox()
    const session = await page.context().newCDPSession(page)
    const points = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }]
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points })
    await page.getByText(person.say('ui.choose.count.one', { n: 1 }), { exact: true }).waitFor()
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    assert.equal(person.path(), '/search')
  })

  scene('brother and sister remember differently, and both are heard', {}, async (person) => {
    const { page, house } = person
    const [item] = await person.items()
    const sister = terminal(house, 'person', 'add', '林梅').at(-1).id
    terminal(house, '--as', sister, 'set', item.id, 'date=1983', '--certain', '0.7')
    await person.goto(`/item/${item.id}`)
    const known = page.locator('.known')
    await known.getByText(/1983/).first().waitFor()
    await person.choose(page.getByRole('button', { name: person.say('ui.edit.date.open') }))
    await page.locator('#edit-date').fill('1986')
    await page.getByRole('radio', { name: person.say('ui.sure.sure'), exact: true }).check({ force: true })
    await page.locator('#edit-date').press('Enter')
    await known.getByText(person.say('ui.voice.two'), { exact: true }).waitFor()
    const voices = (await known.locator('.voice').allInnerTexts()).filter((voice) => /198[36]/.test(voice))
    assert.match(voices[0], /1986/)
    assert.ok(voices[0].includes(person.say('ui.voice.why.last')), voices[0])
    assert.ok(voices.some((voice) => /1983/.test(voice) && voice.includes('林梅') && voice.includes(person.say('ui.sure.fairly'))), voices.join('\n'))
    assert.deepEqual(await axe(person), [])
    assert.equal(await tooWide(person), 0)
    // One's own word is one's own to take back; hers is not.
    const back = known.getByRole('button', { name: person.say('ui.voice.back.of', { text: '' }).trim() })
    assert.equal(await back.count(), 1)
    await person.choose(back)
    await known.getByText(person.say('ui.voice.two'), { exact: true }).waitFor({ state: 'detached' })
    assert.equal((await person.item(item.id)).date.edtf, '1983')
    const hers = (await person.item(item.id)).claims.find((claim) => claim.who === sister)
    const refused = await house.ask('POST', `/api/v1/items/${item.id}/claims`, { body: { predicate: 'retract', value: hers.id } })
    assert.equal(refused.status, 403)
  })

  scene('an album is made of what is chosen, put in order by keyboard and by hand, and taken apart', { size: 'desk' }, async (person) => {
    const { page, house } = person
    await person.goto('/')
    await person.pictures(5)
    await person.tabTo(page.locator('a[data-tile]'))
    await person.press('x', 'Shift+ArrowRight', 'Shift+ArrowRight', 'a')
    await page.locator('#act-album').fill('老屋')
    await person.choose(page.getByRole('button', { name: person.say('ui.act.album.new', { name: '老屋' }) }))
    await page.locator('.slip').getByText('老屋').waitFor()
    const [album] = (await house.ask('GET', '/api/v1/albums')).json.albums
    assert.equal(album.count, 3)
    const order = async () => (await house.ask('GET', `/api/v1/albums/${album.id}`)).json.order
    const was = await order()
    await person.choose(page.getByRole('link', { name: person.say('ui.nav.albums'), exact: true }))
    await page.locator('.albums a').waitFor()
    assert.deepEqual(await axe(person), [])
    await person.choose(page.locator('.albums a'))
    await tile(page, 'grid:2').waitFor()
    await person.choose(page.getByRole('button', { name: person.say('ui.album.arrange') }))
    await person.tabTo(page.locator('.arrange-print'))
    await person.press('Space', 'ArrowRight', 'ArrowRight', 'Space')
    assert.deepEqual(await axe(person), [])
    await person.choose(page.getByRole('button', { name: person.say('ui.album.arrange.keep') }))
    await page.locator('.arrange').waitFor({ state: 'detached' })
    assert.deepEqual(await order(), [was[1], was[2], was[0]])
    // Dragged back; but meanwhile somebody else has given it another name.
    await page.getByRole('button', { name: person.say('ui.album.arrange') }).click()
    await page.locator('.arrange li').nth(2).dragTo(page.locator('.arrange li').nth(0))
    terminal(house, 'album', 'rename', '老屋', '河边')
    person.expected.push(/status of 412/, /^412 /)
    await page.getByRole('button', { name: person.say('ui.album.arrange.keep') }).click()
    await page.locator('.slip').getByText(person.say('ui.album.changed'), { exact: true }).waitFor()
    await page.getByRole('heading', { level: 1, name: '河边' }).waitFor()
    await page.getByRole('button', { name: person.say('ui.album.arrange') }).click()
    await page.locator('.arrange li').nth(2).dragTo(page.locator('.arrange li').nth(0))
    await page.getByRole('button', { name: person.say('ui.album.arrange.keep') }).click()
    await page.locator('.arrange').waitFor({ state: 'detached' })
    assert.deepEqual(await order(), was)
    await page.getByRole('button', { name: person.say('ui.album.end') }).click()
    await page.waitForURL('**/albums')
    await page.locator('.slip').getByRole('button', { name: person.say('ui.undo') }).click()
    await page.locator('.albums').getByText('河边').waitFor()
  })

  scene('out of sight: not on the line, not found, and back', {}, async (person) => {
    const { page, house } = person
    const all = (await house.ask('GET', '/api/v1/timeline')).json.total
    await person.goto('/')
    await person.pictures(5)
    await person.tabTo(page.locator('a[data-tile]'))
    await person.press('x', 'Shift+ArrowRight', 'h')
    await page.locator('.slip').waitFor()
    assert.equal((await house.ask('GET', '/api/v1/timeline')).json.total, all - 2)
    await person.goto('/hidden')
    await tile(page, 'grid:1').waitFor()
    assert.deepEqual(await axe(person), [])
    await tile(page, 'grid:0').focus()
    await person.press('x', 'Shift+ArrowRight')
    await person.choose(page.getByRole('button', { name: person.say('ui.hidden.back') }))
    await page.getByText(person.say('ui.hidden.none'), { exact: true }).waitFor()
    assert.equal((await house.ask('GET', '/api/v1/timeline')).json.total, all)
  })
})

describe('many at once, in the terminal', { skip: !has_program && 'no kinreel built' }, () => {
  const dates = (family) => family.find('scan*').map((item) => item.date)

  test('a thousand things can be asked wrongly, and nothing happens', () => {
    const family = new Family()
    try {
      fillShoebox(family.pictures, 12)
      family.add(family.pictures)
      const ids = family.find('undated:').map((item) => item.id)
      assert.equal(family.run('set', ...ids, 'date=when it snowed').status, 1)
      assert.equal(family.run('set', ...ids).status, 2)
      assert.equal(family.run('set', '--query', 'undated:', ids[0], 'date=1983').status, 2)
      assert.equal(family.run('undo').status, 1)
      assert.equal(family.run('undo', ids[0]).status, 1)
      const done = family.run('set', ids[0], 'no-such-id', 'date=1983')
      assert.deepEqual([done.status, done.last.changed, done.last.skipped], [3, 1, [{ item: 'no-such-id', why: 'gone' }]])
      const act = family.must('set', '--query', 'undated:', 'date=八十年代', 'keyword+=箱子').last
      assert.deepEqual([act.changed, act.what], [11, '11 pictures: the 1980s, 箱子'])
      assert.equal(family.must('acts').lines.length, 2)
      assert.equal(family.must('undo').last.undoes, act.act)
      assert.equal(dates(family).filter((date) => date === '198X').length, 0)
      assert.equal(family.must('undo').last.count, 1) // the one before it
      assert.equal(family.find('undated:').length, 12)
    } finally {
      family.close()
    }
  })

  test(`killed ${kills} times, each has the date or none, and the act is ended or undone`, async () => {
    const family = new Family()
    try {
      fillShoebox(family.pictures, 200)
      family.add(family.pictures)
      const ids = family.find('undated:').map((item) => item.id)
      const whole = family.manifest()
      const act = '0192f0a0-0000-7000-8000-00000000abcd'
      const words = ['set', '--act', act, ...ids, 'date=1983', 'place=苏州', 'keyword+=箱子']
      for (let i = 0; i < kills; i++) {
        const child = family.start(...words)
        await sleep(10 + Math.random() * 250)
        child.kill('SIGKILL')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
        for (const id of ids.filter((_, at) => at % 20 === 0)) {
          const said = family.must('show', id).last.claims.filter((claim) => claim.who === 'owner').length
          assert.ok(said === 0 || said === 3, `${said} of three claims`)
        }
      }
      assert.equal(family.must(...words).last.count, 200)
      assert.equal(family.find('苏州 year:1983').length, 200)
      for (let i = 0; i < kills; i++) {
        const child = family.start('undo', act)
        await sleep(10 + Math.random() * 250)
        child.kill('SIGKILL')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      }
      family.must('undo', act)
      assert.deepEqual(family.manifest(), whole)
      const acts = family.must('acts').lines
      assert.equal(acts.length, 2, 'one act and one undo, however often they were stopped')
      const shown = JSON.stringify(family.find('scan*'))
      family.must('undo', acts.find((one) => one.undoes).act)
      family.must('rebuild')
      assert.equal(family.find('苏州 year:1983').length, 200)
      family.must('undo', act)
      assert.equal(JSON.stringify(family.find('scan*')), shown)
      assert.equal(family.run('check').status, 0)
    } finally {
      family.close()
    }
  })
})

describe('many at once, through the door', { skip: !has_program && 'no kinreel built' }, () => {
  test('acts and albums are asked rightly and wrongly', async () => {
    const house = await House.open()
    try {
      bringIn(house, 8)
      const ids = (await house.ask('GET', '/api/v1/items')).json.items.map((item) => item.id)
      const act = (body, headers = {}) => house.ask('POST', '/api/v1/acts', { body, headers })
      const many = Array.from({ length: 1001 }, () => ids[0])
      for (const [body, status, title] of [
        [{}, 422, 'invalid'], [{ items: ids }, 422, 'invalid'], [{ items: ids, do: {} }, 422, 'invalid'], [{ items: 'x', do: { place: 'a' } }, 422, 'invalid'],
        [{ items: ['x'], do: { place: 'a' } }, 422, 'invalid'], [{ items: ids, query: 'a', do: { place: 'a' } }, 422, 'invalid'],
        [{ items: ids, do: { date: 'blorp' } }, 422, 'date'], [{ items: ids, do: { date: { shift: 'soon' } } }, 422, 'date'],
        [{ items: ids, do: { place: 'x'.repeat(70000) } }, 422, 'invalid'], [{ items: ids, do: { sha256: 'x' } }, 422, 'invalid'],
        [{ items: ids, do: { album: 'none such' } }, 404, 'not_found'], [{ items: many, do: { favourite: true } }, 422, 'too_many'],
        [{ items: ids, do: { place: 'a' }, certain: 7 }, 422, 'invalid'], [{ items: ids, do: { place: 'a' }, act: 'x' }, 422, 'invalid'],
      ]) {
        const answer = await act(body)
        assert.deepEqual([answer.status, answer.json.title], [status, title], JSON.stringify(body).slice(0, 90))
      }
      assert.deepEqual((await house.ask('GET', '/api/v1/acts')).json, { acts: [], next: '' })
      const once = { 'Idempotency-Key': 'a-key-of-this-test' }
      const done = (await act({ query: 'undated:', do: { date: '1980s', place: '<script>' } }, once)).json
      assert.equal(done.changed, 8)
      assert.deepEqual((await act({ query: 'undated:', do: { date: '1980s', place: '<script>' } }, once)).json, done)
      const told = (await house.ask('GET', '/api/v1/acts', { headers: { 'Accept-Language': 'zh-CN' } })).json.acts
      assert.deepEqual(told.map((one) => one.what), ['8 张：八十年代，<script>'])
      assert.equal((await house.ask('POST', `/api/v1/acts/${done.act}/undo`, { body: {} })).json.changed, 8)
      for (const id of ['x', ids[0]]) assert.equal((await house.ask('POST', `/api/v1/acts/${id}/undo`, { body: {} })).status, 404)

      for (const title of ['', ' ', 'a\nb', 'x'.repeat(300)]) assert.equal((await house.ask('POST', '/api/v1/albums', { body: { title } })).status, 422)
      const made = (await house.ask('POST', '/api/v1/albums', { body: { title: '老屋' } })).json
      const where = `/api/v1/albums/${made.id}`
      assert.equal((await house.ask('POST', `${where}/items`, { body: { put: ids.slice(0, 3) } })).json.changed, 3)
      assert.equal((await house.ask('POST', `${where}/items`, { body: { take: [ids[1]] } })).json.changed, 1)
      const seen = await house.ask('GET', where)
      assert.deepEqual(seen.json.order, [ids[0], ids[2]])
      const mine = { 'If-Match': seen.headers.etag }
      assert.equal((await house.ask('POST', where, { body: { order: [ids[2], ids[0]] }, headers: mine })).status, 200)
      assert.equal((await house.ask('POST', where, { body: { order: [ids[0], ids[2]] }, headers: mine })).status, 412)
      assert.deepEqual((await house.ask('GET', `${where}/items?limit=1`)).json.items.map((item) => item.id), [ids[2]])
      for (const body of [{}, { order: 'x' }, { order: [7] }]) assert.equal((await house.ask('POST', where, { body })).status, 422)
      for (const path of [`${where}/items?limit=0`, `${where}/items?limit=x`]) assert.equal((await house.ask('GET', path)).status, 400)
      assert.equal((await house.ask('GET', `/api/v1/albums/${ids[0]}`)).status, 404)
      assert.match((await house.ask('DELETE', where)).json.act, /^[0-9a-f-]{36}$/)
      assert.equal((await house.ask('GET', where)).status, 404)
    } finally {
      await house.close()
    }
  })
})
