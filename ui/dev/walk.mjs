// SPDX-License-Identifier: AGPL-3.0-or-later
// node dev/walk.mjs [--big]: walks through the pages as people do, by keyboard where it can, against the
// development server; with --big over a hundred thousand pictures.

import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './browser.mjs'
import { openMock } from './mock.mjs'

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist')
const browser = await openBrowser()
let passed = 0
let failed = 0

async function scene(name, options, run) {
  const mock = await openMock({ port: 0, items: 600, dist, ...options })
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addCookies([{ name: 'lang', value: 'en', domain: '127.0.0.1', path: '/' }])
  const page = await context.newPage()
  const home = `http://127.0.0.1:${mock.port}`
  try {
    await run(page, home, mock.state.house)
    passed++
    console.log('ok', name)
  } catch (cause) {
    failed++
    console.log('not ok', name, '\n', cause.stack)
    await page.screenshot({ path: join(process.env.TMPDIR ?? '/tmp', `walk-${failed}.png`) })
  }
  await context.close()
  mock.server.close()
  mock.server.closeAllConnections()
}

const focused = (page, attribute) => page.evaluate((name) => document.activeElement?.getAttribute(name), attribute)
const path = (page) => new URL(page.url()).pathname
const h1 = (page) => page.locator('h1').innerText()

await scene('arrow keys go from picture to picture, Enter opens, Back returns to the same place', {}, async (page, home) => {
  await page.goto(home)
  await page.locator('[data-tile]').first().focus()
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('ArrowDown')
    await page.waitForTimeout(120)
  }
  await page.waitForTimeout(400)
  const before = await focused(page, 'data-tile')
  const scrolled = await page.evaluate(() => scrollY)
  assert.ok(before && scrolled > 500, `${before} ${scrolled}`)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.table')
  assert.match(path(page), /^\/item\//)
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1')
  await page.goBack()
  await page.waitForSelector('[data-tile]')
  await page.waitForTimeout(400)
  assert.ok(Math.abs((await page.evaluate(() => scrollY)) - scrolled) < 4)
})

await scene('left and right turn pages, but not while typing', {}, async (page, home, house) => {
  await page.goto(`${home}/item/${house.items[10].id}`)
  await page.waitForSelector('.table')
  await page.keyboard.press('ArrowRight')
  await page.waitForURL(`**/item/${house.items[11].id}`)
  await page.waitForTimeout(300)
  await page.locator('.known').locator('.offer, .pencil').first().click()
  await page.keyboard.type('Grandma')
  await page.keyboard.press('ArrowLeft')
  assert.equal(path(page), `/item/${house.items[11].id}`)
  await page.locator('.edit button[type=submit]').click()
  await page.waitForSelector('.slip')
  assert.equal(house.items[11].caption.en, 'Grandma')
})

await scene('a date that is not understood says so and keeps what was typed', {}, async (page, home, house) => {
  await page.goto(`${home}/item/${house.items[3].id}`)
  await page.getByRole('button', { name: 'Say when this was' }).click()
  await page.locator('#edit-date').fill('abc')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.edit .wrong')
  assert.equal(await page.locator('#edit-date').inputValue(), 'abc')
  await page.locator('#edit-date').fill('around 1985')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.edit', { state: 'detached' })
  assert.match(await page.locator('.known').innerText(), /around 1985/)
})

await scene('restoring a photograph ends in before and after, stepped by keys', {}, async (page, home, house) => {
  const photo = house.items.find((item) => item.kind === 'photo' && !item.damaged)
  await page.goto(`${home}/item/${photo.id}`)
  await page.getByRole('button', { name: 'Restore this photograph' }).click()
  await page.waitForSelector('.job progress')
  await page.waitForSelector('.divider', { timeout: 9000 })
  await page.locator('.divider').focus()
  await page.keyboard.press('ArrowRight')
  assert.equal(await focused(page, 'aria-valuenow'), '55')
  assert.equal(path(page), `/item/${photo.id}`)
  await page.keyboard.press('End')
  assert.equal(await focused(page, 'aria-valuenow'), '100')
})

await scene('a clip that does not play offers a copy that does', {}, async (page, home, house) => {
  const clip = house.items.find((item) => item.kind === 'video' && !item.playable)
  await page.goto(`${home}/item/${clip.id}`)
  await page.getByRole('button', { name: 'Make a copy that plays' }).click()
  await page.waitForSelector('video', { timeout: 9000 })
})

