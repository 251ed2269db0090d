// SPDX-License-Identifier: AGPL-3.0-or-later
// node dev/look.mjs OUTDIR [--shots all|few|none] [--only home,item]: draws every page from the development server in both
// languages and themes, at three sizes, asks axe about each, and lists what it finds.

import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './browser.mjs'
import { kitRecipe } from './mock-house.mjs'
import { openMock } from './mock.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const out = process.argv[2]
const shots = process.argv.includes('--shots') ? process.argv[process.argv.indexOf('--shots') + 1] : 'few'
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : null
const sizes = { narrow: [320, 700], desk: [1280, 800], wall: [3840, 2160] }
if (!out) throw new Error('usage: node dev/look.mjs OUTDIR')
mkdirSync(out, { recursive: true })

const full = await openMock({ port: 0, items: 600, dist: join(here, '..', 'dist') })
const bare = await openMock({ port: 0, items: 0, dist: join(here, '..', 'dist') })
const items = full.state.house.items
const told = items.find((item) => item.kind === 'photo' && item.caption.zh && item.year < 1990 && item.n % 4 === 0) ?? items[0]
const mended = items.find((item) => item.kind === 'photo' && item.year < 1990 && item.width > item.height && item !== told)
const clip = items.find((item) => item.kind === 'video' && item.playable)
const voice = items.find((item) => item.kind === 'audio')
for (const [item, kind] of [[mended, 'restore'], [clip, 'kit']]) item.renditions.push({ id: `r-${item.id}-0`, kind, mime: 'image/jpeg', at: '2026-11-20T10:00:00Z', recipe: kind === 'kit' ? kitRecipe(item.kind) : {}, file: `/api/v1/renditions/r-${item.id}-0/file` })
items[5].trashed = true
items[9].trashed = true

async function settle(page) {
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await page.waitForTimeout(350)
}

async function chooseThree(page) {
  for (let i = 0; i < 3; i++) await page.locator('.choice input').nth(i).check({ force: true })
}

async function toDesk(page) {
  await chooseThree(page)
  await page.locator('.choosing-bar .act').click()
  await settle(page)
}

async function addSome(page) {
  const files = [
    { name: '老屋.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(5000, 1) },
    { name: 'again.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(5000, 1) },
    { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('not a picture') },
  ]
  await page.locator('input[type=file]').first().setInputFiles(files)
  await page.waitForTimeout(900)
}

const pages = [
  ['home', '/'],
  ['empty', '/', { server: bare }],
  ['old', '/', { act: (page) => page.evaluate(() => scrollTo(0, document.body.scrollHeight * 0.86)) }],
  ['choose', '/?choose', { act: chooseThree }],
  ['item', `/item/${told.id}`, { act: (page) => page.locator('.tool[aria-pressed]').nth(1).click({ timeout: 800 }).catch(() => undefined) }],
  ['edit', `/item/${told.id}`, { act: (page) => page.locator('.pencil, .offer').nth(1).click() }],
  ['mended', `/item/${mended.id}`],
  ['clip', `/item/${clip.id}`],
  ['coach', `/item/${clip.id}`, { act: (page) => page.locator('.coach').scrollIntoViewIfNeeded() }],
  ['scene', `/item/${clip.id}`, { act: async (page) => (await page.locator('select:has(option[value=night-home])').selectOption('night-home'), await page.locator('.mend').scrollIntoViewIfNeeded()) }],
  ['body', `/item/${clip.id}`, { act: (page) => page.locator('.coach button.plain').click() }],
  ['voice', `/item/${voice.id}`],
  ['films', '/films'],
  ['film', '/film/film1'],
  ['desk-film', '/?choose', { act: toDesk }],
  ['add', '/add', { act: addSome }],
  ['search', '/search?q=' + encodeURIComponent('婚礼')],
  ['hints', '/search'],
  ['trust', '/trust'],
  ['trash', '/trash', { act: (page) => page.locator('.page-tools button').click() }],
  ['nowhere', '/nothing/here'],
]

let complaints = 0
async function ask(page, label) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  for (const violation of found.violations) {
    complaints++
    console.log(`${label}: ${violation.id}: ${violation.help}`)
    for (const node of violation.nodes.slice(0, 3)) console.log(`   ${node.html.slice(0, 140)}\n   ${node.failureSummary?.split('\n')[1] ?? ''}`)
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (wide > 0) console.log(`${label}: the page is ${wide} px too wide`, ++complaints)
  const small = await page.evaluate(() => [...document.querySelectorAll('button, input:not([hidden]), select, summary, .tool, .chip, .rooms a')].filter((e) => e.checkVisibility() && !e.closest('.pill')).map((e) => [e, e.getBoundingClientRect()]).filter(([, b]) => b.height < 43.5 || b.width < 43.5).map(([e, b]) => `${e.outerHTML.slice(0, 90)} ${b.width.toFixed()}x${b.height.toFixed()}`))
  for (const one of small.slice(0, 4)) console.log(`${label}: small target ${one}`, ++complaints)
  const keys = await page.evaluate(() => document.body.innerText.match(/\b(?:ui|coach)\.[a-z_.]+/g))
  if (keys) console.log(`${label}: unsaid ${keys}`, ++complaints)
}

const browser = await openBrowser()
for (const lang of ['zh-CN', 'en']) {
  for (const theme of ['light', 'dark']) {
    for (const [sizeName, [width, height]] of Object.entries(sizes)) {
      if (shots === 'few' && sizeName !== (lang === 'en' ? 'narrow' : 'desk') && !(sizeName === 'wall' && lang === 'zh-CN' && theme === 'dark')) continue
      const context = await browser.newContext({ viewport: { width, height } })
      await context.addCookies(['127.0.0.1'].flatMap((domain) => [{ name: 'lang', value: lang, domain, path: '/' }, { name: 'theme', value: theme, domain, path: '/' }]))
      for (const [name, path, more = {}] of pages) {
        if (only && !only.includes(name)) continue
        const page = await context.newPage()
        const label = `${name}-${lang}-${theme}-${sizeName}`
        page.on('console', (message) => message.type() === 'error' && console.log(`${label}: ${message.text()}`, ++complaints))
        page.on('pageerror', (error) => console.log(`${label}: ${error.message}`, ++complaints))
        await page.goto(`http://127.0.0.1:${(more.server ?? full).port}${path}`)
        await settle(page)
        if (more.act) {
          await more.act(page)
          await settle(page)
        }
        if (shots !== 'none') await page.screenshot({ path: join(out, `${label}.png`) })
        await ask(page, label)
        await page.close()
      }
      await context.close()
    }
  }
}
await browser.close()
full.server.close()
bare.server.close()
console.log(complaints === 0 ? 'nothing to complain of' : `${complaints} complaints`)
process.exit(complaints === 0 ? 0 : 1)
