// SPDX-License-Identifier: AGPL-3.0-or-later
// Two pictures with a bicycle in them, marked without a pointer; then all our bicycles in one row, and the
// years outside beside our own line of time.

import assert from 'node:assert/strict'
import { axe, scenes, tooWide } from './browser.mjs'

const decade = (person, n) => person.say(`ui.decade.${n}`)

// The frame is drawn with keys alone: where it first asks for a part of the picture, the middle one is taken.
async function frameByKeys(person) {
  const { page } = person
  await page.locator('.frame').waitFor()
  if ((await page.locator('.frame-box').count()) === 0) await person.press('Enter')
  await person.until(() => document.activeElement?.classList.contains('frame-box'))
  await person.press('ArrowLeft', 'Shift+ArrowRight', 'Enter')
  await page.locator('.frame').waitFor({ state: 'detached' })
}

async function markByKeys(person, id, typed, more = async () => undefined) {
  const { page } = person
  await person.goto(`/item/${id}`)
  await page.locator('.table').waitFor()
  await person.choose(page.locator('.mark-open'))
  await page.locator('#mark-thing').waitFor()
  await person.until(() => document.activeElement?.id === 'mark-thing')
  await page.keyboard.insertText(typed)
  await more()
  await person.choose(page.locator('.mark-where'))
  await frameByKeys(person)
  await person.until(() => document.activeElement?.classList.contains('mark-where'))
}

async function looksRight(person) {
  assert.deepEqual(await axe(person), [])
  assert.ok((await tooWide(person)) <= 0, 'no sideways scroll')
}

scenes('the years around', (scene) => {
  scene('a bicycle in two pictures, by keyboard alone, and both stand in one row', {}, async (person) => {
    const { page } = person
    const photos = (await person.items('?kind=photo')).filter((item) => item.date.edtf)
    const [first, second] = [photos.at(-1), photos[0]]
    await markByKeys(person, first.id, person.lang === 'en' ? 'bicyc' : '自行', async () => {
      await person.choose(page.getByRole('list', { name: person.say('ui.mark.offered') }).getByRole('button').first())
      await person.until(() => document.activeElement?.id === 'mark-thing')
    })
    const chip = page.getByRole('radio', { name: person.say('ui.mark.when.same'), exact: true })
    await person.tabTo(chip)
    for (let i = 0; i < 5; i++) await person.press('ArrowRight') // to the seventies
    await person.tabTo(page.locator('#mark-sentence'))
    await page.keyboard.insertText('爸爸每天骑着它上班。')
    await person.tabTo(page.locator('#mark-voice'))
    await person.press('ArrowDown')
    await looksRight(person)
    await person.choose(person.button('ui.edit.keep'))
    const facts = page.locator('.thing-facts')
    await facts.getByText('爸爸每天骑着它上班。').waitFor()
    const item = await person.item(first.id)
    assert.equal(item.marks[0].card, 'china-daily.bicycle')
    assert.equal(item.marks[0].date.edtf, '197X')
    assert.equal((await person.item(item.marks[0].voice)).kind, 'audio')
    assert.ok(item.marks[0].region.w > 0.03 && item.marks[0].region.x + item.marks[0].region.w <= 1)
    await page.reload()
    await page.locator('.thing-label').filter({ hasText: item.marks[0].thing }).waitFor()
    await looksRight(person)

    await markByKeys(person, second.id, person.lang === 'en' ? 'Bike' : '单车')
    await person.tabTo(page.locator('#mark-sentence'))
    await person.press('Enter')
    await facts.locator('a.chip').waitFor()
    await person.choose(facts.locator('a.chip'))
    await page.waitForURL('**/thing/china-daily.bicycle')
    const row = page.locator('.thing-row')
    await row.locator('li').nth(1).waitFor()
    assert.deepEqual(await row.locator('a.tile').evaluateAll((links) => links.map((link) => link.getAttribute('href'))), [`/item/${first.id}`, `/item/${second.id}`])
    assert.match(await row.innerText(), person.lang === 'en' ? /the 1970s/ : /七十年代/)
    await page.locator('.era-aside').getByText(person.lang === 'en' ? /Forever, Phoenix/ : /永久、凤凰/).waitFor()
    await person.pictures(2)
    await looksRight(person)
  })

  scene('a mark is taken back, and brought again with one press', {}, async (person) => {
    const { page, house } = person
    const [photo] = await person.items('?kind=photo')
    const answer = await house.ask('POST', `/api/v1/items/${photo.id}/marks`, { body: { thing: '算盘', date: '1960s' } })
    assert.equal(answer.status, 200)
    await person.goto(`/item/${photo.id}`)
    await person.choose(page.getByRole('button', { name: person.say('ui.mark.take_back', { thing: '算盘' }) }))
    await page.locator('.thing-facts').waitFor({ state: 'detached' })
    assert.equal((await person.item(photo.id)).marks.length, 0)
    await person.choose(person.button('ui.undo'))
    await page.locator('.thing-facts').waitFor()
    const [mark] = (await person.item(photo.id)).marks
    assert.deepEqual([mark.thing, mark.date.edtf], ['算盘', '196X'])
  })

  scene('the public line stands beside the private one, and can be switched off', {}, async (person) => {
    const { page } = person
    await person.goto('/')
    await person.pictures(3)
    const strip = page.locator('.era-strip')
    await strip.first().waitFor()
    assert.match(await strip.first().innerText(), /2008\s*·/)
    await looksRight(person)
    const heights = () => page.locator('.sheet').evaluate((sheet) => sheet.getBoundingClientRect().height)
    const before = await heights()
    await person.choose(page.getByRole('switch', { name: person.say('ui.era.switch') }))
    await strip.first().waitFor({ state: 'detached' })
    assert.ok((await heights()) < before, 'the pictures close up')
    await page.reload()
    await person.pictures(3)
    assert.equal(await strip.count(), 0) // it stays off
    await person.choose(page.getByRole('switch', { name: person.say('ui.era.switch') }), 'Space')
    await strip.first().waitFor()
    await person.choose(strip.first().getByRole('link').last())
    await page.locator('.era-story').waitFor()
    await looksRight(person)
  })

  scene('a card asks whether we have one, and leads to the picture in which it is marked', {}, async (person) => {
    const { page } = person
    await person.goto('/era?decade=1980')
    const card = page.locator('.era-card').filter({ hasText: person.lang === 'en' ? 'The refrigerator' : '电冰箱' })
    await card.waitFor()
    await looksRight(person)
    await person.choose(page.getByRole('link', { name: decade(person, 1950), exact: true }))
    await page.waitForURL('**/era?decade=1950')
    await page.goBack()
    await card.waitFor()
    await person.choose(card.getByRole('link'), 'Enter')
    await page.waitForURL('**/thing/china-daily.refrigerator')
    await page.getByText(person.say('ui.thing.none'), { exact: true }).waitFor()
    await person.choose(page.locator('.thing-look a.tile'))
    await page.locator('.mark-form').waitFor()
    assert.equal(await page.locator('#mark-thing').inputValue(), person.lang === 'en' ? 'The refrigerator' : '电冰箱')
    await person.tabTo(page.locator('#mark-sentence'))
    await person.press('Enter')
    await page.locator('.thing-facts').waitFor()
    await person.goto('/era?decade=1980')
    await page.getByRole('link', { name: new RegExp('^' + person.say('ui.era.have.one')) }).waitFor()
  })
})
