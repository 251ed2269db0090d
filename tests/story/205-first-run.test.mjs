// SPDX-License-Identifier: AGPL-3.0-or-later
// A family moves in: from an empty archive to its first picture without a terminal; then its doors are
// used: out and in again, a card for grandmother, and the card taken back.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { axe, scenes, sizes, tooWide } from './browser.mjs'
import { picture, sleep } from './house.mjs'

const password = 'a bridge and a house 1985'

// Somebody's own folder, with pictures, a letter, and a disk for copies.
const home = mkdtempSync(join(tmpdir(), 'kinreel-home-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))
for (const name of ['Pictures', 'Pictures/1985', 'disk', 'disk/other things']) mkdirSync(join(home, name))
for (let i = 0; i < 40; i++) writeFileSync(join(home, 'Pictures/1985', `1985-06-${10 + (i % 20)} ${i}.png`), picture(320 + i, 240, i))
writeFileSync(join(home, 'Pictures/letter.txt'), 'Dear cousin, the pictures are in the box.')
const env = { HOME: home }

const act = (person) => person.page.locator('.picker .act')
const folder = (person, name) => person.page.locator('.folders').getByRole('button', { name, exact: true })
const heading = (person, key) => person.page.getByRole('heading', { level: 1, name: person.say(key), exact: true }).waitFor()
const language = (person) => person.button(person.lang === 'en' ? 'ui.start.en' : 'ui.start.zh')
const refused = (person, ...codes) => person.expected.push(...codes.flatMap((code) => [new RegExp(`^${code} `), new RegExp(`status of ${code}`)]))

// The pages of the first run, each done by `does`: a press of the button, or the way there by keyboard.
async function moveIn(person, does) {
  const { page } = person
  rmSync(join(home, 'disk/kinreel-backup'), { recursive: true, force: true }) // of another scene's house
  await person.goto('/')
  await page.waitForURL('**/start')
  await heading(person, 'ui.start.title')
  await does(language(person))
  await heading(person, 'ui.start.owner')
  await does(page.locator('#name'), 'Lin Mei')
  await does(page.locator('#password'), 'short')
  await does(person.button('ui.start.on'))
  await page.getByRole('alert').waitFor()
  await does(page.locator('#password'), password)
  await does(person.button('ui.start.on'))
  await heading(person, 'ui.start.pictures')
  await does(folder(person, 'Pictures'))
  await page.getByRole('heading', { level: 2, name: 'Pictures', exact: true }).waitFor()
  await does(act(person))
  await heading(person, 'ui.start.backup')
  await does(folder(person, 'disk'))
  await page.getByRole('heading', { level: 2, name: 'disk', exact: true }).waitFor()
  await does(act(person))
  await page.getByText('disk/kinreel-backup').waitFor()
  await does(person.button('ui.backup.yes'))
  await page.waitForURL((url) => url.pathname === '/')
}

const pressing = async (thing, text) => (text === undefined ? thing.click() : thing.fill(text))
const byKeyboard = (person) => async (thing, text) => {
  await person.tabTo(thing)
  if (text === undefined) return person.press('Enter')
  await person.press('Control+A')
  return person.page.keyboard.type(text)
}

async function comeIn(person, name, secret) {
  await person.page.locator('#name').fill(name)
  await person.page.locator('#password').fill(secret)
  await person.page.locator('form').filter({ has: person.page.locator('#password') }).getByRole('button', { name: person.say('ui.enter.act'), exact: true }).click()
}

async function menu(person, key) {
  await person.page.locator('.who-here > button').click()
  await person.page.locator('#who-menu').getByText(person.say(key), { exact: true }).click()
}

async function settled(person) {
  for (let tries = 0; tries < 300; tries++) {
    const state = await person.page.evaluate(async () => (await (await fetch('/api/v1/backup')).json()).job?.state)
    if (state !== 'waiting' && state !== 'running') return state
    await sleep(100)
  }
  return 'never'
}

scenes('a family moves in', (scene) => {
  scene('by keyboard alone, and the first picture is there within a minute', { empty: true, env }, async (person) => {
    refused(person, 422)
    await moveIn(person, byKeyboard(person))
    const began = Date.now()
    await person.pictures(1)
    assert.ok(Date.now() - began < 60_000)
    // The rest comes in, and what did not is told by name.
    await person.page.locator('.arrivals summary').waitFor()
    await person.choose(person.page.locator('.arrivals summary'))
    await person.page.getByText('letter.txt').waitFor()
    assert.equal(await settled(person), 'done')
    await person.page.reload()
    await person.pictures(3)
    assert.equal(await person.page.locator('.note').count(), 0)
  })

  scene('everything that can wait, waits: the house is open on this machine, and nothing is asked again', { empty: true, env }, async (person) => {
    const { page } = person
    await person.goto('/start')
    await language(person).click()
    await person.button('ui.start.owner.later').click()
    await person.button('ui.start.pictures.later').click()
    await person.button('ui.start.backup.later').click()
    await page.waitForURL('**/add')
    await page.locator('.drop').waitFor()
    await person.goto('/')
    await page.getByText(person.say('ui.line.empty'), { exact: true }).waitFor()
    await menu(person, 'ui.here.start')
    await page.waitForURL('**/start')
  })

  scene('out and in again; a card lets grandmother look and no more; taken back, her next page says so', { empty: true, env }, async (person) => {
    const { page } = person
    refused(person, 401, 403, 422)
    await moveIn(person, pressing)
    await person.pictures(1)
    const item = (await page.locator('a[data-tile]').first().getAttribute('href')) ?? ''
    await menu(person, 'ui.here.leave')
    await page.waitForURL('**/enter')
    // Whoever asks for a page is led to the door, and afterwards back.
    await person.goto(item)
    await page.waitForURL('**/enter?to=**')
    await comeIn(person, 'Lin Mei', 'something else altogether')
    await page.getByText(person.say('web.wrong_name'), { exact: true }).waitFor()
    assert.equal(await person.focused('id'), 'password')
    await page.getByRole('button', { name: person.say('ui.door.look'), exact: true }).click()
    assert.equal(await page.locator('#password').getAttribute('type'), 'text')
    assert.equal(await page.locator('#password').getAttribute('autocomplete'), 'current-password')
    await comeIn(person, 'lin mei', password)
    await page.waitForURL(`**${item}`)
    await page.locator('.tools').waitFor()

    await menu(person, 'ui.here.doors')
    await person.button('ui.card.new').click()
    await page.locator('#card-label').fill('Grandmother')
    await person.button('ui.card.make').click()
    await page.locator('.door-card .qr').waitFor()
    const code = (await page.locator('.door-card .spaced').textContent()) ?? ''
    assert.match(code, /^[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}$/)
    const paper = String(await page.pdf({ preferCSSPageSize: true }))
    assert.match(paper, /MediaBox \[0 0 29[78][\d.]* (419|420)[\d.]*\]/) // A6, and one of it
    assert.equal(paper.match(/\/Type \/Page\b(?!s)/g)?.length, 1)

    const other = await page.context().browser().newContext({ viewport: sizes.desk, locale: person.lang, reducedMotion: 'reduce' })
    try {
      const hers = await other.newPage()
      await hers.goto(`${person.origin}/enter#${code.replace(/ /g, '')}`)
      await hers.getByText(code, { exact: true }).waitFor() // one moment to see it
      assert.ok(!hers.url().includes('#'))
      await hers.waitForURL((url) => url.pathname === '/')
      await hers.locator('a[data-tile] img.there').first().waitFor()
      assert.ok((await hers.locator('.who-here').textContent())?.includes('Grandmother'))
      const rooms = await hers.locator('.rooms a').allTextContents()
      assert.deepEqual(rooms.map((room) => room.trim()), ['ui.nav.line', 'ui.nav.people', 'ui.nav.albums', 'ui.nav.films', 'ui.nav.search'].map((key) => person.say(key)))
      assert.equal(await hers.locator('#choose').count(), 0)
      await hers.goto(person.origin + item)
      await hers.locator('.known').waitFor()
      for (const gone of ['.mend', '.offer', '.pencil', '.love']) assert.equal(await hers.locator(gone).count(), 0, gone)
      assert.equal(await hers.getByRole('button', { name: person.say('ui.tools.trash'), exact: true }).count(), 0)
      await hers.goto(person.origin + '/add')
      await hers.getByText(person.say('ui.nowhere.text'), { exact: true }).waitFor()
      await hers.goBack()
      await hers.goBack()
      assert.ok(!hers.url().includes('#'), 'no code in the history')
      // The door in the history lets her in again, to the line of time.
      await hers.waitForURL((url) => url.pathname === '/')
      await hers.locator('a[data-tile] img.there').first().waitFor()
      await hers.goto(person.origin + '/people')
      await hers.getByText(person.say('ui.people.none.wait'), { exact: true }).waitFor()
      assert.equal(await hers.locator('a[href="/who"]').count(), 0)
      await hers.goto(person.origin + '/')
      await hers.locator('a[data-tile] img.there').first().waitFor()

      await person.button('ui.card.done').click()
      await page.locator('[aria-labelledby=cards] .entry').filter({ hasText: 'Grandmother' }).getByRole('button').click()
      await page.locator('.slip').getByRole('button', { name: person.say('ui.card.another'), exact: true }).waitFor()
      await hers.locator('a[data-tile]').first().click()
      await hers.waitForURL('**/enter**')
      await hers.getByText(person.say('ui.enter.ended.card'), { exact: true }).waitFor()
      await hers.locator('#code').fill(code.toLowerCase())
      await hers.getByRole('button', { name: person.say('ui.enter.code.act'), exact: true }).click()
      await hers.getByText(person.say('web.wrong_code'), { exact: true }).waitFor()
    } finally {
      await other.close()
    }
    await page.locator('.slip').getByRole('button', { name: person.say('ui.card.another'), exact: true }).click()
    assert.equal(await page.locator('#card-label').inputValue(), 'Grandmother')
  })

  scene('a guest sees what their card opens, and a word about the rest', { empty: true, env }, async (person) => {
    const { page } = person
    refused(person, 401)
    await person.goto('/enter')
    await page.waitForURL('**/start')
    const post = (path, data) =>
      page.evaluate(async ([path, data]) => {
        const body = JSON.stringify(data)
        return (await fetch('/api/v1' + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json()
      }, [path, data])
    await post('/owner', { name: 'Lin Mei', password })
    const card = await post('/invitations', { role: 'guest', label: 'Cousin' })
    await page.context().clearCookies()
    await page.context().addCookies([{ name: 'lang', value: person.lang, url: person.origin }])
    await person.goto(new URL(card.link).pathname + new URL(card.link).hash)
    await page.getByText(person.say('ui.guest.text'), { exact: true }).waitFor()
    for (const gone of ['.rooms', '.find', '.line']) assert.equal(await page.locator(gone).count(), 0, gone)
    await menu(person, 'ui.here.leave')
    await page.waitForURL('**/enter')
  })

  scene('accounts, homes, a password; a backup that failed is said calmly, and is mended', { empty: true, env }, async (person) => {
    const { page } = person
    refused(person, 409, 422)
    await moveIn(person, pressing)
    await person.pictures(1)
    assert.equal(await settled(person), 'done')
    await person.goto('/doors')
    await person.button('ui.doors.account.new').click()
    await page.locator('#new-name').fill('Lin Mei')
    await page.locator('#new-password-of').fill(password)
    await person.button('ui.doors.account.add').click()
    await page.getByText(person.say('web.name_taken'), { exact: true }).waitFor()
    await page.locator('#new-name').fill('Anna')
    await page.locator('input[name=new-role][value=teller]').check()
    await person.button('ui.doors.account.add').click()
    const anna = page.locator('[aria-labelledby=accounts] li').filter({ hasText: 'Anna' })
    await anna.getByText(person.say('ui.role.teller'), { exact: false }).waitFor()
    await anna.getByRole('button').click()
    await person.button('ui.doors.account.end').click()
    await page.getByRole('alertdialog').waitFor()
    await page.getByRole('alertdialog').getByRole('button').nth(1).click()
    await anna.waitFor({ state: 'detached' })
    await page.locator('#home-name').fill('Beijing')
    await person.button('ui.homes.add').click()
    await page.locator('[aria-labelledby=homes] .entry').filter({ hasText: 'Beijing' }).waitFor()

    await person.goto('/me')
    await page.locator('#before').fill(password)
    await page.locator('#fresh').fill(password + ' again')
    await person.button('ui.me.password.act').click()
    await page.getByText(person.say('ui.me.password.done'), { exact: true }).first().waitFor()

    // The disk goes away; the next backup says so, on the keeper's page and above the line.
    rmSync(join(home, 'disk/kinreel-backup'), { recursive: true })
    await person.goto('/house')
    await person.button('ui.backup.now').click()
    await page.locator('.card').filter({ hasText: 'disk/kinreel-backup' }).waitFor()
    await person.goto('/')
    await page.locator('.note').waitFor()
    await page.locator('.note a').click()
    await page.waitForURL('**/house')
    await person.button('ui.backup.elsewhere').click()
    await folder(person, 'disk').click()
    await page.getByRole('heading', { level: 2, name: 'disk', exact: true }).waitFor()
    await act(person).click()
    await person.button('ui.backup.yes').click()
    await page.locator('.said.added').waitFor()
    await person.goto('/')
    await person.pictures(1)
    assert.equal(await page.locator('.note').count(), 0)
  })

  scene('the door and the keeper’s rooms are clean and nothing hangs over', { once: true, empty: true, env, name: '127.0.0.1' }, async (person) => {
    const { page } = person
    refused(person, 401)
    const context = page.context()
    const session = await context.newCDPSession(page)
    const found = []
    const letters = async (standard) => {
      await session.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } })
      await person.until((size) => getComputedStyle(document.documentElement).fontSize === `${size}px`, standard)
    }
    const look = async (name, path, there, does) => {
      for (const lang of ['zh-CN', 'en']) {
        await context.addCookies([{ name: 'lang', value: lang, domain: '127.0.0.1', path: '/' }])
        await page.setViewportSize(sizes.desk)
        await person.goto(path)
        await page.locator(there).first().waitFor()
        if (does) await does()
        for (const theme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme: theme })
          found.push(...(await axe(person)).map((one) => `${name} ${lang} ${theme}: ${one}`))
        }
        const unsaid = await page.evaluate(() => document.body.innerText.match(/\bui\.[a-z_.]+/g) ?? [])
        found.push(...unsaid.map((one) => `${name} ${lang}: ${one}`))
        await letters(32)
        if ((await tooWide(person)) > 0) found.push(`${name} ${lang}: too wide at 200 % text`)
        await letters(16)
        await page.setViewportSize(sizes.phone)
        if ((await tooWide(person)) > 0) found.push(`${name} ${lang}: too wide at 320 px`)
      }
    }
    const openMenu = () => page.locator('.who-here > button').click()
    await look('start', '/start', '.languages')
    await look('owner', '/start?step=2', '#password', openMenu)
    assert.equal((await context.request.post(`${person.origin}/api/v1/owner`, { data: { name: 'Lin Mei', password }, headers: { Origin: person.origin } })).status(), 200)
    const post = (path, data) => context.request.post(`${person.origin}/api/v1${path}`, { data, headers: { Origin: person.origin } })
    assert.equal((await post('/accounts', { name: 'Anna', password, role: 'viewer' })).status(), 201)
    assert.equal((await post('/invitations', { role: 'viewer', label: 'Grandmother' })).status(), 201)
    await look('pictures', '/start?step=3', '.folders')
    await look('backup', '/start?step=4', '.folders', async () => {
      await page.locator('.folders button').first().click()
      await page.getByRole('heading', { level: 2, name: 'disk', exact: true }).waitFor()
      await page.locator('.picker .act').click()
      await page.locator('.said-lamp').waitFor()
    })
    await look('doors', '/doors', '.entry', async () => {
      await page.locator('#add-account').click()
      await page.locator('#add-card').click()
      await page.locator('#card-label').fill('Uncle')
      await page.locator('[aria-labelledby=new-card] .act').click()
      await page.locator('.door-card').waitFor()
      await openMenu()
    })
    await look('house', '/house', '#backups')
    await look('me', '/me', '.entry')
    await context.clearCookies()
    await look('enter', '/enter', '#password')
    assert.deepEqual(found, [])
  })
})
