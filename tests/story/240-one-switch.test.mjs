// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody who can press one switch, and nothing else: opens, loves, watches, writes, finds.

import assert from 'node:assert/strict'
import { axe, scenes, sizes, tooWide } from './browser.mjs'
import { most_steps, reach, reachWithin, withSwitch } from './switch.mjs'

const speed = '0.5'

// The frame is around the thing and not on it, and the strip is beside both.
async function frameIsBeside(person) {
  const seen = await person.page.evaluate(() => {
    const box = (one) => one && (({ left, top, right, bottom }) => ({ left, top, right, bottom }))(one.getBoundingClientRect())
    const frame = document.querySelector('.reach-frame')
    return {
      frame: box(frame), strip: box(document.querySelector('.reach-strip')), passes: frame && getComputedStyle(frame).pointerEvents,
      fill: frame && getComputedStyle(frame).backgroundColor, width: innerWidth, height: innerHeight,
    }
  })
  assert.ok(seen.frame, 'a frame is seen')
  assert.equal(seen.passes, 'none')
  assert.equal(seen.fill, 'rgba(0, 0, 0, 0)')
  const { frame, strip } = seen
  assert.ok(frame.left >= 0 && frame.top >= 0 && frame.right <= seen.width + 1 && frame.bottom <= seen.height + 1, JSON.stringify(seen))
  assert.ok(strip.bottom <= frame.top + 1 || strip.top >= frame.bottom - 1, JSON.stringify(seen))
}

