// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is who, by keyboard alone: faces get names, a picture without a frame gets one, a grandmother gets her names and
// her strip of years with its gaps, and three people stand side by side at one age.

import assert from 'node:assert/strict'
import { axe, scenes, tooWide } from './browser.mjs'

const spots = [0.05, 0.3, 0.55].map((x) => ({ x, y: 0.3, w: 0.15, h: 0.2 }))

// A family of three, and faces in two pictures that wait for a name.
async function furnish(person) {
  const ask = async (method, path, body) => (await person.house.ask(method, `/api/v1${path}`, { body })).json
  const add = (name, sex, born) => ask('POST', '/persons', { name, sex, born })
  const mother = await add('陈静', 'f', '1958')
  const child = await add('小明', 'm', '1985-06-01')
  await ask('POST', `/persons/${child.id}`, { predicate: 'relation', value: { kind: 'parent', to: mother.id } })
  const photos = (await person.items()).filter((item) => item.kind === 'photo' && item.thumb)
  for (const { claim, item } of (await ask('GET', '/regions?unnamed')).regions) await ask('DELETE', `/items/${item.id}/regions/${claim}`)
  for (const photo of photos.slice(0, 2)) for (const spot of spots) await ask('POST', `/items/${photo.id}/regions`, spot)
  return { ask, mother, child, photos }
}

const unnamed = async (ask) => (await ask('GET', '/regions?unnamed')).regions.length

