// SPDX-License-Identifier: AGPL-3.0-or-later
// What the scenes in a browser share: Chromium, a house with the sample album in it, a person who looks,
// types and drops, and who notices every complaint of the page.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { album, root } from './family.mjs'
import { House, has_program, program } from './house.mjs'

const chromium_path = process.env.KINREEL_CHROMIUM ?? '/usr/bin/chromium'
const need = createRequire(join(root, 'ui', 'package.json'))
const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync']
const matrix = process.env.KINREEL_MATRIX === '1'
const slow = process.env.KINREEL_SLOW === '1'
const patience_ms = 30_000

export const other_name = 'family.test' // one that is not localhost
export const safe_name = 'home.localhost' // one that a browser trusts with a microphone, at any port
export const sizes = { phone: { width: 320, height: 640 }, desk: { width: 1280, height: 800 }, wall: { width: 3840, height: 2160 } }

export const why_not = !has_program
  ? 'no kinreel built'
  : !existsSync(chromium_path)
    ? 'no Chromium'
    : !existsSync(join(root, 'ui', 'node_modules', 'playwright-core')) && 'npm ci in ui/ first'

const words = Object.fromEntries(
  ['zh-CN', 'en'].map((lang) => [lang, JSON.parse(readFileSync(join(root, 'words', `${lang}.json`), 'utf8'))]),
)

// Nothing is left behind by a run that is broken off: Playwright ends its browser on the same occasion.
const open = new Set()
process.on('exit', () => open.forEach((leave) => leave()))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
const gone = (folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })

// A house is one folder: the album is brought in once, and each scene lives in a copy.
function bringAlbumIn() {
  const folder = mkdtempSync(join(tmpdir(), 'kinreel-house-'))
  const archive = join(folder, 'archive')
  for (const words of [['init'], ['add', album()]]) {
    const done = spawnSync(program, ['-C', archive, '--json', ...words], { encoding: 'utf8', maxBuffer: 1 << 26 })
    if (done.status !== 0) throw new Error(`${words[0]}: ${done.stderr}${done.stdout}`)
  }
  return { folder, archive }
}

export async function openBrowser(...more) {
  const { chromium } = need('playwright-core')
  // An empty profile is made for each browser and thrown away with it.
  const map = `--host-resolver-rules=MAP ${other_name} 127.0.0.1`
  return chromium.launch({ executablePath: chromium_path, args: [...quiet, map, ...more], timeout: patience_ms })
}

// Somebody in front of a page, in one language, by day or by lamp, at one size of window.
export class Person {
  constructor(page, house, { lang, theme, size, origin }) {
    Object.assign(this, { page, house, lang, theme, size, origin })
    this.complaints = []
    // Without https a browser says that it cannot keep one promise of ours.
    this.expected = origin.includes(other_name) ? [/Cross-Origin-Opener-Policy/] : []
    page.setDefaultTimeout(patience_ms)
    page.on('console', (said) => ['error', 'warning'].includes(said.type()) && this.hear(`${said.text()} ${said.location().url}`))
    page.on('pageerror', (error) => this.hear(`thrown: ${error.stack}`))
    page.on('response', (answer) => answer.status() >= 400 && this.hear(`${answer.status()} ${answer.url()}`))
  }

  hear(complaint) {
    if (!this.expected.some((pattern) => pattern.test(complaint))) this.complaints.push(complaint)
  }

  // The page's own words for a key, as ui/src/base/words.ts fills them.
  say(key, vars = {}) {
    const sentence = words[this.lang][key]
    assert.ok(sentence, `no words for ${key}`)
    return sentence.replace(/\{([a-z_]+)\}/g, (whole, name) => vars[name] ?? whole)
  }

  goto(path) {
    return this.page.goto(this.origin + path)
  }

  path() {
    return new URL(this.page.url()).pathname
  }

