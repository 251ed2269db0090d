// SPDX-License-Identifier: AGPL-3.0-or-later
// Frames that people draw, and what follows from them: faces without a name, portraits by age, several at one age.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Family } from './family.mjs'
import { House, has_program, picture } from './house.mjs'

describe('frames and portraits', { skip: !has_program && 'no kinreel built' }, () => {
  let family
  let house
  const who = {}
  const items = []
  const unnamed = () => family.must('person', 'unnamed').lines

  before(() => {
    family = new Family()
    who.granny = family.must('person', 'add', '王秀兰', '--sex', 'f', '--born', '1932-05-01').last.id
    who.child = family.must('person', 'add', '小明', '--born', '1985').last.id
    for (let n = 0; n < 4; n++) family.put(`${n}.png`, picture(320, 200, n))
    const files = family.add(family.pictures).files.filter((file) => file.id)
    items.push(...files.sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => file.id))
    const dates = ['1939-06', '1944~', '195X', '1992']
    items.forEach((item, n) => family.must('set', item, `date=${dates[n]}`))
  })
  after(async () => {
    await house?.close()
    family?.close()
  })

  test('a frame is drawn, named at once, moved, and taken back', () => {
    assert.equal(family.must('person', 'unframed').lines.length, 4)
    const { claim } = family.must('person', 'frame', items[0], '0.1,0.1,0.2,0.3').last
    assert.deepEqual(unnamed().map((one) => [one.item, one.claim, one.w]), [[items[0], claim, 0.2]])
    assert.equal(family.must('person', 'frame', items[0], '0.1,0.1,0.2,0.3').last.claim, claim, 'said before')
    family.must('person', 'name-region', items[0], claim, '王秀兰')
    assert.deepEqual(unnamed(), [])
    const moved = family.must('person', 'frame', items[0], '0.2,0.1,0.2,0.3', '--instead', claim).last.claim
    assert.notEqual(moved, claim)
    assert.deepEqual(family.must('person', 'items', '王秀兰').lines.map((one) => one.id), [items[0]])
    family.must('person', 'frame', items[1], '0,0,1,1', 'wxl')
    family.must('person', 'picture', items[2], '王秀兰')
    family.must('person', 'picture', items[3], '小明')
    assert.deepEqual(family.must('person', 'unframed').lines, [])
    const stray = family.must('person', 'frame', items[3], '0.5,0.5,0.1,0.1').last.claim
    family.must('person', 'unframe', items[3], stray)
    assert.deepEqual(unnamed(), [])
    for (const bad of ['1,1,1,1', '0.1,0.1', 'a,b,c,d', '0,0,0,0'])
      assert.equal(family.run('person', 'frame', items[0], bad).status, 1, bad)
    assert.equal(family.run('person', 'frame', items[0], '0,0,1,1', '--kind', 'ear').status, 1)
    assert.equal(family.run('person', 'unframe', items[0], claim).status, 1, 'it was moved')
  })

  test('portraits by age, and what is only about so says so', () => {
    const strip = family.must('person', 'portraits', '王秀兰').lines
    assert.deepEqual(strip.map((one) => [one.at, one.item, one.age.about]), [[7, items[0], false], [12, items[1], true]])
    assert.match(strip[1].age.text, /^about /)
    assert.ok(strip[0].region.claim)
    const same = family.must('person', 'same-age', '7', '小明', '王秀兰').lines
    assert.deepEqual(same.map((one) => one.item), [items[3], items[0]])
    const later = family.must('person', 'same-age', '30', '小明', '王秀兰').lines
    assert.deepEqual(later.map((one) => one.item), [null, null])
    assert.equal(family.run('person', 'same-age', 'seven', '小明').status, 2)
  })

  test('through the door it is the same', async () => {
    house = await House.open({ from: family.archive })
    const get = (path) => house.ask('GET', `/api/v1${path}`)
    const strip = (await get(`/persons/${who.granny}/portraits`)).json.portraits
    assert.deepEqual(strip.map((one) => [one.at, one.item.id]), [[7, items[0]], [12, items[1]]])
    assert.deepEqual((await get(`/persons/${who.granny}/portraits?age=9`)).json.portraits.map((one) => one.at), [7])
    assert.deepEqual((await get(`/persons/${who.granny}/portraits?age=40`)).json.portraits, [])
    assert.equal((await get(`/persons/${who.granny}/portraits?age=x`)).status, 400)
    assert.equal((await get(`/persons/${items[0]}/portraits`)).status, 404)
    const list = (await get(`/persons?me=${who.child}`)).json.persons
    const granny = list.find((one) => one.id === who.granny)
    assert.equal(granny.portrait.item, items[1], 'the largest face stands for her')
    assert.deepEqual(Object.keys(granny.kin), ['word', 'zh', 'en'])
    assert.equal((await get('/persons')).json.persons[0].kin, undefined)
  })

  test('frames through the door: new, moved, dropped, and refused', async () => {
    const path = `/api/v1/items/${items[2]}/regions`
    const made = await house.ask('POST', path, { body: { x: 0.1, y: 0.1, w: 0.2, h: 0.2, name: '姑姑' } })
    assert.equal(made.status, 201)
    const { region } = made.json
    assert.equal(made.json.regions.find((one) => one.claim === region).name, '姑姑')
    const open = (await house.ask('GET', '/api/v1/regions?unnamed&limit=1')).json
    assert.deepEqual([open.total, open.next, open.regions[0].claim, open.regions[0].item.id], [1, '', region, items[2]])
    const named = await house.ask('POST', path, { body: { x: 0.5, y: 0.1, w: 0.2, h: 0.2, person: who.child } })
    assert.equal(named.json.regions.find((one) => one.claim === named.json.region).person, who.child)
    const moved = await house.ask('POST', `${path}/${named.json.region}`, { body: { x: 0.6, y: 0.1, w: 0.2, h: 0.2 } })
    assert.equal(moved.status, 200)
    assert.equal(moved.json.regions.find((one) => one.claim === moved.json.region).person, who.child)
    assert.equal((await house.ask('DELETE', `${path}/${region}`)).status, 200)
    assert.equal((await house.ask('DELETE', `${path}/${region}`)).status, 404)
    for (const [body, status] of [
      [{}, 422], [{ x: 0, y: 0, w: 2, h: 1 }, 422], [{ x: '0', y: 0, w: 1, h: 1 }, 422], [{ x: 0, y: 0, w: 1, h: 1, kind: 'ear' }, 422],
      [{ x: 0, y: 0, w: 1, h: 1, person: 'nobody' }, 422], [{ x: 0, y: 0, w: 1, h: 1, person: items[0] }, 404],
      [{ x: 0, y: 0, w: 1, h: 1, name: 'x'.repeat(1000) }, 422],
    ])
      assert.equal((await house.ask('POST', path, { body })).status, status, JSON.stringify(body).slice(0, 60))
    for (const [where, status] of [['regions', 400], ['regions?unnamed&limit=0', 400], ['regions?unnamed&cursor=x', 422], ['unframed?limit=9999', 400]])
      assert.equal((await house.ask('GET', `/api/v1/${where}`)).status, status, where)
    assert.ok(!house.log.includes('姑姑'))
  })
})
