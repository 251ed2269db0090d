// SPDX-License-Identifier: AGPL-3.0-or-later
// The first month of a keeper and of a carer, as docs/first-month/ tells it: every step is done, in both languages, on the
// homes of `kinreel demo`; commands in a shell, requests as whoever asks, pages in Chromium with their presses counted.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { scenes } from './browser.mjs'
import { album, demo, program, root } from './family.mjs'
import { sleep } from './house.mjs'

const fake = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
const quiet_ms = 300
const patience_ms = 4000

// The steps of one half of a page, in order: { day, kind, pending, words, text }.
function stepsOf(half) {
  const steps = []
  let day = '', open = null
  for (const line of half.split('\n')) {
    if (open && line === '```') {
      steps.push({ ...open, text: open.lines.join('\n') })
      open = null
    } else if (open) {
      open.lines.push(line)
    } else if (line.startsWith('```')) {
      const [kind, ...words] = line.slice(3).split(' ')
      open = { day, kind, pending: words.includes('pending'), words: words.filter((word) => word !== 'pending' && word !== 'run'), lines: [] }
    } else if (line.startsWith('## ')) {
      day = line.slice(3)
    }
  }
  return steps
}

function halvesOf(who) {
  const [, english, chinese] = readFileSync(join(root, 'docs/first-month', `${who}.md`), 'utf8').split(/^# /m)
  return { en: stepsOf(english), 'zh-CN': stepsOf(chinese) }
}

// A line that begins with "!" must go wrong: the shell's own -e looks away there.
function inShell({ house, lang }, { text }) {
  const lines = text.replace(/^! (.*)$/gm, 'if $1; then exit 1; fi')
  const env = {
    ...process.env, PATH: `${dirname(resolve(program))}:${process.env.PATH}`, KINREEL_ARCHIVE: house.archive,
    KINREEL_LANG: lang, ALBUM: album(), DISK: join(house.folder, 'disk'),
  }
  mkdirSync(env.DISK, { recursive: true })
  const done = spawnSync('bash', ['-xeuo', 'pipefail', '-c', lines], { encoding: 'utf8', env })
  assert.equal(done.status, 0, `${done.stdout}\n${done.stderr}`)
}

async function cookieOf(house, name) {
  const { password } = demo().told.accounts.find((one) => one.name === name)
  const answer = await house.ask('POST', '/api/v1/enter', { body: { name, password } })
  assert.equal(answer.status, 200, `${name} does not come in`)
  return answer.headers['set-cookie'][0].split(';')[0]
}

async function byRequest({ house }, { text }) {
  for (const line of text.split('\n')) {
    const [name, method, path, status] = line.split(' ')
    const headers = { Cookie: await cookieOf(house, name) }
    const answer = await house.ask(method, path, { headers, ...(method === 'POST' ? { body: {} } : {}) })
    assert.equal(answer.status, Number(status), line)
  }
}

// Waits until nothing is asked of the house for a moment; a recording is never quiet, so not for ever.
class Calm {
  constructor(page) {
    this.open = new Set()
    this.at = Date.now()
    const streams = (request) => request.url().includes('/api/v1/live')
    page.on('request', (request) => !streams(request) && this.note(() => this.open.add(request)))
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => this.note(() => this.open.delete(request)))
  }

  note(change) {
    change()
    this.at = Date.now()
  }

  async wait() {
    const from = Date.now()
    this.at = from
    while (Date.now() - from < patience_ms && (this.open.size > 0 || Date.now() - this.at < quiet_ms)) await sleep(20)
  }
}

async function placeOf(house, path, headers) {
  const [, item] = /^\/item\/(.+)$/.exec(path) ?? []
  if (!item) return path
  const found = await house.ask('GET', `/api/v1/search?q=${encodeURIComponent(item)}`, { headers })
  return `/item/${found.json.items[0].id}`
}

async function byPressing(person, { words: [most, path, name], text }) {
  const { page, house } = person
  const cookie = await cookieOf(house, name)
  const [key, value] = cookie.split('=')
  await page.context().addCookies([{ name: key, value, url: person.origin }])
  person.calm ??= new Calm(page)
  await person.goto(await placeOf(house, path, { Cookie: cookie }))
  await page.locator('h1, .stage').first().waitFor()
  await person.calm.wait()
  let presses = 0
  for (const [token, label, typed] of text.matchAll(/\[([^\]]+)\]|"([^"]+)"|\S+/g)) {
    if (typed) await page.keyboard.type(typed)
    else if (label) await page.getByRole('button', { name: label, exact: true }).first().click()
    else await page.keyboard.press(token)
    presses += typed ? 0 : 1
    await person.calm.wait()
  }
  assert.equal(presses, Number(most), 'the presses the page tells of')
}

const doers = { sh: inShell, http: byRequest, press: byPressing }

scenes('the first month', (scene) => {
  for (const who of ['keeper', 'carer'])
    for (const [lang, steps] of Object.entries(halvesOf(who))) {
      for (const step of steps.filter((one) => one.pending)) test(`${who}, ${step.day}: ${step.text.split('\n')[0]}`, { skip: 'not there yet' })
      scene(`of a ${who}`, { once: true, lang, name: '127.0.0.1', from: () => demo().archive }, async (person) => {
        assert.deepEqual(new Set(steps.map((step) => /\d+/.exec(step.day)[0])), new Set(['1', '3', '7', '30']))
        for (const step of steps.filter((one) => !one.pending)) {
          try {
            await doers[step.kind](person, step)
          } catch (cause) {
            cause.message = `${step.day}\n${step.text}\n${cause.message}`
            throw cause
          }
        }
      })
    }
}, fake)
