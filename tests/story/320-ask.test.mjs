// SPDX-License-Identifier: AGPL-3.0-or-later
// A grandchild asks about a face; grandmother opens the link on her telephone, presses twice, and is heard from the picture.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { axe, other_name, Person, safe_name, scenes, tooWide } from './browser.mjs'
import { program, sleep } from './house.mjs'
import { tone } from './sounds.mjs'

const fake = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
const phone = { width: 390, height: 844 }

async function looksRight(person) {
  assert.deepEqual(await axe(person), [])
  assert.ok((await tooWide(person)) <= 0, 'no sideways scroll')
}

async function shot(person, name) {
  const folder = process.env.KINREEL_SHOTS
  if (folder) await person.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

// Grandmother: another browser, a telephone, no account.
async function grandmother(person) {
  const browser = person.page.context().browser()
  const context = await browser.newContext({ viewport: phone, locale: person.lang, colorScheme: person.theme, reducedMotion: 'reduce', timezoneId: 'UTC' })
  return new Person(await context.newPage(), person.house, person)
}

// By keys alone: the question, the frame, whom; then the link.
async function askByKeys(person, id, text) {
  const { page } = person
  await person.goto(`/item/${id}`)
  await page.locator('.table').waitFor()
  await person.choose(page.locator('.ask-open'))
  await person.until(() => document.activeElement?.classList.contains('ask-where'))
  await person.press('Enter')
  await page.locator('.frame').waitFor()
  await person.press('Enter')
  await person.until(() => document.activeElement?.classList.contains('frame-box'))
  await person.press('ArrowLeft', 'ArrowUp', 'Enter')
  await person.until(() => document.activeElement?.id === 'ask-text')
  await page.keyboard.insertText(text)
  await looksRight(person)
  await shot(person, `form-${person.lang}`)
  await person.choose(person.button('ui.ask.send'))
  await page.locator('.ask-qr').waitFor()
  return page.locator('.ask-url').inputValue()
}

const askOf = async (person, id) => (await person.house.ask('GET', `/api/v1/asks?item=${id}`)).json.asks[0]

async function photoOf(person) {
  return (await person.items('?kind=photo')).find((item) => item.width >= item.height && !item.damaged)
}

// What the film was told, as the archive's own text has it.
function storiesOf(house) {
  const folder = join(house.archive, 'claims')
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
  return lines.map((line) => JSON.parse(line)).filter((claim) => claim.predicate === 'story').map((claim) => claim.value)
}

scenes(
  'ask and answer',
  (scene) => {
    scene('asked by keyboard, answered in two presses, heard from the face, and told in a film', { name: safe_name, once: true }, async (person) => {
      const { page } = person
      const photo = await photoOf(person)
      const link = await askByKeys(person, photo.id, person.lang === 'en' ? 'Who is she?' : '她是谁？')
      await looksRight(person)
      await shot(person, `asked-${person.lang}`)
      await page.locator('.ask-mark').waitFor()

      const her = await grandmother(person)
      await her.page.goto(link)
      await her.button('ui.answer.begin').waitFor()
      assert.match(her.path(), /^\/answer\//)
      await her.page.getByRole('heading', { level: 1 }).waitFor()
      assert.equal(await her.page.locator('header.top, footer').count(), 0)
      await her.until(() => [...document.images].every((img) => img.complete && img.naturalWidth > 0))
      const button = await her.button('ui.answer.begin').boundingBox()
      assert.ok(button.y + button.height <= phone.height, 'the button is seen without scrolling')
      await looksRight(her)
      await shot(her, `answer-${her.lang}`)
      await her.choose(her.button('ui.answer.begin')) // one, by keyboard
      await her.page.locator('.record-time').waitFor()
      await sleep(2500)
      await looksRight(her)
      await her.choose(her.button('ui.answer.end')) // two
      await her.page.getByText(her.say('ui.answer.kept'), { exact: true }).waitFor()
      await looksRight(her)
      await shot(her, `kept-${her.lang}`)
      assert.deepEqual(her.complaints, [])
      await her.page.context().close()

      // It arrives by news; the region speaks.
      const mark = page.locator('.ask-mark')
      await page.locator('.reply-voice').waitFor()
      await person.choose(mark)
      await page.locator('.ask-mark.on').waitFor()
      await looksRight(person)
      const ask = await askOf(person, photo.id)
      assert.equal(ask.replies.length, 1)
      assert.equal(ask.replies[0].kind, 'voice')
      assert.ok(ask.replies[0].duration_ms > 1500, String(ask.replies[0].duration_ms))

      await person.choose(person.button('ui.ask.film'))
      await page.waitForURL('**/film/new')
      await person.tabTo(page.locator('#film-title'))
      await page.keyboard.insertText('家')
      await person.choose(person.button('ui.make.start'))
      await page.waitForURL(/\/film\/[0-9a-f-]{36}$/, { timeout: 120_000 })
      const [story] = storiesOf(person.house)
      const [x, y, w, h] = story.beats[0].move.to
      const { region } = ask
      assert.deepEqual(story.beats[0].move.from, [0, 0, 1, 1])
      assert.ok(w < 1 && w === h && x <= region.x && y <= region.y && x + w >= region.x + region.w - 1e-3 && y + h >= region.y + region.h - 1e-3)
      assert.equal(story.beats[0].narration, ask.replies[0].media)
      const film = (await person.house.ask('GET', '/api/v1/films')).json.films[0]
      assert.ok(film, 'the film is there')
    })

    scene('over plain http the telephone records, and the file answers', { name: other_name, once: true }, async (person) => {
      person.expected.push(/^403 .*\/enter/, /403/)
      const photo = await photoOf(person)
      const said = await person.house.ask('POST', '/api/v1/asks', { body: { item: photo.id, text: '<img src=x onerror=alert(1)>', region: { x: 0.2, y: 0.2, w: 0.2, h: 0.2 } } })
      const { code } = (await person.house.ask('POST', `/api/v1/asks/${said.json.id}/link`, { body: {} })).json
      const her = await grandmother(person)
      await her.page.goto(`${person.origin}/a#${code}`)
      await her.page.getByText(her.say('ui.answer.insecure'), { exact: true }).waitFor()
      assert.equal(await her.page.locator('h1').innerText(), '<img src=x onerror=alert(1)>')
      assert.equal(await her.page.locator('h1 img').count(), 0)
      await looksRight(her)
      await shot(her, 'answer-http')
      const asked = her.page.waitForEvent('filechooser')
      await her.button('ui.answer.own').click()
      await (await asked).setFiles([{ name: 'voice.wav', mimeType: 'audio/wav', buffer: tone(500, 2) }])
      await her.page.getByText(her.say('ui.answer.kept'), { exact: true }).waitFor()
      assert.deepEqual(her.complaints, [])
      await her.page.context().close()
      assert.equal((await askOf(person, photo.id)).replies[0].kind, 'voice')

      // A link that was taken back says so in plain words.
      await person.house.ask('DELETE', `/api/v1/asks/${said.json.id}`)
      await person.goto(`/a#${code}`)
      await person.page.getByText(person.say('ui.answer.over'), { exact: true }).waitFor()
      await looksRight(person)
    })

    scene('a child says it for mother alone', { name: safe_name, once: true }, async (person) => {
      const photo = await photoOf(person)
      const mother = (await person.house.ask('POST', '/api/v1/persons', { body: { name: '妈妈' } })).json.id
      const asked = spawnSync(program, ['-C', person.house.archive, '--json', '--as', mother, 'ask', photo.id, '今天好吗？'], { encoding: 'utf8', env: person.house.env })
      assert.equal(asked.status, 0, asked.stderr)
      const { id, code } = JSON.parse(asked.stdout)
      const child = await grandmother(person)
      await child.page.setViewportSize({ width: 320, height: 640 })
      await child.page.goto(`${person.origin}/a#${code}`)
      await child.button('ui.answer.only', { name: '妈妈' }).click()
      await looksRight(child)
      await shot(child, 'only')
      await child.button('ui.answer.write').click()
      await child.page.locator('#answer-text').fill('悄悄话')
      await child.button('ui.answer.leave_it').click()
      await child.page.getByText(child.say('ui.answer.kept'), { exact: true }).waitFor()
      await child.page.locator('.reply').getByText('悄悄话').waitFor()
      await child.page.context().close()
      assert.deepEqual((await person.house.ask('GET', `/api/v1/asks/${id}`)).json.replies, [])
    })

    scene('a film is asked about at a moment, and plays from there', { once: true }, async (person) => {
      const { page } = person
      const film = (await person.items('?kind=video'))[0]
      await person.goto(`/item/${film.id}`)
      await page.locator('.ask-open').click()
      await person.button('ui.ask.moment').click()
      await page.locator('#ask-text').fill('这里是哪儿？')
      await person.button('ui.ask.send').click()
      await page.locator('.ask-qr').waitFor()
      const ask = await askOf(person, film.id)
      assert.equal(ask.span.from_ms, 0)
      assert.ok(ask.span.to_ms > 0 && ask.span.to_ms <= film.duration_ms)
      await person.goto(`/answer/${ask.id}`)
      await page.locator('video.answer-film').waitFor()
      await person.until(() => document.querySelector('video.answer-film').readyState > 0)
      await looksRight(person)
    })

    scene('a file that was sent back is dropped onto the question', { once: true }, async (person) => {
      const { page } = person
      const photo = await photoOf(person)
      const said = await person.house.ask('POST', '/api/v1/asks', { body: { item: photo.id, text: '那天怎么了？' } })
      await person.goto(`/item/${photo.id}`)
      const question = page.locator(`#ask-${said.json.id}`)
      await question.scrollIntoViewIfNeeded()
      const file = join(person.house.folder, 'from-messenger.wav')
      writeFileSync(file, tone(700, 1))
      await person.drop(question, file)
      await page.locator('.reply-voice').waitFor()
      assert.equal(person.path(), `/item/${photo.id}`)
      await looksRight(person)
      await shot(person, `dropped-${person.lang}`)
      // Words answer words.
      await page.locator('.reply-again').click()
      await person.button('ui.answer.write').click()
      await page.locator('#answer-text').fill('谢谢奶奶。')
      await person.button('ui.answer.leave_it').click()
      await page.locator('.reply.again').getByText('谢谢奶奶。').waitFor()
    })
  },
  fake,
)