await scene('the switches send what they say, and the coach tells how far it came', {}, async (page, home, house) => {
  const clip = house.items.find((item) => item.kind === 'video' && item.playable)
  const asked = page.waitForRequest((request) => request.url().endsWith('/jobs') && request.method() === 'POST')
  await page.goto(`${home}/item/${clip.id}`)
  await page.getByRole('switch', { name: 'Light' }).click()
  await page.getByRole('button', { name: 'Mend this clip' }).click()
  const body = (await asked).postDataJSON()
  assert.deepEqual(body, { kind: 'kit', item: clip.id, options: { steady: true, light: false, sound: true, footage: false, strength: 0.8 } })
  await page.waitForSelector('.compare-clip', { timeout: 9000 })
  const card = page.getByRole('region', { name: 'Before and after, in points' })
  assert.match(await card.innerText(), /Steadiness\s+Before\s+58\s+After\s+96\s+The hand trembles/)
  assert.equal(await card.getByRole('list', { name: 'Next time, in this order:' }).getByRole('listitem').count(), 3)
})

await scene('old film is told as such, and whoever held it is given no advice', {}, async (page, home, house) => {
  const clip = house.items.find((item) => item.kind === 'video' && item.playable)
  const asked = page.waitForRequest((request) => request.url().endsWith('/jobs') && request.method() === 'POST')
  await page.goto(`${home}/item/${clip.id}`)
  await page.getByRole('switch', { name: 'Old film or tape' }).click()
  await page.getByRole('button', { name: 'Mend this clip' }).click()
  assert.equal((await asked).postDataJSON().options.footage, true)
  const card = page.locator('.coach')
  await card.waitFor({ timeout: 9000 })
  assert.doesNotMatch(await card.innerText(), /Next time/)
})

await scene('put in the trash, undo, put away again, empty', {}, async (page, home, house) => {
  const item = house.items[4]
  await page.goto(`${home}/item/${item.id}`)
  await page.getByRole('button', { name: 'Put in the trash' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.waitForURL(`**/item/${item.id}`)
  assert.equal(item.trashed, false)
  await page.waitForTimeout(300)
  await page.getByRole('button', { name: 'Put in the trash' }).click()
  await page.waitForURL(`**/item/${house.items[5].id}`)
  await page.goto(`${home}/trash`)
  await page.getByRole('button', { name: 'Empty the trash' }).click()
  assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /Keep them/)
  await page.getByRole('button', { name: 'Empty it' }).click()
  await page.getByText('The trash is empty.').waitFor()
  assert.ok(!house.byId.has(item.id))
})

await scene('choose by keyboard, order, write, make a film, jump to a chapter', {}, async (page, home) => {
  await page.goto(home)
  await page.getByRole('button', { name: 'Choose' }).click()
  for (let i = 0; i < 3; i++) {
    await page.locator('.choice input').nth(i).focus()
    await page.keyboard.press('Space')
  }
  await page.getByRole('button', { name: 'Make a film' }).click()
  await page.waitForSelector('.beat')
  assert.equal(await page.locator('.beat').count(), 3)
  const first = await page.locator('.beat textarea').first()
  await first.fill('At the gate')
  await page.getByRole('button', { name: /^Later/ }).first().click()
  await page.waitForTimeout(100)
  assert.equal(await page.locator('.beat textarea').nth(1).inputValue(), 'At the gate')
  assert.match(String(await focused(page, 'id')), /^down-/)
  await page.getByLabel('Title').fill('Our house')
  await page.getByLabel('Music').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Make the film' }).click()
  assert.equal(await focused(page, 'id'), 'licence')
  await page.keyboard.type('our own recording')
  await page.getByRole('button', { name: 'Make the film' }).click()
  await page.waitForURL('**/film/film*', { timeout: 9000 })
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Our house')
  await page.locator('.chapters button').nth(1).click()
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) >= 1.1)
})

