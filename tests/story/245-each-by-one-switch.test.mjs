// SPDX-License-Identifier: AGPL-3.0-or-later
// What a family does first, each by one switch alone, and nothing farther than nine steps: moving in, asking
// about a face, answering, hearing it and putting it into a film, dating scans, sitting together.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { safe_name, scenes } from './browser.mjs'
import { picture } from './house.mjs'
import { reachWithin, withSwitch } from './switch.mjs'

const fake = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
const card = 'switch=auto&speed=0.5'
const home = mkdtempSync(join(tmpdir(), 'kinreel-switch-'))
mkdirSync(join(home, 'Pictures'))
for (let i = 0; i < 3; i++) writeFileSync(join(home, 'Pictures', `scan-${i}.png`), picture(60, 40, i))
after(() => rmSync(home, { recursive: true, force: true }))

// With the scanned keyboard: the field, its letters, done.
async function write(person, field, text) {
  const { page } = person
  await reachWithin(person, field)
  const board = page.locator('.reach-board')
  await board.waitFor()
  for (const letter of text) await reachWithin(person, board.getByRole('button', { name: letter, exact: true }))
  await reachWithin(person, board.getByRole('button', { name: person.say('ui.reach.act.done'), exact: true }))
  await board.waitFor({ state: 'detached' })
  assert.equal(await field.inputValue(), text)
}

const post = async (person, path, body) => (await person.house.ask('POST', `/api/v1${path}`, { body })).json
const press = (person, key, vars) => reachWithin(person, person.button(key, vars))

