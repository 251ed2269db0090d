// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody says "not now" while others look: what they look at closes, in every tab, within two seconds.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { axe, scenes } from './browser.mjs'
import { program } from './house.mjs'

scenes('one says not now', (scene) => {
  scene('open pictures, lists and films close within two seconds, in each tab, and come back when it is taken back', {}, async (person) => {
    const { page, house } = person
    person.expected.push(/^404 .*\/(items|films)\//, /status of 404/)
    const post = (path, body) => house.ask('POST', path, { body })
    const [item] = await person.items('?kind=photo')
    const mei = (await post('/api/v1/persons', { name: '李梅' })).json.id
    assert.equal((await post(`/api/v1/items/${item.id}/persons`, { person: mei })).status, 200)
    const count = (await person.items()).length
    await person.goto(`/item/${item.id}`)
    await page.locator('.stage img.whole').waitFor()
    const other = await page.context().newPage()
    await other.goto(`${person.origin}/`)
    await other.locator(`a[href="/item/${item.id}"]`).waitFor()
    await page.waitForTimeout(400) // both have heard hello
    const from = Date.now()
    await post(`/api/v1/persons/${mei}/consent`, { predicate: 'rest', value: true })
    await page.locator('.stage').waitFor({ state: 'detached' })
    await other.locator(`a[href="/item/${item.id}"]`).waitFor({ state: 'detached' })
    const took = Date.now() - from
    assert.ok(took < 2000, `${took} ms`)
    assert.equal((await person.items()).length, count - 1)
    const claims = (await house.ask('GET', `/api/v1/persons/${mei}`)).json.claims
    await post(`/api/v1/persons/${mei}/consent`, { predicate: 'retract', value: claims.find((one) => one.predicate === 'rest').id })
    await other.locator(`a[href="/item/${item.id}"]`).waitFor()
    await other.close()
  })

  scene('what somebody wrote goes from open pages too, and what others answered to it stays', {}, async (person) => {
    const { page, house } = person
    const [item] = await person.items('?kind=photo')
    const run = (...words) => {
      const done = spawnSync(program, ['-C', house.archive, '--json', ...words], { encoding: 'utf8', env: house.env })
      assert.equal(done.status, 0, done.stderr)
      return JSON.parse(done.stdout.split('\n')[0])
    }
    const mei = (await house.ask('POST', '/api/v1/persons', { body: { name: '李梅' } })).json.id
    const { id } = run('--as', mei, 'ask', item.id, '枣树呢？')
    run('answer', id, '--text', '砍了。')
    run('--as', mei, 'answer', id, '--text', '种过两棵。')
    await person.goto(`/item/${item.id}`)
    await page.getByText('枣树呢？').waitFor()
    await page.getByText('种过两棵。').waitFor()
    await page.waitForTimeout(400) // the page has heard hello
    const from = Date.now()
    run('--as', mei, 'consent', 'rest', mei)
    await page.getByText('枣树呢？').waitFor({ state: 'detached' })
    await page.getByText('种过两棵。').waitFor({ state: 'detached' })
    assert.ok(Date.now() - from < 2000)
    await page.getByText(person.say('ui.ask.rests')).waitFor()
    await page.getByText('砍了。').waitFor()
    assert.deepEqual(await axe(person), [])
  })

  scene('whoever goes along the line by keyboard is not thrown out of it when somebody says it', {}, async (person) => {
    const { page, house } = person
    const mei = (await house.ask('POST', '/api/v1/persons', { body: { name: '李梅' } })).json.id
    await person.goto('/')
    await person.pictures(5)
    await person.tabTo(page.locator('a[data-tile]'))
    await person.press('ArrowRight', 'ArrowRight')
    const place = await person.focused('data-tile')
    assert.ok(place)
    const tile = await page.locator(`[data-tile="${place}"]`).elementHandle()
    await page.waitForTimeout(400) // the page has heard hello
    await house.ask('POST', `/api/v1/persons/${mei}/consent`, { body: { predicate: 'rest', value: true } })
    await person.until((tile) => !tile.isConnected, tile) // the line was drawn anew
    await person.until((place) => document.activeElement.dataset.tile === place, place)
    await person.press('ArrowLeft')
    await person.until((place) => ![undefined, place].includes(document.activeElement.dataset.tile), place)
  })
})