scenes('who is who', (scene) => {
  scene('five faces get names by keyboard, and what was said is taken back', {}, async (person) => {
    const { page } = person
    const { ask, child, mother } = await furnish(person)
    await person.goto('/who')
    await page.locator('.who-recent button').nth(1).waitFor()
    let presses = 0
    const press = async (...keys) => {
      presses += keys.length
      await person.press(...keys)
    }
    const said = (n) => person.until((n) => document.querySelector('.who-side')?.dataset.done === String(n), n)
    // The first one is new here: a name, typed once.
    await press('/')
    await page.locator('#who-name').waitFor()
    await page.keyboard.type('张建国')
    await press('Enter')
    await said(1)
    assert.equal((await ask('GET', '/persons?q=zhangjianguo')).persons.length, 1)
    presses = 0
    for (let n = 2; n <= 5; n++) {
      await press(n % 2 ? '1' : '3')
      await said(n)
    }
    assert.ok(presses < 3 * 4, `${presses} presses`)
    assert.equal(await unnamed(ask), 1)
    const key = async (n) => (await page.locator('.who-recent button').nth(n - 1).innerText()).includes('张建国')
    assert.ok(await key(3), 'a person keeps their key')
    await press('z')
    await said(4)
    assert.equal(await unnamed(ask), 2)
    await press('x')
    await said(5)
    assert.equal(await unnamed(ask), 1)
    await press('z')
    await said(4)
    assert.equal(await unnamed(ask), 2, 'it was a face after all')
    // Askew: the frame is moved, and is still the one that waits.
    await press('m')
    await page.locator('.frame-box').waitFor()
    await press('ArrowDown', 'Enter')
    await page.locator('.who-face').waitFor()
    const heights = (await ask('GET', '/regions?unnamed')).regions.map((one) => one.y).sort()
    assert.deepEqual(heights, [0.3, 0.32])
    await press('n')
    await said(5)
    await press('3')
    await person.button('ui.who_is.again.one').waitFor()
    assert.equal(await unnamed(ask), 1)
    await person.choose(person.button('ui.who_is.again.one'))
    await page.locator('.who-face').waitFor()
    await press('3')
    // No face waits: now a picture in which nobody is framed, and a frame drawn in it.
    await person.button('ui.who_is.frame').waitFor()
    await press('f')
    await page.locator('.frame-parts').waitFor()
    await press('Enter')
    await page.locator('.frame-box').waitFor()
    await press('Enter')
    await page.locator('.who-face').waitFor()
    assert.equal(await unnamed(ask), 1)
    await press('1')
    await person.button('ui.who_is.frame').waitFor()
    assert.equal(await unnamed(ask), 0)
    for (const one of [mother, child]) assert.ok((await ask('GET', `/persons/${one.id}`)).name)
  })

  scene('a face is framed by keyboard in a picture that has none', {}, async (person) => {
    const { page } = person
    const { ask, child, photos } = await furnish(person)
    const bare = photos.find((photo, index) => index > 1 && photo.width > photo.height)
    await person.goto(`/item/${bare.id}`)
    await person.choose(person.button('ui.tools.frame'))
    await page.locator('.frame-parts').waitFor()
    await person.press('Escape')
    await page.locator('.frame').waitFor({ state: 'detached' })
    await person.choose(person.button('ui.tools.frame'))
    await page.locator('.frame-parts').waitFor()
    await person.press('ArrowLeft', 'ArrowUp')
    assert.equal(await person.focused('aria-label'), person.say('ui.frame.part.0'))
    await person.press('Enter')
    await page.locator('.frame-box').waitFor()
    await person.press('ArrowRight', 'ArrowDown', 'Shift+ArrowLeft', 'Shift+ArrowUp')
    assert.deepEqual(await axe(person), [])
    await page.locator('.frame-box').focus()
    await person.press('Enter')
    await page.locator('#name-face').waitFor()
    await page.keyboard.type('xiaoming')
    await page.locator('.picker [role=option]').nth(1).waitFor()
    await person.press('Enter')
    await page.locator('#name-face').waitFor({ state: 'detached' })
    const item = await ask('GET', `/items/${bare.id}`)
    const region = item.regions.find((one) => one.person === child.id)
    const near = (a, b) => Math.abs(a - b) < 0.001
    assert.ok(near(region.x, 0.02) && near(region.y, 0.02) && near(region.w, 0.3133) && near(region.h, 0.3133), JSON.stringify(region))
    await person.choose(page.locator('.faces a.face').first())
    await person.until((path) => location.pathname === path, `/person/${child.id}`)
    await page.getByRole('heading', { level: 1, name: '小明' }).waitFor()
  })

  scene('grandmother gets her names, her years and their gaps', { once: true, name: '127.0.0.1' }, async (person) => {
    const { page } = person
    const { ask, child, mother, photos } = await furnish(person)
    await page.context().addCookies([{ name: 'me', value: child.id, domain: '127.0.0.1', path: '/' }])
    await person.goto('/people')
    await person.choose(person.button('ui.people.add'))
    const fill = async (key, text) => {
      await person.tabTo(page.getByLabel(person.say(key), { exact: true }))
      await page.keyboard.type(text)
    }
    await fill('ui.person.new.name', '王秀兰')
    await fill('ui.person.new.pinyin', 'Wang Xiulan')
    await fill('ui.person.new.milk', '小秀')
    await fill('ui.person.new.born', '1932')
    await page.locator('.add-person select').selectOption('f')
    await person.choose(person.button('ui.edit.keep'))
    await page.locator('.person-page').waitFor()
    const id = person.path().split('/').pop()
    const kinds = (await ask('GET', `/persons/${id}`)).names.map((name) => name.kind)
    assert.deepEqual(kinds, ['full', 'pinyin', 'milk'])

    // Whose mother she is; somebody's own ancestor she cannot be.
    const relate = async (kind, who) => {
      await person.choose(person.button('ui.person.family.add'))
      await page.locator('.person-part .edit select').first().selectOption(kind)
      await person.tabTo(page.locator('#relation-who'))
      await page.keyboard.type(who)
      await page.locator('.picker [role=option]').nth(1).waitFor()
      await person.press('Enter')
    }
    await relate('child', 'chenjing')
    await page.getByText('外婆').first().waitFor()
    person.expected.push(/422/)
    await relate('parent', 'xiaoming')
    await page.getByText(person.say('person.own_ancestor')).waitFor()
    await person.choose(page.locator('.person-part .edit').getByRole('button', { name: person.say('ui.edit.leave') }))

    // Her strip: a picture at 7, and a gap that is filled with one.
    await ask('POST', `/items/${photos[0].id}/claims`, { predicate: 'date', value: { edtf: '1939' } })
    await ask('POST', `/items/${photos[0].id}/persons`, { person: id })
    await ask('POST', `/items/${photos[3].id}/claims`, { predicate: 'date', value: { edtf: '1944' } })
    await page.reload()
    const gap = (n) => page.getByRole('button', { name: person.say('ui.ages.gap', { n }), exact: true })
    await gap(12).waitFor()
    assert.equal(await gap(7).count(), 0)
    await person.choose(gap(12))
    await page.getByText(person.say('ui.ages.nobody', { name: '王秀兰', n: 12 })).waitFor()
    assert.deepEqual(await axe(person), [])
    await person.choose(page.locator('.gap-panel .strip button').first())
    await gap(12).waitFor({ state: 'detached' })
    const strip = await ask('GET', `/persons/${id}/portraits`)
    assert.deepEqual(strip.portraits.map((one) => one.at), [7, 12])

    // Three at seven; the arrows turn the years.
    await ask('POST', `/items/${photos[1].id}/claims`, { predicate: 'date', value: { edtf: '1992-07' } })
    await ask('POST', `/items/${photos[1].id}/persons`, { person: child.id })
    await person.goto(`/same-age?persons=${child.id},${mother.id},${id}&age=7`)
    await page.locator('.same-one .crop').nth(1).waitFor()
    assert.equal(await page.locator('.same-one').count(), 3)
    await page.getByText(person.say('ui.ages.nobody', { name: '陈静', n: 7 })).waitFor()
    await person.press(...Array(5).fill('ArrowRight'))
    await page.getByText(person.say('ui.ages.nobody', { name: '小明', n: 12 })).waitFor()
    assert.match(page.url(), /age=12/)
  })

  scene('every page of people is clean, day and lamp, in large letters and on the smallest phone', { once: true, name: '127.0.0.1' }, async (person) => {
    const { page } = person
    const { ask, child, mother, photos } = await furnish(person)
    const { regions } = await ask('GET', '/regions?unnamed')
    await ask('POST', `/items/${regions[0].item.id}/regions/${regions[0].claim}/person`, { person: mother.id })
    await ask('POST', `/items/${photos[0].id}/claims`, { predicate: 'date', value: { edtf: '1950' } })
    await ask('POST', `/items/${photos[0].id}/persons`, { person: child.id }) // before he was born: a flag
    await page.context().addCookies([{ name: 'me', value: child.id, domain: '127.0.0.1', path: '/' }])
    const found = []
    const session = await page.context().newCDPSession(page)
    const look = async (where, standard) => {
      await session.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } })
      await person.until((size) => getComputedStyle(document.documentElement).fontSize === `${size}px`, standard)
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      const wide = await tooWide(person)
      if (wide > 0) found.push(`${where}: ${wide} px too wide`)
    }
    for (const [path, there] of [
      ['/who', '.who-face'], ['/people', '.person-card'], [`/person/${child.id}`, '.person-flags'],
      [`/person/${mother.id}`, '.ages-strip'], [`/same-age?persons=${child.id},${mother.id}&age=7`, '.same-one'],
    ])
      for (const lang of ['zh-CN', 'en']) {
        await page.context().addCookies([{ name: 'lang', value: lang, domain: '127.0.0.1', path: '/' }])
        await page.setViewportSize({ width: 1280, height: 800 })
        await person.goto(path)
        await page.locator(there).first().waitFor()
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme })
          found.push(...(await axe(person)).map((one) => `${path} ${lang} ${colorScheme} ${one}`))
        }
        const unsaid = await page.evaluate(() => document.body.innerText.match(/\bui\.[a-z_.]+/g) ?? [])
        found.push(...unsaid.map((key) => `${path} ${lang} ${key}`))
        await look(`${path} ${lang} 200 % text`, 32)
        await page.setViewportSize({ width: 320, height: 640 })
        await look(`${path} ${lang} 320 px`, 16)
      }
    assert.deepEqual(found, [])
  })
})
