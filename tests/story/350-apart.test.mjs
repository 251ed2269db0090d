// SPDX-License-Identifier: AGPL-3.0-or-later
// A family in two places: mother works in the town, the child is in the mountains. One question a week goes round, a
// child may want only mother to hear, and nobody is counted or hurried.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { axe, scenes, tooWide } from './browser.mjs'
import { Family } from './family.mjs'
import { has_program, picture, program } from './house.mjs'

const password = 'a bridge and a house 1985'
const places = ['贵阳', '山里']

// A house with an owner, mother and her child; the child has a card.
async function moveIn(person) {
  const { house } = person
  await person.own('Chen Jing', password)
  const ask = async (method, path, body) => (await house.ask(method, `/api/v1${path}`, { body })).json
  const mother = (await ask('POST', '/persons', { name: '陈静', sex: 'f' })).id
  const child = (await ask('POST', '/persons', { name: '小雨', sex: 'f' })).id
  await ask('POST', `/persons/${child}`, { predicate: 'relation', value: { kind: 'parent', to: mother } })
  const card = await ask('POST', '/invitations', { role: 'teller', person: child, label: '小雨' })
  await person.goto('/people')
  return { ask, card, mother, child }
}

// The child's telephone, by her card.
async function telephone(person, card, to) {
  const context = await person.page.context().browser().newContext({ viewport: { width: 360, height: 740 }, locale: person.lang, colorScheme: person.theme, reducedMotion: 'reduce', timezoneId: 'UTC' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${person.origin}/enter?to=${encodeURIComponent(to)}${new URL(card.link).hash}`)
  await page.waitForURL((url) => url.pathname === to)
  return Object.assign(Object.create(person), { page })
}

async function looksRight(person, name) {
  if (process.env.KINREEL_SHOTS) await person.page.screenshot({ path: join(process.env.KINREEL_SHOTS, `apart-${name}-${person.lang}.png`), fullPage: true })
  assert.deepEqual(await axe(person), [])
  assert.ok((await tooWide(person)) <= 0)
}

// Days go by: what was asked was asked so much earlier.
function pass(house, days) {
  const move = `import sqlite3; d = sqlite3.connect(${JSON.stringify(join(house.archive, 'kinreel.db'))}, timeout=10); d.execute('UPDATE ask SET at_ms = at_ms - ?', (${days} * 86400000,)); d.commit()`
  assert.equal(spawnSync('python3', ['-c', move]).status, 0)
}

async function pick(person, at, name) {
  const { page } = person
  await person.tabTo(page.locator(`#place-${at}-who`))
  await page.keyboard.insertText(name)
  await page.getByRole('option').filter({ hasText: name }).first().waitFor()
  await person.press('Enter')
  await page.locator('.round-place').nth(at).getByRole('button', { name }).waitFor()
}

// Goes out for a picture from the round's own page, and asks.
async function askThisWeek(person, text) {
  const { page } = person
  await person.choose(person.button('ui.apart.look'))
  await person.choose(page.locator('a[data-tile]').first())
  await person.choose(page.locator('.ask-open'))
  await page.locator('.ask-form [aria-pressed=true]').waitFor() // it is this week's by itself
  await person.tabTo(page.locator('#ask-text'))
  await page.keyboard.insertText(text)
  await person.choose(person.button('ui.ask.send'))
  await page.locator('.ask-link').waitFor()
}

scenes('a family apart', (scene) => {
  scene('one question a week goes round, an answer is for mother alone, and then it is their turn', {}, async (person) => {
    const { page, house } = person
    const { ask, card, mother } = await moveIn(person)

    // By keyboard: two places, and who is where.
    await person.choose(page.locator('a[href="/apart"]'))
    await looksRight(person, 'empty')
    await person.choose(person.button('ui.apart.begin'))
    await person.until(() => document.activeElement?.matches('.round-form input'))
    await page.keyboard.insertText(places[0])
    await pick(person, 0, '陈静')
    await person.tabTo(page.locator('.round-place').nth(1).locator('.field input'))
    await page.keyboard.insertText(places[1])
    await pick(person, 1, '小雨')
    await looksRight(person, 'form')
    await person.choose(person.button('ui.edit.keep'))
    await page.getByText(person.say('ui.apart.turn.first')).waitFor()
    const { id } = (await ask('GET', '/rounds')).rounds[0]
    assert.equal(person.path(), `/apart/${id}`)

    // One press makes it an ordinary question, and news from elsewhere do not undo that.
    await person.choose(person.button('ui.apart.look'))
    await person.choose(page.locator('a[data-tile]').first())
    await person.choose(page.locator('.ask-open'))
    const weeks = page.locator('.ask-form [aria-pressed=true]')
    await person.choose(weeks)
    const other = (await person.items('?kind=photo')).at(-1).id
    await page.waitForTimeout(400) // the page has heard hello
    const read = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/rounds'))
    await house.ask('POST', '/api/v1/asks', { body: { item: other, text: '这是哪一年？' } })
    await read
    await page.waitForTimeout(200)
    assert.equal(await weeks.count(), 0)
    await person.goto(`/apart/${id}`)

    await askThisWeek(person, '那座桥还在吗？')
    await person.goto(`/apart/${id}`)
    const next = (name) => page.locator('.round-next p').filter({ hasText: name })
    await next(places[1]).waitFor()
    assert.equal(await person.button('ui.apart.look').count(), 0)
    const { latest, asks } = await ask('GET', `/rounds/${id}`)
    assert.deepEqual([asks.length, asks[0].id, asks[0].place, asks[0].round], [1, latest, 0, id])
    const hasty = await house.ask('POST', '/api/v1/asks', { body: { item: asks[0].item, text: '还有呢？', round: id, place: 1 } })
    assert.deepEqual([hasty.status, hasty.json.title], [409, 'not_yet'])

    // The child answers on a telephone, for mother alone: the owner is not told.
    const hers = await telephone(person, card, `/apart/${id}`)
    try {
      await hers.page.locator('.ask-text').getByText('那座桥还在吗？').waitFor()
      await looksRight(hers, 'phone')
      await hers.choose(hers.page.getByRole('button', { name: person.say('ui.ask.answer'), exact: true }))
      const alone = hers.page.getByRole('button', { name: person.say('ui.answer.only', { name: person.lang === 'en' ? 'mother' : '妈妈' }) })
      await hers.choose(alone)
      assert.equal(await alone.getAttribute('aria-pressed'), 'true')
      await hers.choose(hers.page.getByRole('button', { name: person.say('ui.answer.write'), exact: true }))
      await hers.page.keyboard.insertText('我每天从桥上走。')
      await hers.choose(hers.page.getByRole('button', { name: person.say('ui.answer.leave_it'), exact: true }))
      await hers.page.locator('.reply-text').getByText('我每天从桥上走。').waitFor()
      assert.equal((await ask('GET', `/asks/${latest}`)).replies.length, 0)
      const told = spawnSync(program, ['-C', house.archive, '--json', '--as', mother, 'ask', 'show', latest], { encoding: 'utf8', env: house.env })
      assert.match(told.stdout, /"for":"[0-9a-f-]{36}"/)

      // A week goes by. It is their turn, and nobody else's.
      pass(house, 8)
      await page.reload()
      await next(places[1]).waitFor()
      await hers.page.reload()
      await hers.page.locator('.round-next').getByText(person.say('ui.apart.turn', { name: places[1] })).waitFor()
      await askThisWeek(hers, '妈妈，你小时候也走这座桥？')
      await page.locator('.this-week .ask-text').getByText('妈妈，你小时候也走这座桥？').waitFor() // by itself
      await page.locator('.round-before').getByText('那座桥还在吗？').waitFor()
      await looksRight(person, 'round')
    } finally {
      await hers.page.context().close()
    }

    // It ends when somebody says so; what was asked stays with its picture.
    await person.choose(person.button('ui.apart.end'))
    await person.until(() => document.activeElement?.closest('.confirm'))
    await person.choose(page.locator('.confirm .danger'))
    await page.getByText(person.say('ui.apart.none'), { exact: true }).waitFor()
    assert.equal((await ask('GET', `/asks?item=${asks[0].item}`)).asks.length, 2)
  })
})

describe('a family apart, in the terminal', { skip: !has_program && 'no kinreel built' }, () => {
  test('a round is begun, asked in, waited for and ended, and wrong words change nothing', () => {
    const family = new Family()
    try {
      family.put('bridge.png', picture(60, 40, 1))
      family.add(family.pictures)
      const [item] = family.find('type:photo')
      family.must('person', 'add', '陈静')
      assert.equal(family.run('round').status, 2)
      assert.equal(family.run('round', 'begin', '贵阳=陈静').status, 2)
      assert.equal(family.run('round', 'begin', '贵阳=nobody', '山里').status, 1)
      assert.equal(family.must('round', 'list').lines.length, 0)
      const { id, places, turn } = family.must('round', 'begin', '贵阳=陈静', '山里').last
      assert.deepEqual([places.map((place) => place.name), places[0].persons.length, turn], [['贵阳', '山里'], 1, null])
      assert.equal(family.run('ask', item.id, '问谁？', '--round', id).status, 2)
      const asked = family.must('ask', item.id, '那座桥还在吗？', '--round', id, '--from', '1').last
      assert.deepEqual([asked.round, asked.place], [id, 1])
      assert.equal(family.run('ask', item.id, '还有呢？', '--round', id, '--from', '0').status, 1)
      assert.deepEqual((({ turn, now }) => [turn, now])(family.must('round', 'show', id).lines[0]), [0, false])
      family.must('rebuild')
      assert.equal(family.must('round', 'show', id).lines[1].id, asked.id)
      family.must('round', 'end', id)
      assert.equal(family.must('round', 'list').lines.length, 0)
      assert.equal(family.run('round', 'end', id).status, 1)
      assert.equal(family.must('ask', 'list', item.id).lines.length, 1)
    } finally {
      family.close()
    }
  })
})