scenes('by one switch alone', (scene) => {
  scene('a picture is opened from the line of time, and loved', {}, async (person) => {
    const { page } = person
    await withSwitch(person, `/?switch=auto&speed=${speed}`)
    await person.pictures(2)
    assert.equal(new URL(page.url()).search, '') // the card is kept, not carried about
    const print = page.locator('a[data-tile]').nth(person.size === 'phone' ? 0 : 3) // what the window shows of the line
    const href = await print.getAttribute('href')
    await person.until(() => globalThis.scan?.things.length > 0)
    await frameIsBeside(person)
    await reachWithin(person, print)
    await page.waitForURL(`**${href}`)
    const love = person.button('ui.tools.love')
    // A trembling hand closes the switch five times, and means it once.
    const tremble = async () => {
      for (let i = 0; i < 5; i++) await page.evaluate(() => undefined).then(() => person.press('Space'))
    }
    await reachWithin(person, love, { switch: tremble })
    await page.locator('.love[aria-pressed=true]').waitFor()
    await page.waitForTimeout(400)
    const item = await person.item(href.split('/')[2])
    assert.equal(item.favourite, true)
    assert.equal(item.claims.filter((claim) => claim.predicate === 'favourite').length, 1)
    // Leafing on: the frame stays where it was pressed.
    const next = page.locator('.turn.to-next')
    await reachWithin(person, next)
    await person.until((href) => location.pathname !== href, href)
    await person.until(() => globalThis.scan?.things[0]?.classList.contains('to-next') && globalThis.scan.steps === 1)
  })

  scene('the line of time is turned on, and back up', { once: true, size: 'phone' }, async (person) => {
    const { page } = person
    await withSwitch(person, `/?switch=auto&speed=${speed}`)
    await person.pictures(2)
    const turnTo = async (way) => {
      let before = 0
      for (let presses = 0; presses < 5; presses++) {
        await page.waitForTimeout(200)
        const [to, steps, heard] = await (await page.waitForFunction(([way, before, prints]) => {
          const { what, kind, name, steps, way: to, heard } = globalThis.scan ?? {}
          return what === 'step' && heard > before && (to === way || (kind === 'group' && name.trim() === prints)) && [to, steps, heard]
        }, [way, before, person.say('ui.reach.group.prints')])).jsonValue()
        await person.press('Space')
        before = heard
        if (to === way) return steps
      }
      throw new Error(`no way ${way}`)
    }
    const top = await page.evaluate(() => scrollY)
    assert.ok((await turnTo('further')) <= most_steps)
    await person.until((top) => scrollY > top + 200, top)
    const down = await page.evaluate(() => scrollY)
    await person.until(() => globalThis.scan.what === 'step' && globalThis.scan.steps === 1)
    await frameIsBeside(person)
    assert.ok((await turnTo('earlier')) <= most_steps)
    await person.until((down) => scrollY < down - 200, down)
  })

  scene('a film is played, and taken ten seconds back', {}, async (person) => {
    const { page, house } = person
    const clip = (await person.items('?kind=video'))[0]
    const ask = async (method, path, body) => (await house.ask(method, `/api/v1${path}`, body && { body })).json
    let job = await ask('POST', '/films', { title: '老屋', lang: 'zh-CN', beats: [{ media: clip.id, duration: 2, caption: '桥' }, { media: clip.id, duration: 2 }] })
    for (let tries = 0; job.state !== 'done' && tries < 600; tries++) {
      await new Promise((done) => setTimeout(done, 100))
      job = await ask('GET', `/jobs/${job.id}`)
      assert.ok(['waiting', 'running', 'done'].includes(job.state), `${job.state} ${job.error}`)
    }
    await withSwitch(person, `/films?switch=auto&speed=${speed}`)
    await reachWithin(person, page.locator('.film-card a'))
    await page.waitForURL(`**/film/${job.result.film}`)
    const video = page.locator('video')
    await person.until(() => document.querySelector('video')?.readyState >= 1)
    await reachWithin(person, video)
    const play = page.locator('.reach-tray').getByRole('button', { name: person.say('ui.reach.act.play'), exact: true })
    await reachWithin(person, play)
    await person.until(() => document.querySelector('video').currentTime > 0.4)
    // The thing in hand stays in sight above the tray.
    const apart = await page.evaluate(() => document.querySelector('.reach-tray').getBoundingClientRect().top - document.querySelector('video').getBoundingClientRect().top)
    assert.ok(apart > 40, String(apart))
    await reachWithin(person, page.locator('.reach-tray').getByRole('button', { name: person.say('ui.reach.act.back_10'), exact: true }))
    await person.until(() => document.querySelector('video').currentTime < 0.4 || document.querySelector('video').paused)
    await reachWithin(person, page.locator('.reach-tray button').last())
    await page.locator('.reach-tray').waitFor({ state: 'detached' })
  })

  scene('a word is written with the scanned keyboard, and what it finds is opened', {}, async (person) => {
    const { page } = person
    await withSwitch(person, `/search?switch=auto&speed=${speed}`)
    const box = page.locator('.find.big input')
    const took = await reachWithin(person, box)
    assert.ok(took.presses <= 3, `${took.presses} presses`)
    const board = page.locator('.reach-board')
    await board.waitFor()
    const keys = async (word) => {
      for (const letter of word) {
        await reachWithin(person, board.getByRole('button', { name: letter, exact: true }))
        await person.until(([letter]) => document.querySelector('.reach-value output').textContent.endsWith(letter), [letter])
      }
    }
    await keys('naiq')
    await reachWithin(person, board.getByRole('button', { name: person.say('ui.reach.act.delete'), exact: true }))
    await person.until(() => document.querySelector('.find.big input').value === 'nai')
    await keys('nai') // 奶奶, as it sounds
    await reachWithin(person, board.getByRole('button', { name: person.say('ui.reach.act.done'), exact: true }))
    await page.waitForURL('**/search?q=nainai')
    await person.pictures(3)
    const found = page.locator('a[data-tile]').nth(1)
    const href = await found.getAttribute('href')
    await reachWithin(person, found)
    await page.waitForURL(`**${href}`)
    assert.match(await page.locator('.known').innerText(), /奶奶/)
  })

  scene('the switch sets itself: a slower step, another key, and off', { once: true }, async (person) => {
    const { page } = person
    await withSwitch(person, `/films?switch=auto&speed=${speed}`)
    await page.locator('.empty a').waitFor()
    await reachWithin(person, page.locator('.reach-strip button'))
    const sheet = page.getByRole('dialog', { name: person.say('ui.reach.title') })
    await sheet.waitFor()
    const kept = () => page.evaluate(() => JSON.parse(localStorage.getItem('kinreel.switch')))
    assert.equal((await kept()).speed_ms, 500)
    await reachWithin(person, sheet.getByRole('button', { name: person.say('ui.reach.of', { act: person.say('ui.reach.slower'), what: person.say('ui.reach.speed_ms') }) }))
    await person.until(() => JSON.parse(localStorage.getItem('kinreel.switch')).speed_ms > 500)
    await reachWithin(person, sheet.getByRole('button', { name: person.say('ui.reach.learn.choose') }))
    await page.getByText(person.say('ui.reach.learn.now')).first().waitFor()
    await person.press('KeyJ')
    await sheet.locator('output', { hasText: /^J$/ }).waitFor()
    await page.waitForTimeout(600)
    assert.equal((await kept()).choose, 'key:KeyJ')
    const off = sheet.getByRole('radio', { name: person.say('ui.reach.mode.off') })
    await reachWithin(person, off, { switch: () => person.press('KeyJ') })
    await page.locator('.reach-strip').waitFor({ state: 'detached' })
    // Off, every key is the page's again, and the keyboard puts the dialog away.
    await person.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await person.page.reload()
    await page.locator('.empty a').waitFor()
    assert.equal(await page.locator('.reach-strip').count(), 0)
  })

  scene('step by step: one key moves, the other chooses; nothing moves by itself', {}, async (person) => {
    const { page } = person
    await withSwitch(person, '/films?switch=step&move=key:KeyM')
    await page.locator('.empty a').waitFor()
    const target = await page.locator('.empty a').elementHandle()
    await person.until(() => globalThis.scan?.steps === 1)
    await page.waitForTimeout(2500)
    assert.equal(await page.evaluate(() => globalThis.scan.steps), 1)
    for (let presses = 0; presses < 12 && person.path() === '/films' && !page.url().includes('choose'); presses++) {
      const has = await target.evaluate((target) => globalThis.scan.things.includes(target) && globalThis.scan.kind !== 'way')
      await person.press(has ? 'Space' : 'KeyM')
      await page.waitForTimeout(200) // as fast as a hand
    }
    await page.waitForURL('**/?choose')
  })

  scene('a slider is moved, a list chosen from, a long list gone through by the window', { once: true }, async (person) => {
    const { page } = person
    const photo = (await person.items()).find((item) => item.kind === 'photo')
    await withSwitch(person, `/item/${photo.id}?switch=auto&speed=${speed}`)
    const act = (word) => page.locator('.reach-tray').getByRole('button', { name: person.say(`ui.reach.act.${word}`), exact: true })
    const strength = page.locator('.strength input')
    await reachWithin(person, strength)
    const before = Number(await strength.inputValue())
    await reachWithin(person, act('left'))
    // The frame stays: once more is one more press.
    assert.deepEqual(await reachWithin(person, act('left')).then(({ steps, presses }) => [steps, presses]), [1, 1])
    await reachWithin(person, act('far_left'))
    assert.equal(Number(await strength.inputValue()), before - 10 - 20)
    await reachWithin(person, act('done'))
    await reachWithin(person, page.locator('.theme select'))
    await reachWithin(person, page.locator('.reach-picks button').nth(person.theme === 'dark' ? 1 : 2))
    const other = person.theme === 'dark' ? 'light' : 'dark'
    await person.until((theme) => document.documentElement.dataset.theme === theme, other)
    await page.evaluate(() => {
      const list = document.createElement('ul')
      list.setAttribute('aria-label', 'long')
      for (let i = 0; i < 60; i++) list.append(Object.assign(document.createElement('li'), { innerHTML: `<button type="button">b${i}</button>` }))
      document.querySelector('main').replaceChildren(list)
    })
    const last = page.locator('main li button').nth(59)
    await person.until(() => globalThis.scan.what === 'step' && globalThis.scan.things[0]?.textContent === 'b0')
    assert.ok(await page.evaluate(() => globalThis.scan.most <= 9 && globalThis.scan.things.length < 30))
    for (let pages = 0; pages < 8; pages++) {
      const framed = await page.waitForFunction(() => globalThis.scan.what === 'step' && (globalThis.scan.way === 'further' || (globalThis.scan.kind === 'group' && globalThis.scan.name === 'long')) && [globalThis.scan.way])
      const [way] = await framed.jsonValue()
      await page.waitForTimeout(200)
      const y = await page.evaluate(() => scrollY)
      await person.press('Space')
      if (way === 'further') await person.until((y) => scrollY > y, y)
      if (await last.evaluate((last) => last.getBoundingClientRect().bottom < innerHeight - 80)) break
    }
    await reachWithin(person, last)
  })

  scene('a gamepad, or a finger anywhere, is a switch; what it touches is not pressed', { once: true, size: 'phone' }, async (person) => {
    const { page } = person
    await page.addInitScript(() => {
      globalThis.pad = [0, 1, 2].map(() => ({ pressed: false }))
      navigator.getGamepads = () => [{ buttons: globalThis.pad }]
    })
    const pad = async () => {
      await page.evaluate(() => (globalThis.pad[2].pressed = true))
      await page.waitForTimeout(60)
      await page.evaluate(() => (globalThis.pad[2].pressed = false))
    }
    await withSwitch(person, `/films?switch=auto&speed=${speed}&choose=pad:2`)
    const to = (path) => page.locator(`nav.rooms a[href="${path}"]`)
    await reachWithin(person, to('/add'), { switch: pad })
    await page.waitForURL('**/add')
    await person.goto(`/films?switch=auto&speed=${speed}&choose=mouse:0`)
    const brand = await page.locator('.brand').boundingBox()
    const tap = async () => {
      await page.mouse.move(brand.x + 10, brand.y + 10)
      await page.mouse.down()
      await page.mouse.up()
    }
    await reachWithin(person, to('/albums'), { switch: tap })
    await page.waitForURL('**/albums')
  })

  scene('a question is answered before anything else; what was put away can be brought back', { once: true }, async (person) => {
    const { page, house } = person
    const [first] = await person.items()
    await withSwitch(person, `/item/${first.id}?switch=auto&speed=${speed}`)
    await reachWithin(person, person.button('ui.tools.trash'))
    // The slip with its way back stays for as long as it takes, and comes first.
    const undo = page.locator('.slip button').first()
    await undo.waitFor()
    await page.waitForTimeout(13_000)
    assert.ok((await reachWithin(person, undo)).presses <= 2)
    await person.until((path) => location.pathname === path, `/item/${first.id}`)
    await house.ask('DELETE', `/api/v1/items/${first.id}`)
    await person.goto('/trash')
    await reachWithin(person, person.button('ui.trash.empty'))
    const asked = page.getByRole('alertdialog')
    await asked.waitFor()
    await person.until(() => globalThis.scan.what === 'step' && globalThis.scan.steps === 2)
    assert.ok(await page.evaluate(() => globalThis.scan.things.every((one) => one.closest('[role=alertdialog]'))))
    await reachWithin(person, asked.getByRole('button', { name: person.say('ui.trash.keep') }))
    await asked.waitFor({ state: 'detached' })
    await reachWithin(person, page.locator('.bring-back'))
    await page.getByText(person.say('ui.trash.none')).waitFor()
  })

  scene('with the frame about, every page is clean, day and lamp, on the smallest phone too', { once: true, name: '127.0.0.1' }, async (person) => {
    const { page } = person
    const items = await person.items()
    const found = []
    await withSwitch(person, '/?switch=auto&speed=1')
    await page.locator('.reach-strip').waitFor()
    for (const [name, path] of Object.entries({ line: '/', print: `/item/${items[0].id}`, films: '/films', add: '/add', search: '/search', trash: '/trash' })) {
      await page.setViewportSize(sizes.desk)
      await person.goto(path)
      await page.locator('.reach-strip').waitFor()
      await person.until(() => globalThis.scan?.things.length > 0)
      const most = await page.evaluate(() => globalThis.scan.most)
      if (most > most_steps) found.push(`${name}: ${most} steps`)
      for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme })
        found.push(...(await axe(person)).map((one) => `${name} ${theme}: ${one}`))
      }
      for (const size of ['wall', 'phone']) {
        await page.setViewportSize(sizes[size])
        await person.goto(path)
        await person.until(() => globalThis.scan?.things.length > 0)
        const most = await page.evaluate(() => globalThis.scan.most)
        if (most > most_steps) found.push(`${name} ${size}: ${most} steps`)
      }
      if ((await tooWide(person)) > 0) found.push(`${name}: too wide`)
    }
    // What lies in the hand, and the two dialogs.
    await person.goto('/search')
    await reach(person, page.locator('.find.big input'))
    await page.locator('.reach-board').waitFor()
    if ((await tooWide(person)) > 0) found.push('keyboard: too wide')
    await page.setViewportSize(sizes.desk)
    found.push(...(await axe(person)).map((one) => `keyboard: ${one}`))
    await page.locator('.reach-tray button').last().click()
    for (const which of ['ui.reach.title', 'ui.keys.title']) {
      await person.button(which).click()
      await page.locator('dialog.reach-sheet').waitFor()
      for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme })
        found.push(...(await axe(person)).map((one) => `${which} ${theme}: ${one}`))
      }
      await person.press('Escape')
      await page.locator('dialog.reach-sheet').waitFor({ state: 'detached' })
    }
    assert.deepEqual(found, [])
  })
})

