// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody who can press one switch, and nothing else.

import assert from 'node:assert/strict'

export const most_steps = 9 // moves of the frame to anything that is wanted

// Hears what the scan says of itself: which things are in the frame, after how many steps.
export async function withSwitch(person, path) {
  await person.page.addInitScript(() => {
    globalThis.scan = null
    let heard = 0
    addEventListener('kinreel-scan', (event) => {
      globalThis.scan = { ...event.detail, heard: ++heard }
    })
  })
  await person.goto(path)
}

// Waits until the frame is around the thing, or around a group with it, and presses; until it is chosen.
// Answers how many steps and presses it took.
export async function reach(person, thing, { switch: pressed = () => person.press('Space') } = {}) {
  const { page } = person
  await thing.first().waitFor({ state: 'attached' })
  for (let presses = 1; presses < 8; presses++) {
    await page.waitForTimeout(200) // as long as a hand takes to let go; sooner would be a tremble
    const target = await thing.first().elementHandle()
    const framed = await page.waitForFunction(
      (target) => globalThis.scan?.what === 'rest' ? { rest: true } : globalThis.scan?.what === 'step' && globalThis.scan.things.includes(target) && globalThis.scan.kind !== 'way' && { kind: globalThis.scan.kind, steps: globalThis.scan.steps, name: globalThis.scan.name },
      target,
    )
    const { kind, steps, name, rest } = await framed.jsonValue()
    if (rest) {
      await pressed() // wakes it
      await person.until(() => globalThis.scan.what === 'step')
      presses--
      continue
    }
    assert.equal(await page.locator('.reach-strip .stop').innerText(), name.trim())
    await pressed()
    if (kind === 'thing') return { steps, presses, name }
    await person.until((steps) => globalThis.scan.what === 'step' && globalThis.scan.steps > steps, steps)
  }
  throw new Error(`the switch does not lead to ${thing}`)
}

export async function reachWithin(person, thing, options) {
  const took = await reach(person, thing, options)
  assert.ok(took.steps <= most_steps, `${took.name}: ${took.steps} steps`)
  return took
}
