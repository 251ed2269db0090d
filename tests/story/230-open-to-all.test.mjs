// SPDX-License-Identifier: AGPL-3.0-or-later
// Every page, in both languages, by day and by lamp: nothing for axe to complain of, nothing cut off on the
// smallest phone, with large letters, or on a wall.

import assert from 'node:assert/strict'
import { axe, scenes, sizes, tooWide } from './browser.mjs'
import { picture } from './house.mjs'

// What there is to look at: a restored print, a film, an album, something out of sight and in the trash.
async function furnish(person) {
  const { house } = person
  const items = await person.items()
  const print = items.find((item) => item.date.edtf === '1985' && item.kind === 'photo')
  const ask = async (path, body) => (await house.ask('POST', `/api/v1${path}`, { body })).json
  const jobs = [
    await ask('/jobs', { kind: 'restore', item: print.id, options: { strength: 0.8 } }),
    await ask('/films', { title: '老屋', lang: 'zh-CN', beats: [{ media: print.id, duration: 1, caption: '桥' }] }),
  ]
  const [, film] = await Promise.all(jobs.map((job) => settled(house, job)))
  await house.ask('DELETE', `/api/v1/items/${items[0].id}`)
  const album = await ask('/albums', { title: '老屋和院子' })
  await ask(`/albums/${album.id}/items`, { put: items.slice(1, 4).map((item) => item.id) })
  const away = items.filter((item) => item.kind === 'photo' && item !== print).at(-1)
  await ask('/acts', { items: [away.id], do: { hidden: true } })
  const of = (kind) => items.find((item) => item.kind === kind)
  const mei = await ask('/persons', { name: '林梅', born: '1952' })
  await ask(`/items/${print.id}/persons`, { person: mei.id })
  await ask('/asks', { item: print.id, text: '这是谁？', to: mei.id, region: { x: 0.3, y: 0.2, w: 0.2, h: 0.3 } })
  await ask('/rounds', { places: [{ name: '贵阳' }, { name: '山里', persons: [mei.id] }] })
  return { print, clip: of('video'), voice: of('audio'), film: film.result.film, album, mei }
}

async function settled(house, job) {
  for (let tries = 0; tries < 600; tries++) {
    const now = (await house.ask('GET', `/api/v1/jobs/${job.id}`)).json
    if (now.state === 'done') return now
    if (now.state !== 'waiting' && now.state !== 'running') throw new Error(`${now.kind}: ${now.state} ${now.error}`)
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`${job.kind} does not end`)
}

function pagesOf({ print, clip, voice, film, album, mei }) {
  return {
    line: ['/', 'a[data-tile] img.there'],
    choosing: ['/?choose', '.action-slip'],
    print: [`/item/${print.id}`, '.divider'],
    clip: [`/item/${clip.id}`, '.mend'],
    voice: [`/item/${voice.id}`, '.mend'],
    films: ['/films', '.film-card'],
    film: [`/film/${film}`, '.chapters'],
    make: ['/film/new', '.empty'],
    add: ['/add', '.drop'],
    search: ['/search?q=' + encodeURIComponent('奶奶'), 'a[data-tile] img.there'],
    nothing: ['/search?q=zzzz', '.hints'],
    era: ['/era?decade=1980', '.era-card'],
    thing: ['/thing/china-daily.bicycle', '.era-aside'],
    albums: ['/albums', 'img.album-cover'],
    album: [`/album/${album.id}`, 'a[data-tile] img.there'],
    hidden: ['/hidden', 'a[data-tile] img.there'],
    trash: ['/trash', '.bring-back'],
    people: ['/people', `a[href="/person/${mei.id}"]`],
    person: [`/person/${mei.id}`, '.hand-their'],
    who: ['/who', 'main h1'],
    'same age': [`/same-age?persons=${mei.id}`, 'main h1'],
    'about me': [`/about-me/${mei.id}`, 'main h1'],
    apart: ['/apart', 'main h1'],
    house: ['/house', 'main h1'],
    mine: ['/mine', 'main h1'],
    start: ['/start', '.languages'],
    sitting: ['/sitting', 'main button'],
    'sound recorder': ['/record', 'main h1'],
    'film recorder': ['/record?film', 'main h1'],
    nowhere: ['/no/such', 'main a.button'],
  }
}

const cut = () =>
  [...document.querySelectorAll('button, h1, h2, h3, a.button, .tool span, .chip, label:not(.tile), p')]
    .filter((one) => one.checkVisibility() && !one.closest('.unseen') && getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120))

