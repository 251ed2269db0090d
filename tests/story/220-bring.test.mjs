// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures are dropped into the browser while the connection breaks; others are put away and come back.

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { other_name, scenes } from './browser.mjs'
import { picture, sha256 } from './house.mjs'

const mebi = 1 << 20

scenes('a family brings in and puts away', (scene) => {
  scene('files are dropped, the connection is cut, and they come in by themselves', { wire: true, name: other_name }, async (person) => {
    const { page, house, wire } = person
    // 423: the broken one had not been let go yet when it came back; it asks again.
    person.expected.push(/net::ERR_/, /^4(04|09|23) .*\/uploads\//, /status of 423 \(Locked\)/)
    const folder = join(house.folder, '带来的')
    mkdirSync(folder)
    const large = picture(1500, 1200, 3, { level: 0 })
    const small = picture(320, 240, 4)
    assert.ok(large.length > 5 * mebi)
    writeFileSync(join(folder, '桥边.png'), large)
    writeFileSync(join(folder, 'gate.png'), small)
    await person.goto('/add')
    await page.locator('.drop').waitFor()
    wire.cutAfter(2.5 * mebi, 3)
    await person.drop(page.locator('.drop'), folder)
    await page.getByText(person.say('ui.add.state.trouble'), { exact: true }).first().waitFor()
    wire.refuse = 1
    await page.getByText(person.say('ui.add.progress', { all: 2, done: 2 }), { exact: true }).waitFor()
    assert.equal(wire.cuts, 1)
    assert.ok(wire.refused >= 1)
    await page.getByRole('link', { name: person.say('ui.add.see') }).click()
    await person.pictures(2)
    const kept = (await person.items()).filter((item) => item.width === 1500 || item.width === 320)
    assert.equal(kept.length, 2)
    for (const [width, bytes] of [[1500, large], [320, small]]) {
      const item = await person.item(kept.find((one) => one.width === width).id)
      assert.equal(item.sha256, sha256(bytes))
      assert.equal(sha256((await house.ask('GET', item.original)).bytes), sha256(bytes))
    }
    const large_id = kept.find((one) => one.width === 1500).id
    await person.goto(`/item/${large_id}`)
    await person.until(() => document.querySelector('.stage img.whole')?.naturalWidth > 0)
    assert.match(await page.locator('.known').textContent(), /桥边\.png/)
  })

  scene('a file is chosen by keyboard; the same again is here already; text is turned away', {}, async (person) => {
    const { page } = person
    await person.goto('/add')
    const files = [
      { name: 'gate.png', mimeType: 'image/png', buffer: picture(200, 150, 9) },
      { name: 'gate again.png', mimeType: 'image/png', buffer: picture(200, 150, 9) },
      { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear cousin, the pictures are in the box.') },
      { name: 'nothing.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    ]
    for (const some of [files.slice(0, 1), files.slice(1)]) {
      const asked = page.waitForEvent('filechooser')
      await person.choose(person.button('ui.add.files'))
      await (await asked).setFiles(some)
      const all = some.length === 1 ? 1 : 4
      await page.getByText(person.say('ui.add.progress', { all, done: all }), { exact: true }).waitFor()
    }
    const states = await page.locator('.parcel').evaluateAll((all) =>
      Object.fromEntries(all.map((one) => [one.querySelector('.file-name').textContent, one.querySelector('.said').className])))
    assert.deepEqual(states, { 'gate.png': 'said added', 'gate again.png': 'said duplicate', 'letter.txt': 'said refused', 'nothing.jpg': 'said refused' })
    assert.equal((await person.items()).filter((item) => item.width === 200).length, 1)
  })

  scene('a picture is put away and comes back; what is emptied does not', {}, async (person) => {
    const { page } = person
    const items = await person.items()
    const [first, second] = items
    await person.goto(`/item/${first.id}`)
    await person.choose(person.button('ui.tools.trash'))
    await page.waitForURL(`**/item/${second.id}`)
    await person.choose(person.button('ui.undo'))
    await page.waitForURL(`**/item/${first.id}`)
    await page.locator('.stage img.whole').waitFor()
    assert.equal((await person.item(first.id)).trashed, false)
    // Away again, and back from the trash itself.
    await person.button('ui.tools.trash').click()
    await page.waitForURL(`**/item/${second.id}`)
    await page.locator('.stage').waitFor()
    await person.goto('/trash')
    await person.pictures(1)
    assert.equal((await person.items()).length, items.length - 1)
    await page.getByRole('button', { name: person.say('ui.trash.back') }).click()
    await page.getByText(person.say('ui.trash.none'), { exact: true }).waitFor()
    assert.equal((await person.items()).length, items.length)
    await person.goto('/')
    await page.locator(`a[href="/item/${first.id}"]`).waitFor()
    // Emptied only after it was asked, with the gentle answer under the finger.
    await person.goto(`/item/${first.id}`)
    await person.button('ui.tools.trash').click()
    await page.waitForURL(`**/item/${second.id}`)
    await person.goto('/trash')
    await person.choose(person.button('ui.trash.empty'))
    await page.getByRole('alertdialog').waitFor()
    await person.until((keep) => document.activeElement?.textContent === keep, person.say('ui.trash.keep'))
    await person.press('Enter')
    assert.equal((await person.house.ask('GET', '/api/v1/trash')).json.items.length, 1)
    await person.choose(person.button('ui.trash.empty'))
    await person.choose(person.button('ui.trash.forget'))
    await page.getByText(person.say('ui.trash.none'), { exact: true }).waitFor()
    assert.equal((await person.house.ask('GET', `/api/v1/items/${first.id}`)).status, 404)
  })
})