scenes('by keyboard alone', (scene) => {
  scene('every stop of Tab is seen, on every page; ? tells the keys', { once: true }, async (person) => {
    const { page } = person
    const items = await person.items()
    const unseen = []
    for (const path of ['/', '/?choose', `/item/${items[0].id}`, '/films', '/add', '/search', '/trash']) {
      await person.goto(path)
      await page.locator('h1').waitFor({ state: 'attached' })
      await page.locator('main a, main button, main .lead').first().waitFor({ state: 'attached' })
      for (let i = 0; i < 40; i++) {
        await person.press('Tab')
        const lost = await page.evaluate(() => {
          const at = document.activeElement
          if (!at || at === document.body) return 'end'
          const ringed = (one) => one && parseFloat(getComputedStyle(one).outlineWidth) >= 2 && getComputedStyle(one).outlineStyle !== 'none'
          return ringed(at) || ringed(at.nextElementSibling) || ringed(at.closest('label')) ? '' : at.outerHTML.slice(0, 120)
        })
        if (lost === 'end') break
        if (lost) unseen.push(`${path}: ${lost}`)
      }
    }
    assert.deepEqual(unseen, [])
    await person.goto('/')
    await page.locator('a[data-tile]').first().waitFor()
    await person.press('?')
    const sheet = page.getByRole('dialog', { name: person.say('ui.keys.title') })
    await sheet.getByText(person.say('ui.keys.tiles')).waitFor()
    await person.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    // Somebody who writes a question mark gets one.
    await person.tabTo(page.getByRole('searchbox'))
    await person.press('?')
    assert.equal(await page.getByRole('searchbox').inputValue(), '?')
    assert.equal(await sheet.count(), 0)
  })
})