scenes('open to all', (scene) => {
  scene('every page is clean and nothing hangs over, in both languages, day and lamp', { once: true, name: '127.0.0.1' }, async (person) => {
    const { page } = person
    const found = []
    const note = (where, list) => list.forEach((one) => found.push(`${where}: ${one}`))
    const context = page.context()
    // As one sets it in the browser: what is asked of the window in rem hears it too.
    const session = await context.newCDPSession(page)
    const letters = async (standard) => {
      await session.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } })
      await person.until((size) => getComputedStyle(document.documentElement).fontSize === `${size}px`, standard)
    }
    for (const [turn, [name, [path, there]]] of Object.entries(pagesOf(await furnish(person))).entries()) {
      for (const lang of ['zh-CN', 'en']) {
        // In large letters and on the smallest phone the languages take turns; `make scenes` plays both.
        const closer = process.env.KINREEL_MATRIX || (lang === 'en') === (turn % 2 === 1)
        await context.addCookies([{ name: 'lang', value: lang, domain: '127.0.0.1', path: '/' }])
        await page.setViewportSize(sizes.desk)
        await person.goto(path)
        await page.locator(there).first().waitFor()
        await person.until((lang) => document.documentElement.lang === lang, lang)
        for (const theme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme: theme })
          note(`${name} ${lang} ${theme}`, await axe(person))
        }
        const unsaid = await page.evaluate(() => document.body.innerText.match(/\bui\.[a-z_.]+/g) ?? [])
        note(`${name} ${lang} unsaid`, unsaid)
        const look = async (where) => {
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
          const wide = await tooWide(person)
          if (wide > 0) found.push(`${name} ${lang} ${where}: ${wide} px too wide`)
          note(`${name} ${lang} ${where} cut off`, await page.evaluate(cut))
          if (closer) note(`${name} ${lang} ${where}`, await axe(person))
        }
        await letters(32)
        await look('200 % text')
        await letters(16)
        await page.setViewportSize(sizes.phone)
        await look('320 px')
      }
      await page.setViewportSize(sizes.wall)
      if ((await tooWide(person)) > 0) found.push(`${name}: too wide on a wall`)
    }
    assert.deepEqual(found, [])
  })

  scene('what somebody types is words, wherever it is shown', { once: true, name: '127.0.0.1' }, async (person) => {
    const { page, house } = person
    const evil = '<img src=x onerror="globalThis.ran=1"><script>globalThis.ran=1</script>"\'>${globalThis.ran=1}'
    const ask = async (path, body) => {
      const answer = await house.ask('POST', `/api/v1${path}`, { body })
      assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.bytes}`)
      return answer.json
    }
    const named = await house.bringIn(`${evil.replaceAll('/', '_')}.png`, picture(64, 48, 3))
    const there = await furnish(person)
    const id = there.print.id
    for (const predicate of ['title', 'caption', 'place', 'keyword']) await ask(`/items/${id}/claims`, { predicate, value: evil })
    await ask(`/items/${named.id}/claims`, { predicate: 'date', value: '1985' })
    const evelyn = await ask('/persons', { name: evil })
    await ask(`/persons/${evelyn.id}`, { predicate: 'name', value: { text: evil, kind: 'nick' } })
    await ask(`/persons/${evelyn.id}`, { predicate: 'born', value: { phrase: '1950', place: evil } })
    await ask(`/persons/${evelyn.id}/about-me`, { part: 'likes', text: evil })
    await ask(`/persons/${evelyn.id}/consent`, { predicate: 'consent', value: { purpose: 'all', audience: 'kin', allow: true, given: 'proxy', how: evil } })
    await ask(`/persons/${evelyn.id}/consent`, { predicate: 'avoid', value: { kind: 'theme', value: evil } })
    await ask(`/items/${id}/persons`, { person: evelyn.id })
    await ask(`/items/${id}/marks`, { thing: evil, sentence: evil, date: '1985', region: { x: 0.1, y: 0.1, w: 0.2, h: 0.2 } })
    const question = await ask('/asks', { item: id, text: evil, to: evelyn.id })
    await ask(`/asks/${question.id}/answers`, { text: evil })
    await ask('/rounds', { places: [{ name: evil.slice(0, 40) }, { name: 'b', persons: [evelyn.id] }] })
    const album = await ask('/albums', { title: evil })
    await ask(`/albums/${album.id}/items`, { put: [id, named.id] })
    await settled(house, await ask('/films', { title: evil, lang: 'en', beats: [{ media: id, duration: 1, caption: evil, chapter: evil }] }))
    await ask('/acts', { items: [named.id], do: { place: evil } })
    const more = { evelyn: [`/person/${evelyn.id}`, 'main h1'], 'about her': [`/about-me/${evelyn.id}`, 'main h1'], hers: [`/album/${album.id}`, 'a[data-tile]'], named: [`/item/${named.id}`, '.table'],
      'found so': [`/search?q=${encodeURIComponent(evil)}`, 'main'], 'her list': [`/sitting/for/${evelyn.id}`, 'main h1'], 'a thing': [`/thing/${encodeURIComponent(evil.replaceAll('/', ''))}`, 'main'] }
    let seen = 0
    for (const [name, [path, what]] of Object.entries({ ...pagesOf(there), ...more })) {
      await person.goto(path)
      await page.locator(what).first().waitFor()
      await page.waitForTimeout(100)
      const { ran, made, words } = await page.evaluate(() => ({ ran: globalThis.ran, made: document.querySelectorAll('img[src="x"], body script:not([src])').length, words: document.body.innerText.includes('<img src=x') }))
      assert.deepEqual([name, ran, made], [name, undefined, 0])
      seen += words
    }
    assert.ok(seen >= 10, `told as words on ${seen} pages`)
  })

  scene('the head of the page leads past itself', {}, async (person) => {
    const { page } = person
    await person.goto('/')
    await page.locator('a[data-tile]').first().waitFor()
    await person.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement.textContent), person.say('ui.skip.main'))
    await person.press('Enter')
    assert.equal(await person.focused('id'), 'main')
    const room = (key) => page.getByRole('navigation').getByRole('link', { name: person.say(key), exact: true })
    // On the smallest phone the rarest room stands at the foot of the page, once something lies in it.
    await person.house.ask('DELETE', `/api/v1/items/${(await person.items())[0].id}`)
    const trash = person.size === 'phone' ? page.getByRole('link', { name: person.say('ui.foot.trash', { n: 1 }), exact: true }) : room('ui.nav.trash')
    for (const [link, path] of [[room('ui.nav.films'), '/films'], [room('ui.nav.add'), '/add'], [trash, '/trash'], [room('ui.nav.line'), '/']]) {
      await page.evaluate(() => document.activeElement.blur())
      await person.choose(link)
      await person.until((path) => location.pathname === path && document.activeElement?.tagName === 'H1', path)
    }
  })
})
