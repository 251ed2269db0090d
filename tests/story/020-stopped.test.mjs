// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody pulls the plug while a folder comes in, again and again: in the end it is as if nobody had.
// KINREEL_KILLS says how often (4; `make scenes` 20).

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Family, album, has_material, has_program, material, png } from './family.mjs'

const kills = Number(process.env.KINREEL_KILLS ?? 4)

function fill(folder) {
  cpSync(album(), join(folder, 'album'), { recursive: true, preserveTimestamps: true })
  const many = join(folder, 'many')
  mkdirSync(many)
  for (let i = 0; i < 60; i++) {
    writeFileSync(join(many, `IMG_201803${10 + (i % 20)}_1200${10 + (i % 40)}.png`), png(300 + i, 200, [i * 4, 90, 255 - i * 3]))
    if (i % 5 === 0) writeFileSync(join(many, `copy-${i}.png`), png(300 + i, 200, [i * 4, 90, 255 - i * 3]))
  }
}

describe('stopped on the way', { skip: !has_program && 'no kinreel built' }, () => {
  // Brings `folder` in in one go, and again with kills, and compares what the two archives hold.
  async function torn_like_whole(fill_folder) {
    const whole = new Family(), torn = new Family()
    try {
      const folder = fill_folder(whole.pictures)
      const began = Date.now()
      const in_one_go = whole.add(folder).status
      const time = Date.now() - began
      for (let i = 0; i < kills; i++) {
        const child = torn.start('add', folder)
        await sleep(20 + Math.random() * time * 0.9)
        child.kill('SIGKILL')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      }
      assert.equal(torn.add(folder).status, in_one_go)
      assert.deepEqual(torn.manifest(), whole.manifest())
      const clean = torn.run('check')
      assert.equal(clean.status, 0, JSON.stringify(clean.lines))
    } finally {
      whole.close()
      torn.close()
    }
  }

  test(`killed ${kills} times, the archive is the same as in one go`, () =>
    torn_like_whole((folder) => {
      fill(folder)
      return folder
    }))

  test(`killed ${kills} times over the real material, likewise`, { skip: !has_material && 'no ../shared/material' }, () =>
    torn_like_whole(() => material))

  test('Ctrl-C ends with 130 and the next run goes on', async () => {
    const family = new Family()
    try {
      fill(family.pictures)
      const child = family.start('add', family.pictures)
      await sleep(400)
      child.kill('SIGINT')
      const [status] = await once(child, 'exit')
      assert.ok(status === 130 || status === 0, String(status))
      assert.equal(family.add(family.pictures).status, 0)
      assert.equal(family.run('check').status, 0)
    } finally {
      family.close()
    }
  })
})