  button(key, vars) {
    return this.page.getByRole('button', { name: this.say(key, vars), exact: true })
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve())
  }

  // Goes to a thing with Tab alone, as one must who has no pointer.
  async tabTo(thing, most = 90) {
    await thing.first().waitFor()
    const target = await thing.first().elementHandle()
    for (let i = 0; i < most; i++) {
      if (await target.evaluate((element) => element === document.activeElement)) return target
      await this.page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not lead to ${thing}`)
  }

  async choose(thing, key = 'Enter') {
    await this.tabTo(thing)
    await this.page.keyboard.press(key)
  }

  until(what, argument) {
    return this.page.waitForFunction(what, argument)
  }

  // What a switch shows at once the house keeps a moment later.
  async housed(path, pick, want) {
    const kept = async () => pick((await this.house.ask('GET', `/api/v1${path}`)).json)
    for (const end = Date.now() + 5000; Date.now() < end; await sleep(20)) if (isDeepStrictEqual(await kept(), want)) return
    assert.deepEqual(await kept(), want)
  }

  focused(attribute) {
    return this.page.evaluate((name) => document.activeElement?.getAttribute(name), attribute)
  }

  // Every picture that is drawn has come.
  pictures(least) {
    return this.until((least) => {
      const all = [...document.querySelectorAll('img.print')]
      return all.length >= least && all.every((img) => img.complete && img.naturalWidth > 0)
    }, least)
  }

  // Real files, dropped as the window system drops them.
  async drop(thing, ...files) {
    const box = await thing.boundingBox()
    const session = await this.page.context().newCDPSession(this.page)
    const data = { items: [], files, dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'dragOver', 'drop']) // the page answers the first
      await session.send('Input.dispatchDragEvent', { type, x: box.x + box.width / 2, y: box.y + box.height / 2, data })
    await session.detach()
  }

  // The house gets an owner, who is here from then on, and whom `house.ask` speaks for.
  async own(name, password) {
    const answer = await this.house.ask('POST', '/api/v1/owner', { body: { name, password } })
    assert.ok(answer.status < 300, String(answer.bytes))
    this.house.cookie = answer.headers['set-cookie'][0].split(';')[0]
    const [key, value] = this.house.cookie.split('=')
    await this.page.context().addCookies([{ name: key, value, url: this.origin, httpOnly: true, sameSite: 'Lax' }])
  }

  async items(query = '') {
    return (await this.house.ask('GET', `/api/v1/items${query}`)).json.items
  }

  async item(id) {
    return (await this.house.ask('GET', `/api/v1/items/${id}`)).json
  }
}

// What axe finds wrong with the page as it stands.
export async function axe(person) {
  const source = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8')
  if (!(await person.page.evaluate(() => 'axe' in globalThis))) await person.page.evaluate(source)
  const found = await person.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  return found.violations.map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
}

// After what is drawn anew for a new size has been drawn.
// By how many px the page is wider than its window, once it has had time to be laid out anew.
export async function tooWide(person) {
  const over = () => person.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  for (let tries = 0; tries < 20 && (await over()) > 0; tries++) await sleep(100)
  return over()
}

// A wire between browser and house that can be cut: after `bytes` more towards the house it breaks, and
// then turns away the next `refuse` who knock.
export class Wire {
  static async open(port) {
    const wire = new Wire()
    wire.left = Infinity
    wire.refuse = wire.cuts = wire.refused = 0
    wire.pairs = new Set()
    wire.server = net.createServer((near) => wire.carry(near, port))
    await new Promise((done) => wire.server.listen(0, '127.0.0.1', done))
    wire.port = wire.server.address().port
    return wire
  }

  cutAfter(bytes, refuse) {
    Object.assign(this, { left: bytes, then: refuse })
  }

  carry(near, port) {
    near.on('error', () => undefined)
    if (this.refuse > 0) {
      this.refuse--
      this.refused++
      return near.destroy()
    }
    const far = net.connect(port, '127.0.0.1')
    const end = () => {
      near.destroy()
      far.destroy()
      this.pairs.delete(end)
    }
    this.pairs.add(end)
    for (const socket of [near, far]) socket.on('error', end).on('close', end)
    far.pipe(near)
    near.on('data', (bytes) => {
      this.left -= bytes.length
      if (this.left <= 0) return this.cut()
      if (!far.write(bytes)) near.pause()
    })
    far.on('drain', () => near.resume())
    return undefined
  }

  cut() {
    Object.assign(this, { left: Infinity, refuse: this.then, cuts: this.cuts + 1 })
    for (const end of [...this.pairs]) end()
  }

  close() {
    this.server.close()
    for (const end of [...this.pairs]) end()
  }
}

// A machine that draws late, now more, now less (KINREEL_SLOW=1): what relies on a frame being drawn
// before the next key comes to light. Runs in the page.
function drawLate() {
  const frame = window.requestAnimationFrame.bind(window)
  window.requestAnimationFrame = (draw) => frame(() => setTimeout(() => draw(performance.now()), Math.random() * 250))
}

// The combinations a scene is played in: one in ./check, languages, themes and names taking turns; all with KINREEL_MATRIX=1.
let turn = 0
function plays(only) {
  if (matrix && !only.once)
    return ['zh-CN', 'en'].flatMap((lang) => ['light', 'dark'].flatMap((theme) =>
      (only.size ? [only.size] : Object.keys(sizes)).map((size) => ({ lang, theme, size, name: theme === 'dark' ? other_name : '127.0.0.1', ...only }))))
  const at = turn++
  const lang = at % 2 === 0 ? 'zh-CN' : 'en'
  return [{ lang, theme: at % 4 < 2 ? 'light' : 'dark', size: 'desk', name: at % 2 === 0 ? '127.0.0.1' : other_name, ...only }]
}

async function play(browser, album_at, options, run) {
  const house = await House.open({ from: options.from?.() ?? (options.empty ? null : album_at), args: ['--name', options.name === safe_name ? safe_name : other_name], env: options.env ?? {} })
  const leave = () => house.child.kill('SIGKILL') && gone(house.folder)
  open.add(leave)
  const context = await browser.newContext({
    viewport: sizes[options.size], locale: options.lang, colorScheme: options.theme, reducedMotion: 'reduce', timezoneId: 'UTC',
  })
  let wire = null
  try {
    if (slow) await context.addInitScript(drawLate)
    if (options.wire) wire = await Wire.open(house.port)
    const origin = `http://${options.name}:${(wire ?? house).port}`
    const person = new Person(await context.newPage(), house, { ...options, origin })
    person.wire = wire
    try {
      await run(person)
      assert.deepEqual(person.complaints, [])
    } catch (cause) {
      const shot = join(tmpdir(), `kinreel-scene-${process.pid}.png`)
      await person.page.screenshot({ path: shot, timeout: 5000 }).catch(() => undefined)
      cause.message += `\nat ${person.page.url()}, seen in ${shot}\n${person.complaints.join('\n')}`
      throw cause
    }
  } finally {
    await context.close().catch(() => undefined)
    wire?.close()
    await house.close()
    open.delete(leave)
  }
}

// scenes('title', (scene) => { scene('what happens', { once, wire, empty, from, env, … }, async (person) => { … }) }, flags of Chromium)
export function scenes(title, tell, flags = []) {
  describe(title, { skip: why_not }, () => {
    let browser, kept
    before(async () => {
      kept = bringAlbumIn()
      open.add(() => gone(kept.folder))
      browser = await openBrowser(...flags)
    }, { timeout: 240_000 })
    after(async () => {
      await browser?.close()
      if (kept) gone(kept.folder)
    })
    tell((what, only, run) => {
      for (const options of plays(only)) {
        const name = `${what} (${options.lang}, ${options.theme}, ${options.size}, ${options.name})`
        test(name, { timeout: 240_000 }, () => play(browser, kept.archive, options, run))
      }
    })
  })
}
