// SPDX-License-Identifier: AGPL-3.0-or-later
// A phone that meets the house for the first time, by a name that is not localhost: over plain http it
// has no microphone, and learns how the house is trusted; then it has, over TLS.

import assert from 'node:assert/strict'
import { X509Certificate, createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import tls from 'node:tls'
import { Person, axe, openBrowser, other_name, tooWide, why_not } from './browser.mjs'
import { House } from './house.mjs'

const phone = { width: 390, height: 844 }
const shots = process.env.KINREEL_SHOTS // a folder, to look at the pages oneself

const spkiOf = (house) =>
  new Promise((done, fail) => {
    const socket = tls.connect({ host: '127.0.0.1', port: house.port, servername: other_name, ca: house.ca }, () => {
      const key = new X509Certificate(socket.getPeerCertificate().raw).publicKey.export({ type: 'spki', format: 'der' })
      socket.destroy()
      done(createHash('sha256').update(key).digest('base64'))
    })
    socket.on('error', fail)
  })

describe('over TLS', { skip: why_not }, () => {
  let house, trusting, wary
  before(async () => {
    house = await House.open({ args: ['--no-worker', '--home', '--name', other_name] })
    trusting = await openBrowser(`--ignore-certificate-errors-spki-list=${await spkiOf(house)}`)
    wary = await openBrowser()
    if (shots) mkdirSync(shots, { recursive: true })
  }, { timeout: 120_000 })
  after(async () => {
    await trusting?.close()
    await wary?.close()
    await house?.close()
  })
  const over = { http: () => `http://${other_name}:${house.told.plain_port}`, https: () => `https://${other_name}:${house.port}` }

  async function visit(browser, scheme, path, run, { lang = 'zh-CN', theme = 'light', size = phone, agent } = {}) {
    const context = await browser.newContext({
      viewport: size, locale: lang, colorScheme: theme, reducedMotion: 'reduce', ...(agent ? { userAgent: agent } : {}),
    })
    try {
      const person = new Person(await context.newPage(), house, { lang, theme, size: 'phone', origin: over[scheme]() })
      await person.goto(path)
      await run(person)
      assert.deepEqual(person.complaints, [])
    } finally {
      await context.close()
    }
  }
  const secure = (person) => person.page.evaluate(() => [isSecureContext, 'mediaDevices' in navigator && Boolean(navigator.mediaDevices)])

  test('a browser gives the microphone over TLS alone', { timeout: 120_000 }, async () => {
    await visit(trusting, 'https', '/trust', async (person) => {
      await person.page.getByText(person.say('ui.trust.safe')).waitFor()
      assert.deepEqual(await secure(person), [true, true])
    })
    await visit(trusting, 'http', '/trust', async (person) => {
      await person.page.getByText(person.say('ui.trust.why')).waitFor()
      assert.deepEqual(await secure(person), [false, false])
    })
  })

  test('who comes over plain http finds the house behind TLS', { timeout: 120_000 }, () =>
    visit(trusting, 'http', '/films', async (person) => {
      assert.equal(person.page.url(), `${over.https()}/films`)
      assert.deepEqual(await secure(person), [true, true])
    }, { lang: 'en' }))

  test('by keyboard a wary phone reads the fingerprint, looks, and is told the truth', { timeout: 120_000 }, async () => {
    await visit(wary, 'http', '/trust', async (person) => {
      const read = (await person.page.locator('.fingerprint').innerText()).replace(/\s+/g, '')
      assert.equal(read, house.told.fingerprint.replaceAll(':', ''))
      const given = await person.page.evaluate(async () => {
        const link = document.querySelector('a[href="/house-ca.crt"]')
        return (await fetch(link.href)).text()
      })
      assert.equal(new X509Certificate(given).fingerprint256, house.told.fingerprint)
      person.expected.push(/ERR_CERT_AUTHORITY_INVALID|ERR_CERT_/)
      await person.choose(person.button('ui.trust.check'))
      await person.page.locator('.trust-check').getByText(person.say('ui.trust.unknown')).waitFor()
    }, { lang: 'en' })
    await visit(trusting, 'http', '/trust', async (person) => {
      await person.choose(person.button('ui.trust.check'))
      await person.page.locator('.trust-check').getByText(person.say('ui.trust.known')).waitFor()
      await person.choose(person.page.getByRole('link', { name: person.say('ui.trust.on'), exact: true }))
      await person.page.waitForURL(`${over.https()}/`)
      await person.page.getByRole('heading', { level: 1 }).first().waitFor()
    })
  })

  test('each device finds its own steps open', { timeout: 120_000 }, async () => {
    const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
    await visit(wary, 'http', '/trust', async (person) => {
      await person.page.locator('details[open]').waitFor()
      assert.deepEqual(await person.page.locator('details[open] summary').allInnerTexts(), [person.say('ui.trust.on.iphone')])
      assert.equal(await person.page.locator('details[open] li').count(), 3)
    }, { agent: iphone })
  })

  test('the page is for everybody: light, dark, both languages, small, large', { timeout: 240_000 }, async () => {
    for (const lang of ['zh-CN', 'en'])
      for (const theme of ['light', 'dark'])
        for (const size of [phone, { width: 1440, height: 900 }, { width: 320, height: 640 }])
          await visit(wary, 'http', '/trust', async (person) => {
            await person.page.locator('.fingerprint').waitFor()
            const at = `${lang} ${theme} ${size.width}`
            if (shots) await person.page.screenshot({ path: join(shots, `trust-${lang}-${theme}-${size.width}.png`), fullPage: true })
            assert.deepEqual(await axe(person), [], at)
            assert.ok((await tooWide(person)) <= 0, at)
            await person.page.evaluate(() => (document.documentElement.style.fontSize = '200%'))
            if (shots) await person.page.screenshot({ path: join(shots, `trust-${lang}-${theme}-${size.width}-200.png`), fullPage: true })
            assert.ok((await tooWide(person)) <= 0, `${at}, 200 % text`)
          }, { lang, theme, size })
  })
})