scenes('each by one switch', (scene) => {
  scene('an owner moves in, and the first picture is there', { empty: true, once: true, env: { HOME: home } }, async (person) => {
    const { page } = person
    await withSwitch(person, `/start?${card}`)
    await reachWithin(person, page.locator(`.languages [lang=${person.lang}]`))
    await write(person, page.locator('#name'), 'yue')
    await write(person, page.locator('#password'), 'bridgehouse')
    await press(person, 'ui.start.on')
    await page.waitForURL('**step=3**')
    await reachWithin(person, page.locator('.folders').getByRole('button', { name: 'Pictures', exact: true }))
    await press(person, 'ui.start.pictures.take')
    await page.waitForURL('**step=4**')
    await press(person, 'ui.start.backup.later')
    await person.pictures(1)
  })

  scene('a grandchild asks about a face', { once: true }, async (person) => {
    const { page } = person
    const photo = (await person.items('?kind=photo')).find((item) => item.width >= item.height && !item.damaged)
    await withSwitch(person, `/item/${photo.id}?${card}`)
    await page.locator('.table').waitFor()
    await reachWithin(person, page.locator('.ask-open'))
    await reachWithin(person, page.locator('.ask-where'))
    await reachWithin(person, page.locator('.frame-parts button').nth(4))
    await press(person, 'ui.frame.smaller')
    await press(person, 'ui.frame.done')
    await write(person, page.locator('#ask-text'), 'nai')
    await press(person, 'ui.ask.send')
    await page.locator('.ask-qr').waitFor()
    const [ask] = (await person.house.ask('GET', `/api/v1/asks?item=${photo.id}`)).json.asks
    assert.equal(ask.text, 'nai')
    assert.ok(ask.region.w < 1 / 3)
  })

  scene('somebody in a wheelchair says so, and chooses the card of a ride', { once: true }, async (person) => {
    const { page } = person
    const clip = (await person.items('?kind=video')).find((item) => !item.damaged)
    await withSwitch(person, `/item/${clip.id}?${card}`)
    await reachWithin(person, page.getByLabel(person.say('ui.scene.choose')))
    await reachWithin(person, page.locator('.reach-tray').getByRole('button', { name: person.say('scene.ride'), exact: true }))
    await page.getByRole('heading', { name: person.say('scene.ride') }).waitFor()
    await reachWithin(person, person.button('ui.reach.open'))
    await reachWithin(person, page.getByRole('switch', { name: person.say('coach.body.rolls') }))
    await person.until(() => document.querySelector('.reach-body [aria-checked=true]'))
    await person.housed('/coach', ({ body }) => body, ['rolls'])
  })

  scene('she answers, is heard from the face, and is put into a film', { once: true, name: safe_name }, async (person) => {
    const { page } = person
    const photo = (await person.items('?kind=photo')).find((item) => item.width >= item.height && !item.damaged)
    const { id } = await post(person, '/asks', { item: photo.id, text: '这是谁？', region: { x: 0.2, y: 0.2, w: 0.2, h: 0.2 } })
    const { code } = await post(person, `/asks/${id}/link`, {})
    const context = await page.context().browser().newContext({ locale: person.lang, permissions: ['microphone'] })
    const her = Object.assign(Object.create(person), { page: await context.newPage() })
    await her.page.addInitScript(() => localStorage.setItem('kinreel.switch', JSON.stringify({ mode: 'auto', speed_ms: 500 })))
    await withSwitch(her, `/a#${code}`)
    await press(her, 'ui.answer.begin')
    await her.page.locator('.record-time').waitFor()
    await press(her, 'ui.answer.end')
    await her.page.getByText(her.say('ui.answer.kept'), { exact: true }).waitFor()
    await context.close()

    await withSwitch(person, `/item/${photo.id}?${card}`)
    await page.locator('.reply-voice').waitFor()
    await reachWithin(person, page.locator('.ask-mark'))
    await page.locator('.ask-mark.on').waitFor()
    await press(person, 'ui.ask.film')
    await page.waitForURL('**/film/new')
    await write(person, page.locator('#film-title'), 'jia')
    await press(person, 'ui.make.start')
    await page.waitForURL(/\/film\/[0-9a-f-]{36}$/, { timeout: 120_000 })
  })

  scene('scans are chosen and dated', { once: true }, async (person) => {
    const { page } = person
    await withSwitch(person, `/?${card}`)
    await person.pictures(2)
    await press(person, 'ui.choose.start')
    for (const at of [0, 1]) {
      await reachWithin(person, page.locator('input[data-tile]').nth(at))
      await page.locator('input[data-tile]').nth(at).and(page.locator(':checked')).waitFor()
    }
    const chosen = await page.locator('input[data-tile]:checked').count()
    await reachWithin(person, page.locator('.action-slip [aria-keyshortcuts=d]'))
    await reachWithin(person, page.locator('.act-part .chip').filter({ hasText: person.say('ui.decade.1970') }))
    await page.locator('.slip').waitFor()
    const dated = (await person.items('?limit=500')).filter((item) => item.date.edtf === '197X')
    assert.equal(dated.length, chosen)
  })

  scene('an album is put in order, as with a finger: the print, and then its place', { once: true }, async (person) => {
    const { page } = person
    const { id } = await post(person, '/albums', { title: '老屋' })
    await post(person, `/albums/${id}/items`, { put: (await person.items()).slice(0, 3).map((item) => item.id) })
    const order = async () => (await person.house.ask('GET', `/api/v1/albums/${id}`)).json.order
    const was = await order()
    await withSwitch(person, `/album/${id}?${card}`)
    await press(person, 'ui.album.arrange')
    const prints = page.locator('.arrange-print')
    await reachWithin(person, prints.nth(0))
    await page.locator('.arrange-print[aria-pressed=true]').waitFor()
    await reachWithin(person, prints.nth(2))
    await press(person, 'ui.album.arrange.keep')
    await page.locator('.arrange').waitFor({ state: 'detached' })
    assert.deepEqual(await order(), [was[1], was[2], was[0]])
  })

  scene('two sit together: a choice, more, enough, and how it was', { once: true, empty: true }, async (person) => {
    const { page } = person
    await withSwitch(person, `/sitting?${card}`)
    await press(person, 'ui.sit.begin')
    await page.locator('.sit-choice').first().waitFor()
    await reachWithin(person, page.locator('.sit-choice').nth(2))
    await page.locator('.sit-way').first().waitFor()
    await press(person, 'ui.sit.more')
    await page.locator('.sit-choice').first().waitFor()
    await reachWithin(person, page.locator('.sit-bar'))
    await press(person, 'ui.sit.enough')
    await press(person, 'ui.sit.mood.good')
    await page.getByText(person.say('ui.sit.over')).waitFor()
  })
}, fake)
