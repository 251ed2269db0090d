// SPDX-License-Identifier: AGPL-3.0-or-later
// A device that opens the door by itself: remembered, called something, used with one press, and taken away.

import assert from 'node:assert/strict'
import { axe, safe_name, scenes, sizes, tooWide } from './browser.mjs'

const password = 'a bridge and a house 1985'

// A device of Chromium's own, with a finger always on it.
async function device(person) {
  const session = await person.page.context().newCDPSession(person.page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
  return { session, authenticatorId }
}

// What still listens hears that it is signed out; and a device that is not known is refused.
const refused = (person, ...codes) => person.expected.push(...codes.flatMap((code) => [new RegExp(`^${code} `), new RegExp(`status of ${code}`)]))

const text = (person, key, vars) => person.page.getByText(person.say(key, vars), { exact: true })
const rows = (person) => person.page.locator('section[aria-labelledby="my-passkeys"] .entry')

async function fits(person) {
  await person.page.setViewportSize(sizes.phone)
  assert.equal(await tooWide(person), 0)
  assert.deepEqual(await axe(person), [])
  await person.page.setViewportSize(sizes[person.size])
}

// On the page of one's own door, by keyboard alone; the device is called "the blue one" then.
async function remember(person) {
  await person.goto('/me')
  await text(person, 'ui.passkey.text').waitFor()
  await person.choose(person.button('ui.passkey.add'))
  await rows(person).waitFor()
  assert.match(await rows(person).textContent(), new RegExp(person.say('ui.passkey.unused')))
  assert.equal(await person.focused('id'), 'add-passkey')
  const name = await rows(person).locator('.entry-name').textContent()
  await person.choose(person.button('ui.passkey.name.of', { name }))
  assert.equal(await person.focused('id'), 'passkey-label')
  await person.press('Control+A')
  await person.page.keyboard.type('the blue one')
  await person.press('Enter')
  await rows(person).getByText('the blue one', { exact: true }).waitFor()
  assert.match(await person.focused('id'), /^name-/)
}

async function leave(person) {
  await person.goto('/me')
  await person.choose(person.button('ui.here.leave'))
  await person.page.waitForURL('**/enter')
}

async function takeAway(person) {
  await person.goto('/me')
  await person.choose(rows(person).locator('button').last())
  await person.page.getByRole('alertdialog').waitFor()
  await fits(person)
  await person.press('Escape')
  assert.match(await person.focused('id'), /^away-/)
  await person.press('Enter')
  await person.page.getByRole('alertdialog').waitFor()
  await person.press('Enter') // the gentle answer has the keys
  assert.equal(await rows(person).count(), 1)
  await person.press('Enter', 'Tab', 'Enter')
  await text(person, 'ui.passkey.text').waitFor()
  assert.equal(await person.focused('id'), 'add-passkey')
}

scenes('a device opens the door', (scene) => {
  for (const turn of ['first', 'second'])
    scene(`by keyboard alone: remembered, out, in with one press, taken away (${turn})`, { name: safe_name, empty: true }, async (person) => {
      const { page } = person
      refused(person, 401, 403)
      await device(person)
      await person.own('Lin Mei', password)
      await remember(person)
      await fits(person)
      // One device is remembered once.
      await person.choose(person.button('ui.passkey.add'))
      await text(person, 'ui.passkey.known').waitFor()
      assert.equal(await rows(person).count(), 1)

      await leave(person)
      await person.button('ui.enter.device').waitFor()
      await fits(person)
      await person.choose(person.button('ui.enter.device'))
      await page.waitForURL((url) => url.pathname === '/')
      await person.goto('/me')
      await rows(person).waitFor()
      assert.match(await rows(person).textContent(), new RegExp(person.say('ui.passkey.used.now')))
      await person.page.getByText(new RegExp(person.say('ui.session.this'))).waitFor()
      await person.goto('/doors')
      await page.locator('.entry').filter({ hasText: 'Lin Mei' }).getByText(new RegExp(person.say('ui.doors.account.passkeys.one', { n: 1 }))).waitFor()

      await takeAway(person)
      await leave(person)
      await person.choose(person.button('ui.enter.device'))
      await text(person, 'web.passkey_wrong').waitFor()
      assert.equal(person.path(), '/enter')
      assert.equal(await person.focused('id'), 'by-device')
    })

  scene('whoever lets go of it is told so, calmly, and can try again', { name: safe_name, empty: true }, async (person) => {
    refused(person, 401)
    const { session, authenticatorId } = await device(person)
    await person.own('Lin Mei', password)
    await leave(person)
    await person.choose(person.button('ui.enter.device')) // nothing is known on it
    await text(person, 'ui.enter.device.stopped').waitFor()
    assert.equal(await person.focused('id'), 'by-device')
    await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  })

  scene('at an address of numbers nothing is offered that cannot be, and one sentence says why', { name: '127.0.0.1', empty: true }, async (person) => {
    refused(person, 401)
    await person.own('Lin Mei', password)
    await person.goto('/me')
    await text(person, 'ui.passkey.not_here').waitFor()
    assert.equal(await person.button('ui.passkey.add').count(), 0)
    await leave(person)
    await person.button('ui.enter.act').waitFor()
    assert.equal(await person.button('ui.enter.device').count(), 0)
  })
})