await scene('files come in although the connection breaks', { items: 20, cut: true }, async (page, home, house) => {
  await page.goto(`${home}/add`)
  const files = [1, 2, 3].map((n) => ({ name: `print-${n}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.alloc(300_000 * n, n) }))
  files.push({ name: 'same.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(300_000, 1) }, { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') })
  files.push({ name: 'nothing.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) })
  await page.locator('input[type=file]').first().setInputFiles(files)
  await page.getByText('6 of 6 files are in').waitFor({ timeout: 20000 })
  const text = await page.locator('.summary').innerText()
  assert.match(text, /3 new, one already here, 2 not taken in/)
  assert.equal(house.items.filter((item) => item.n >= 500000).length, 3)
  await page.getByRole('link', { name: 'See them on the line of time' }).click()
  await page.waitForSelector('[data-tile^="2026-11:"]')
})

await scene('files dropped on any page come in', {}, async (page, home) => {
  await page.goto(home)
  await page.waitForSelector('[data-tile]')
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.items.add(new File([new Uint8Array(900)], 'dropped.jpg', { type: 'image/jpeg', lastModified: 1 }))
    dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }))
  })
  await page.waitForURL('**/add')
  await page.getByText('1 of 1 files are in').waitFor()
})

await scene('a house that answers late is waited for', {}, async (page, home) => {
  let refusals = 2
  await page.route('**/api/v1/words/*', (route) => (refusals-- > 0 ? route.abort() : route.continue()))
  await page.goto(home)
  await page.getByText('Waiting for the machine').waitFor({ timeout: 5000 })
  await page.waitForSelector('[data-tile]', { timeout: 9000 })
  assert.equal(await page.locator('.waiting').count(), 0)
})

await scene('pause and go on', { items: 20, slow: 150 }, async (page, home) => {
  await page.goto(`${home}/add`)
  await page.locator('input[type=file]').first().setInputFiles([{ name: 'long.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(12_000_000, 3) }])
  await page.getByRole('button', { name: 'Pause all' }).click()
  await page.getByText('Paused').waitFor()
  await page.getByRole('button', { name: 'Go on with all' }).click()
  await page.getByText('1 of 1 files are in').waitFor({ timeout: 20000 })
})

await scene('the other language, at once and on the same page', {}, async (page, home) => {
  await page.goto(`${home}/films`)
  await page.getByRole('button', { name: '中文' }).click()
  await page.waitForFunction(() => document.documentElement.lang === 'zh-CN')
  assert.equal(await h1(page), '影片')
  assert.equal(await focused(page, 'id'), 'lang-switch')
  await page.reload()
  await page.waitForSelector('h1')
  assert.equal(await h1(page), '影片')
})

await scene('search from the head of the page', {}, async (page, home) => {
  await page.goto(home)
  await page.locator('.top input[type=search]').fill('year:1980s')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/search?q=year%3A1980s')
  await page.waitForSelector('[data-tile]')
  await page.locator('input[type=search]').first().fill('zzzz')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing found for').waitFor()
})

await scene('the rail: keys, a typed year, a drag', {}, async (page, home) => {
  await page.goto(home)
  await page.waitForSelector('.track')
  await page.locator('.track').focus()
  await page.keyboard.press('PageDown')
  await page.waitForTimeout(300)
  assert.match(String(await focused(page, 'aria-valuetext')), /201\d/)
  await page.locator('.year-field input').fill('2014')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(400)
  const shown = await page.locator('.track').getAttribute('aria-valuetext')
  assert.match(String(shown), /201[345]/)
  const box = await page.locator('.track').boundingBox()
  await page.mouse.move(box.x + 30, box.y + 5)
  await page.mouse.down()
  await page.mouse.move(box.x + 30, box.y + 2, { steps: 3 })
  await page.mouse.up()
  await page.waitForTimeout(300)
  assert.ok((await page.evaluate(() => scrollY)) < 2500)
})

if (process.argv.includes('--big')) {
  await scene('a hundred thousand pictures', { items: 100000 }, async (page, home, house) => {
    await page.goto(home)
    await page.waitForSelector('[data-tile] .there', { timeout: 20000 })
    const measured = await page.evaluate(async () => {
      const frames = []
      let last = performance.now()
      let most = 0
      for (let i = 0; i < 240; i++) {
        scrollBy(0, i < 120 ? 90 : 2500)
        await new Promise(requestAnimationFrame)
        const now = performance.now()
        frames.push(now - last)
        last = now
        most = Math.max(most, document.querySelectorAll('*').length)
      }
      frames.sort((a, b) => a - b)
      return { median: frames[120], p95: frames[228], worst: frames[239], most, height: document.documentElement.scrollHeight }
    })
    console.log('  ', house.items.length, JSON.stringify(measured))
    assert.ok(measured.most < 2500, 'too much is drawn')
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight * 0.6))
    await page.waitForTimeout(2500)
    const loaded = await page.evaluate(() => [...document.querySelectorAll('[data-tile]')].filter((e) => e.getBoundingClientRect().top < innerHeight && e.getBoundingClientRect().bottom > 0).length)
    assert.ok(loaded > 5, `only ${loaded} in the window`)
  })
}

await browser.close()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
