// SPDX-License-Identifier: AGPL-3.0-or-later
// What is wished of the kit through the browser's door: what nobody knows is refused at once and said in the
// asker's language, and what carries a camera is learnt, named and forgotten there as at the command line.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { album, has_program, program, root } from './family.mjs'
import { House, picture, sleep } from './house.mjs'

const words = (lang) => JSON.parse(readFileSync(join(root, 'words', `${lang}.json`)))

describe('what is wished of the kit', { skip: !has_program && 'no kinreel built' }, () => {
  let house, ride, photo
  before(async () => {
    house = await House.open({ args: [] })
    ride = (await house.bringIn('ride.mp4', readFileSync(join(album(), '老屋', 'VID_20030412_152200_shaky.mp4')))).id
    photo = (await house.bringIn('photo.png', picture(60, 40, 1))).id
  })
  after(() => house?.close())

  const ask = (options, headers = {}) => house.ask('POST', '/api/v1/jobs', { body: { kind: 'kit', item: ride, options }, headers })
  const learn = (item, name) => house.ask('POST', '/api/v1/mounts', { body: { item, name } })
  const mounts = async () => (await house.ask('GET', '/api/v1/mounts')).json.mounts
  const jobs = async () => (await house.ask('GET', '/api/v1/jobs')).json.jobs
  const settled = async ({ id }) => {
    for (let tries = 0; tries < 300; tries++) {
      const job = (await house.ask('GET', `/api/v1/jobs/${id}`)).json
      if (!['waiting', 'running'].includes(job.state)) return job
      await sleep(200)
    }
    throw new Error(`job ${id} does not end`)
  }

  test('a scene, a framing or a mount that nobody knows is refused before any work begins', async () => {
    const wrong = { scene: ['moon', ''], frame: ['nowhere', 'in-', 'left-near', ''], mount: ['pram', ''] }
    for (const [what, names] of Object.entries(wrong))
      for (const name of names)
        for (const lang of ['zh-CN', 'en']) {
          const { status, json } = await ask({ [what]: name }, { 'Accept-Language': lang })
          assert.deepEqual([status, json.title, json.detail], [422, `no_${what}`, words(lang)[`web.kit.no_${what}`]], name)
        }
    assert.equal((await ask({ scene: 'ride', frame: 'nowhere' })).json.title, 'no_frame')
    assert.deepEqual(await jobs(), [])
    for (const options of [{ scene: 'night-home' }, { frame: 'out-bottom-right-wide' }, { scene: 'ride', frame: 'in' }]) {
      const asked = await ask(options)
      assert.equal(asked.status, 202, JSON.stringify(options))
      await house.ask('DELETE', `/api/v1/jobs/${asked.json.id}`)
    }
  })

  test('a mount is learnt from a ride, goes with a clip, and is forgotten', async () => {
    assert.deepEqual(await mounts(), [])
    const asked = await learn(ride, '奶奶的轮椅')
    assert.equal(asked.status, 202)
    assert.deepEqual([asked.json.kind, asked.json.item], ['mount', ride])
    const done = await settled(asked.json)
    assert.deepEqual([done.state, done.result], ['done', { mount: '奶奶的轮椅' }])
    const [known] = await mounts()
    const told = spawnSync(program, ['-C', house.archive, '--json', 'mount', 'list'], { encoding: 'utf8', env: house.env }).stdout
    const nine = (mount) => ({ ...mount, tremor: Number(mount.tremor.toPrecision(9)) }) // digits, as an answer has them
    assert.deepEqual(nine(JSON.parse(told)), known)
    const mended = await settled((await ask({ steady: true, light: false, sound: false, mount: known.name, fill: true })).json)
    assert.equal(mended.state, 'done')
    const { recipe } = (await house.ask('GET', `/api/v1/items/${ride}`)).json.rendition_list.find(({ kind }) => kind === 'kit')
    assert.equal(recipe.mount.low_hz, known.low_hz)
    assert.deepEqual([recipe.steps[0].keep_viewpoint, recipe.steps[0].fill], [true, true])
    const path = `/api/v1/mounts/${encodeURIComponent(known.name)}`
    assert.equal((await house.ask('DELETE', path)).status, 204)
    assert.equal((await house.ask('DELETE', path)).status, 404)
    assert.deepEqual(await mounts(), [])
    assert.equal((await ask({ mount: known.name })).json.title, 'no_mount')
  })

  test('what has no name, is no ride or too short is said to be so', async () => {
    assert.deepEqual((await learn(ride, '')).json.title, 'no_name')
    assert.deepEqual((await learn(ride, '轮'.repeat(21))).json.title, 'no_name')
    assert.deepEqual((await learn(photo, 'chair')).json.title, 'no_ride')
    assert.equal((await learn('nothing', 'chair')).status, 404)
    const short = join(house.folder, 'short.mp4')
    spawnSync('ffmpeg', ['-v', 'error', '-t', '2', '-i', join(album(), '老屋', 'VID_20030412_152200_shaky.mp4'), '-c', 'copy', short])
    const { id } = await house.bringIn('short.mp4', readFileSync(short))
    const failed = await settled((await learn(id, 'chair')).json)
    assert.deepEqual([failed.state, failed.result], ['failed', { code: 'invalid' }])
    assert.deepEqual(await mounts(), [])
  })

  test('whoever only looks learns nothing, and nothing of it stands in the log', async () => {
    spawnSync(program, ['-C', house.archive, 'user', 'add', 'owner'], { input: 'bridgehouse', env: house.env })
    spawnSync(program, ['-C', house.archive, 'user', 'add', 'mei', '--role', 'viewer'], { input: 'bridgehouse', env: house.env })
    const entered = await house.ask('POST', '/api/v1/enter', { body: { name: 'mei', password: 'bridgehouse' } })
    house.cookie = entered.headers['set-cookie'][0].split(';')[0]
    assert.equal((await house.ask('GET', '/api/v1/mounts')).status, 200)
    assert.equal((await learn(ride, 'chair')).status, 403)
    assert.equal((await house.ask('DELETE', '/api/v1/mounts/chair')).status, 403)
    assert.doesNotMatch(house.log, /轮椅|%E8%BD%AE/)
  })
})
