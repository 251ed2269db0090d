// SPDX-License-Identifier: AGPL-3.0-or-later
// In the browser a print gets its colours back, a clip is treated, and chosen pictures become a film.

import assert from 'node:assert/strict'
import { axe, scenes, tooWide } from './browser.mjs'
import { sha256 } from './house.mjs'

const shown = (person) =>
  person.page.evaluate(() => ({
    at: Number(document.querySelector('.divider').getAttribute('aria-valuenow')),
    clip: getComputedStyle(document.querySelector('.compare .over')).clipPath,
  }))
const whole = '.compare img:nth-of-type(2)'

async function original(person, item) {
  return sha256((await person.house.ask('GET', item.original)).bytes)
}

// The middle of the picture as it is seen, away from the line between before and after.
async function seen(person) {
  const box = await person.page.locator('.compare').boundingBox()
  const at = { x: box.x + box.width * 0.62, y: box.y + box.height * 0.3, width: box.width * 0.2, height: box.height * 0.2 }
  return sha256(await person.page.screenshot({ clip: at }))
}

scenes('a family mends and tells', (scene) => {
  scene('a faded print is restored; one line between before and after', {}, async (person) => {
    const { page } = person
    const brief = (await person.items()).find((one) => one.kind === 'photo' && one.date.edtf === '1985')
    const item = await person.item(brief.id)
    assert.equal(await original(person, item), item.sha256)
    await person.goto(`/item/${item.id}`)
    await person.choose(person.button('ui.mend.photo.act'))
    const line = page.getByRole('slider', { name: person.say('ui.compare.label') })
    await line.waitFor()
    await person.until((whole) => [...document.querySelectorAll('.compare img')].length === 2 && document.querySelector(whole).naturalWidth > 0, whole)
    // By keyboard.
    await person.tabTo(line)
    assert.deepEqual(await shown(person), { at: 50, clip: 'inset(0px 0px 0px 50%)' })
    await person.press('Home')
    await person.until(() => document.querySelector('.divider').getAttribute('aria-valuenow') === '0')
    assert.match((await shown(person)).clip, /^inset\(0px( 0px 0px 0%)?\)$/)
    const mended = await seen(person)
    await person.press('End')
    await person.until(() => document.querySelector('.divider').getAttribute('aria-valuenow') === '100')
    assert.equal((await shown(person)).clip, 'inset(0px 0px 0px 100%)')
    assert.notEqual(await seen(person), mended)
    await person.press('ArrowLeft', 'ArrowLeft', 'PageDown')
    assert.equal((await shown(person)).at, 70)
    assert.equal(person.path(), `/item/${item.id}`) // the arrows did not turn the page
    // By pointer.
    const [area, handle] = [await page.locator('.compare').boundingBox(), await page.locator('.handle').boundingBox()]
    const y = handle.y + handle.height / 2
    await page.mouse.move(handle.x + handle.width / 2, y)
    await page.mouse.down()
    await page.mouse.move(area.x + area.width * 0.25, y, { steps: 4 })
    await page.mouse.up()
    const dragged = await shown(person)
    assert.ok(Math.abs(dragged.at - 25) <= 1, JSON.stringify(dragged))
    assert.match(dragged.clip, /^inset\(0px 0px 0px 2[456](\.\d+)?%\)$/)
    // The original is as it was, and can be looked at alone.
    await page.getByRole('radio', { name: person.say('ui.versions.original') }).check()
    await page.locator('.stage img.whole').waitFor()
    const after = await person.item(item.id)
    assert.equal(after.sha256, item.sha256)
    assert.equal(await original(person, after), item.sha256)
    const [made] = after.rendition_list
    assert.equal(made.kind, 'restore')
    assert.notEqual(sha256((await person.house.ask('GET', made.file)).bytes), item.sha256)
  })

  scene('a shaky clip is treated, and plays beside what it was', {}, async (person) => {
    const { page } = person
    const brief = (await person.items('?kind=video')).find((one) => one.date.edtf === '1993-05')
    const item = await person.item(brief.id)
    await person.goto(`/item/${item.id}`)
    for (const key of ['steady', 'light', 'sound'])
      assert.equal(await page.getByRole('switch', { name: person.say(`ui.mend.${key}`), exact: true }).getAttribute('aria-checked'), 'true')
    await person.button('ui.mend.clip.act').click()
    await page.locator('.job progress').waitFor()
    await page.locator('.compare-clip').waitFor({ timeout: 150_000 })
    await person.until(() => [...document.querySelectorAll('.compare video')].every((video) => video.readyState >= 2))
    await person.button('ui.clip.play').click()
    await person.until(() => {
      const [before, after] = document.querySelectorAll('.compare video')
      return before.currentTime > 0.5 && after.currentTime > 0.5
    })
    const clips = await page.evaluate(() =>
      [...document.querySelectorAll('.compare video')].map(({ error, videoWidth, duration, muted }) => ({ error, videoWidth, duration, muted })))
    for (const clip of clips) {
      assert.equal(clip.error, null)
      assert.ok(clip.videoWidth > 0)
      assert.ok(Math.abs(clip.duration - item.duration_ms / 1000) < 0.3, `${clip.duration} ${item.duration_ms}`)
    }
    assert.deepEqual(clips.map(({ muted }) => muted), [true, false]) // the treated one is heard
    await page.locator('.hear').getByRole('radio', { name: person.say('ui.compare.before'), exact: true }).check()
    await person.until(() => !document.querySelectorAll('.compare video')[0].muted)
    await page.locator('.divider').focus()
    await person.press('End')
    assert.equal((await shown(person)).clip, 'inset(0px 0px 0px 100%)')
    assert.equal(await original(person, item), item.sha256)
    // The coach's card says what the house found, in the words of whoever looks.
    const { before, after } = (await person.item(item.id)).rendition_list.find((one) => one.kind === 'kit').recipe
    const card = await page.getByRole('region', { name: person.say('ui.coach.title') }).innerText()
    for (const [side, { steady }] of Object.entries({ before, after }))
      assert.match(card, new RegExp(`${person.say('ui.compare.' + side)}\\s+${steady.score}\\b`))
    assert.ok(before.advice.length > 0 && before.advice.every(({ key }) => card.includes(person.say(key))), card)
  })

  scene('a scene is chosen by keyboard, shows its card, and goes with the clip to be mended', {}, async (person) => {
    const { page } = person
    const brief = (await person.items('?kind=video')).find((one) => one.date.edtf === '1993-05')
    await person.goto(`/item/${brief.id}`)
    const choice = page.getByLabel(person.say('ui.scene.choose'))
    await person.tabTo(choice)
    assert.equal(await choice.inputValue(), '') // none, until somebody says so
    assert.equal(await page.getByRole('slider', { name: person.say('ui.mend.strength') }).count(), 1)
    await person.press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown')
    assert.equal(await choice.inputValue(), 'night-home')
    const card = await page.getByRole('region', { name: person.say('scene.night-home') }).innerText()
    for (const part of ['stand', 'lamp', 'microphone', 'take1', 'take2', 'take3']) assert.ok(card.includes(person.say(`scene.night-home.${part}`)), card)
    assert.equal(await page.getByRole('slider', { name: person.say('ui.mend.strength') }).count(), 0) // the card says how far
    const [asked] = await Promise.all([page.waitForRequest('**/api/v1/jobs'), person.choose(person.button('ui.mend.clip.act'))])
    assert.deepEqual(asked.postDataJSON().options, { steady: true, light: true, sound: true, footage: false, scene: 'night-home' })
    await page.locator('.job').waitFor()
    const { jobs } = (await person.house.ask('GET', '/api/v1/jobs')).json
    await person.house.ask('DELETE', `/api/v1/jobs/${jobs[0].id}`)
  })

  scene('what carries the camera is learnt from a ride and chosen, and edges are filled, all by keyboard', {}, async (person) => {
    const { page } = person
    const brief = (await person.items('?kind=video')).find((one) => one.date.edtf === '2003-04-12')
    await person.goto(`/item/${brief.id}`)
    await person.choose(page.locator('.more-ways summary'))
    const how = page.getByText(person.say('ui.mount.how'))
    await how.waitFor() // whoever has none is told how to get one
    assert.deepEqual(await axe(person), [])
    const fill = page.getByRole('switch', { name: person.say('ui.mend.fill'), exact: true })
    await person.choose(fill, 'Space')
    assert.equal(await fill.getAttribute('aria-checked'), 'true')
    // Leaving is as good as keeping: the keyboard's place is where it was.
    const learn = person.button('ui.mount.learn')
    await person.choose(learn)
    await person.until(() => document.activeElement?.id === 'mount-name')
    await person.press('Escape')
    await person.until((words) => document.activeElement?.textContent === words, person.say('ui.mount.learn'))
    await person.press('Enter')
    await page.keyboard.insertText('奶奶的轮椅')
    await person.press('Enter')
    await page.locator('.job progress').waitFor()
    const choice = page.getByLabel(person.say('ui.mount.choose'))
    await person.until((name) => [...document.querySelectorAll('.mount select')].some((one) => one.value === name), '奶奶的轮椅')
    assert.equal(await how.count(), 0)
    assert.equal(await page.getByRole('switch', { name: person.say('ui.mend.along') }).count(), 0) // a mount rides
    const [asked] = await Promise.all([page.waitForRequest('**/api/v1/jobs'), person.choose(person.button('ui.mend.clip.act'))])
    assert.deepEqual(asked.postDataJSON().options, { steady: true, light: true, sound: true, footage: false, strength: 0.8, fill: true, mount: '奶奶的轮椅' })
    await page.locator('.compare-clip').waitFor({ timeout: 150_000 })
    const [made] = (await person.item(brief.id)).rendition_list
    assert.ok(made.recipe.mount.tremor > 0 && made.recipe.steps[0].fill, JSON.stringify(made.recipe.steps))
    // Forgotten when it is meant, and not by a slip.
    await person.choose(person.button('ui.mount.forget', { name: '奶奶的轮椅' }))
    await person.choose(person.button('ui.mount.forget.no'))
    assert.equal(await choice.inputValue(), '奶奶的轮椅')
    await person.choose(person.button('ui.mount.forget', { name: '奶奶的轮椅' }))
    await person.choose(person.button('ui.mount.forget.yes'))
    await how.waitFor()
    assert.deepEqual((await person.house.ask('GET', '/api/v1/mounts')).json.mounts, [])
    assert.equal(await tooWide(person), 0)
  })

  scene('attempts are counted as they were made, and the card tells of the one that is looked at', { once: true }, async (person) => {
    const { page } = person
    const brief = (await person.items('?kind=video')).find((one) => one.date.edtf === '2003-04-12')
    for (const options of [{ steady: false, light: true, sound: false }, { steady: true, light: false, sound: false }]) {
      const job = (await person.house.ask('POST', '/api/v1/jobs', { body: { kind: 'kit', item: brief.id, options } })).json
      for (let state = ''; state !== 'done'; await page.waitForTimeout(200)) state = (await person.house.ask('GET', `/api/v1/jobs/${job.id}`)).json.state
    }
    await person.goto(`/item/${brief.id}`)
    const attempts = page.locator('.versions input')
    await attempts.nth(2).waitFor()
    assert.equal(await attempts.nth(2).isChecked(), true) // the last one
    const gain = () => page.locator('.coach-part:has(h3)').nth(2).locator('.coach-effect').innerText()
    assert.match(await gain(), /[1-9]\d/)
    await attempts.nth(1).check()
    await person.until((same) => document.querySelectorAll('.coach-part:has(h3)')[2].querySelector('.coach-effect').textContent === same, person.say('ui.coach.same'))
  })

  scene('pictures are chosen, ordered and become a film, all by keyboard', {}, async (person) => {
    const { page } = person
    await person.goto('/')
    await person.choose(page.locator('#choose'))
    const ticks = page.locator('input[data-tile]')
    for (const at of [0, 1]) await person.choose(ticks.nth(at), 'Space')
    await page.getByText(person.say('ui.choose.count', { n: 2 }), { exact: true }).waitFor()
    await person.choose(person.button('ui.choose.film'))
    const beats = page.locator('.beat')
    await beats.nth(1).waitFor()
    assert.equal(await beats.count(), 2)
    const caption = person.lang === 'en' ? 'In front of the house by the bridge.' : '老屋门前，桥边。'
    await person.tabTo(beats.first().locator('textarea'))
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(caption)
    for (const at of [0, 1]) {
      await person.tabTo(page.locator(`#seconds-${at}`))
      await page.keyboard.insertText('2')
    }
    // The first goes to the second place, words and all.
    await page.locator('h1').focus()
    await person.choose(beats.first().locator('button[id^=down-]'))
    await person.until((caption) => document.querySelectorAll('.beat textarea')[1]?.value === caption, caption)
    // The keyboard's place goes with the print, to the one way that is left.
    await person.until(() => document.activeElement?.matches('.beat:last-child button[id^=up-]:enabled'))
    const title = person.lang === 'en' ? 'Our house' : '桥边的老屋'
    await person.tabTo(page.locator('#film-title'))
    await page.keyboard.insertText(title)
    await person.choose(person.button('ui.make.start'))
    await page.waitForURL(/\/film\/[0-9a-f-]{36}$/, { timeout: 150_000 })
    await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
    await person.until(() => document.querySelector('video')?.readyState >= 1)
    const film = (await person.house.ask('GET', `/api/v1/films/${person.path().split('/')[2]}`)).json
    assert.ok(film.chapters.length >= 3, JSON.stringify(film.chapters))
    const tracks = await page.evaluate(() => [...document.querySelector('video').textTracks].map(({ kind, language, mode }) => ({ kind, language, mode })))
    assert.deepEqual(tracks, [{ kind: 'captions', language: person.lang, mode: 'showing' }])
    await person.until((caption) => [...(document.querySelector('video').textTracks[0].cues ?? [])].some((cue) => cue.text.includes(caption)), caption)
    // A chapter is gone to, and the film plays from there.
    const last = film.chapters[film.chapters.length - 1]
    await person.choose(page.locator('.chapters button').last())
    await person.until((from) => document.querySelector('video').currentTime > from + 0.2, last.start_ms / 1000)
    const video = await page.evaluate(() => {
      const { error, videoWidth, duration } = document.querySelector('video')
      return { error, videoWidth, duration }
    })
    assert.equal(video.error, null)
    assert.ok(video.videoWidth > 0)
    assert.ok(Math.abs(video.duration - film.duration_ms / 1000) < 0.3)
    await person.until(() => document.querySelector('.chapters li:last-child button').getAttribute('aria-current') === 'true')
    await person.choose(page.locator('.chapters button').first())
    await person.until((before) => document.querySelector('video').currentTime < before, last.start_ms / 1000)
    await person.goto('/films')
    await page.getByRole('link', { name: title }).waitFor()
    await person.until(() => document.querySelector('.poster img')?.naturalWidth > 0)
  })
})
