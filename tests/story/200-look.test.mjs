// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody opens the house in a browser: looks along the line of time, searches, says when a picture was.

import assert from 'node:assert/strict'
import { scenes } from './browser.mjs'

const focused_path = () => document.activeElement?.getAttribute('href')

scenes('a family looks at its pictures', (scene) => {
  scene('an empty house says what to do first, and leads there', { empty: true }, async (person) => {
    const { page } = person
    await page.context().addCookies([{ name: 'start', value: 'done', url: person.origin }]) // the first run is behind it
    await person.goto('/')
    await page.getByText(person.say('ui.line.empty'), { exact: true }).waitFor()
    await person.choose(page.getByRole('main').getByRole('link', { name: person.say('ui.line.empty.act') }))
    await page.getByText(person.say('ui.add.drop'), { exact: true }).waitFor()
    assert.equal(person.path(), '/add')
  })

  scene('the line of time: decades, pictures, a rail to step along', {}, async (person) => {
    const { page } = person
    await person.goto('/')
    await person.pictures(5)
    const decades = [[2000, '二〇〇〇年代', 'The 2000s'], [1990, '九十年代', 'The 1990s'], [1980, '八十年代', 'The 1980s']]
    const [, zh, en] = decades[0]
    await page.getByRole('heading', { level: 2, name: person.lang === 'en' ? en : zh, exact: true }).waitFor()
    const rail = page.getByRole('slider', { name: person.say('ui.rail.label') })
    await person.tabTo(rail)
    const years = [await person.focused('aria-valuetext')]
    assert.match(years[0], /2003/)
    await person.press('End')
    await page.getByRole('heading', { level: 2, name: person.say('ui.line.undated'), exact: true }).waitFor()
    await person.press('Home')
    await person.until(() => scrollY < 300)
    // Typed with the rail in hand, a year is gone to.
    await person.press('1', '9', '8', '5')
    await page.getByRole('heading', { level: 2, name: person.say('ui.decade.1980'), exact: true }).waitFor()
    await person.until(() => [...document.querySelectorAll('h2.chapter')].some((title) => title.getBoundingClientRect().bottom < innerHeight && /198|八十/.test(title.textContent)))
    await person.pictures(2)
  })

  scene('arrow keys go from print to print; Enter opens, Back comes back', {}, async (person) => {
    const { page } = person
    await person.goto('/')
    await person.pictures(5)
    await person.tabTo(page.locator('a[data-tile]'))
    const first = await person.page.evaluate(focused_path)
    await person.press('ArrowRight')
    await person.until((first) => document.activeElement?.getAttribute('href')?.startsWith('/item/') && document.activeElement.getAttribute('href') !== first, first)
    const second = await person.page.evaluate(focused_path)
    await person.press('Enter')
    await page.locator('.table').waitFor()
    assert.equal(person.path(), second)
    await page.goBack()
    await page.locator('a[data-tile]').first().waitFor()
    assert.equal(person.path(), '/')
  })

  scene('奶奶 is typed, found, and opened with the keyboard', {}, async (person) => {
    const { page } = person
    await person.goto('/')
    // On a phone the words are typed in their own room.
    if (person.size === 'phone') await person.choose(page.getByRole('navigation').getByRole('link', { name: person.say('ui.nav.search'), exact: true }))
    await person.tabTo(page.getByRole('searchbox'))
    await page.keyboard.insertText('奶奶') // as an input method hands it over
    await person.press('Enter')
    await page.waitForURL('**/search?q=%E5%A5%B6%E5%A5%B6')
    await person.pictures(3)
    const there = await person.house.ask('GET', '/api/v1/search?q=%E5%A5%B6%E5%A5%B6')
    const found = there.json.total
    assert.ok(found >= 3, String(found))
    await page.getByText(person.say('ui.search.found', { n: found }), { exact: true }).first().waitFor()
    await person.choose(page.locator('a[data-tile]'))
    await page.locator('.table').waitFor()
    assert.match(await page.locator('.known').innerText(), /奶奶/)
    // The way back leads to what was found.
    await person.choose(page.getByRole('link', { name: person.say('ui.tools.search') }))
    await person.pictures(3)
    const box = page.getByRole('searchbox')
    await person.tabTo(box)
    await box.fill('没有这个词')
    await person.press('Enter')
    await page.getByText(person.say('ui.search.none', { q: '没有这个词' }), { exact: true }).waitFor()
  })

  scene('what is known stands in sentences, and a date is said as people say it', {}, async (person) => {
    const { page, house } = person
    const told = (await person.items()).find((item) => item.caption.includes('全家福。') && item.date.edtf === '1985')
    assert.ok(told, 'the group portrait of 1985')
    await person.goto(`/item/${told.id}`)
    const known = page.locator('.known')
    await known.getByText(told.caption).waitFor()
    const before = await known.innerText()
    assert.ok(before.includes(person.say('ui.who.sidecar')), before)
    assert.ok(before.includes('奶奶'), before)
    const phrase = person.lang === 'en' ? 'around 1985' : '八十年代初'
    await person.choose(page.getByRole('button', { name: person.say('ui.edit.date.open') }))
    const field = page.locator('#edit-date')
    await field.waitFor()
    // What is not understood is said so, and stays as typed.
    person.expected.push(/status of 422/, /^422 /)
    await field.fill('blorp')
    await person.press('Enter')
    await page.locator('.edit .wrong').waitFor()
    assert.equal(await field.inputValue(), 'blorp')
    await field.fill(phrase)
    await person.press('Enter')
    await field.waitFor({ state: 'detached' })
    await known.getByText(phrase).first().waitFor()
    const item = (await person.house.ask('GET', `/api/v1/items/${told.id}`, { headers: { 'Accept-Language': person.lang } })).json
    assert.equal(item.date.source, 'person')
    assert.ok(person.lang === 'en' ? item.date.edtf === '1985~' : item.date.to < '1986', JSON.stringify(item.date))
    assert.ok(item.claims.some((claim) => claim.predicate === 'date' && claim.who !== 'owner'), 'what was said before is kept')
    assert.equal((await house.ask('GET', item.original)).bytes.length, item.size)
  })

  scene('left and right turn the pages', {}, async (person) => {
    const { page } = person
    const items = await person.items()
    await person.goto(`/item/${items[1].id}`)
    await page.locator('.table').waitFor()
    await person.press('ArrowRight')
    await page.waitForURL(`**/item/${items[2].id}`)
    await person.until((id) => document.querySelector('.neighbours .to-previous')?.getAttribute('href') === `/item/${id}`, items[1].id)
    await person.press('ArrowLeft')
    await page.waitForURL(`**/item/${items[1].id}`)
    await person.until((id) => document.querySelector('.neighbours .to-next')?.getAttribute('href') === `/item/${id}`, items[2].id)
    await person.press('ArrowLeft')
    await page.waitForURL(`**/item/${items[0].id}`)
    await page.locator('.stage img.whole').waitFor()
  })

  scene('the other language and the lamp, at once and after coming back', {}, async (person) => {
    const { page } = person
    const other = person.lang === 'en' ? 'zh-CN' : 'en'
    await person.goto('/films')
    await person.choose(page.locator('#lang-switch'))
    await person.until((lang) => document.documentElement.lang === lang, other)
    person.lang = other
    await page.getByRole('heading', { level: 1, name: person.say('ui.films.title'), exact: true }).waitFor()
    await page.getByLabel(person.say('ui.theme.label')).selectOption(person.theme === 'dark' ? 'light' : 'dark')
    await page.reload()
    await page.getByRole('heading', { level: 1, name: person.say('ui.films.title'), exact: true }).waitFor()
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), person.theme === 'dark' ? 'light' : 'dark')
  })
})
