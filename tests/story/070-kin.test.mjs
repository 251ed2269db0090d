// SPDX-License-Identifier: AGPL-3.0-or-later
// A family says who is who: at the command line, through the door, and after the index was lost.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Family } from './family.mjs'
import { House, has_program, picture } from './house.mjs'

// A picture with two frames, one of them named, as another program left it beside the file.
const sidecar = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:DateCreated="1962-05-01">
<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
<rdf:li><rdf:Description mwg-rs:Name="Granny" mwg-rs:Type="Face"><mwg-rs:Area stArea:x="0.3" stArea:y="0.3" stArea:w="0.2" stArea:h="0.2" stArea:unit="normalized"/></rdf:Description></rdf:li>
</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions></rdf:Description></rdf:RDF></x:xmpmeta>`

describe('who is who', { skip: !has_program && 'no kinreel built' }, () => {
  let family
  let house
  const who = {}
  const add = (name, ...more) => family.must('person', 'add', name, ...more).last.id
  const kin = (a, b) => family.must('person', 'kin', a, b).last

  before(() => (family = new Family()))
  after(async () => {
    await house?.close()
    family?.close()
  })

  test('three generations, and each is called as they are called', () => {
    who.granny = add('王秀兰', '--sex', 'f', '--born', '1932~')
    who.nainai = add('李桂英', '--sex', 'f', '--born', '1930')
    who.mother = add('陈静', '--sex', 'f', '--born', '1958')
    who.father = add('张建国', '--sex', 'm', '--born', '1955')
    who.child = add('小明', '--kind', 'milk', '--sex', 'm', '--born', '1985-06-01')
    for (const [a, kind, b] of [
      ['陈静', 'parent', '王秀兰'], ['张建国', 'parent', '李桂英'],
      ['小明', 'parent', '陈静'], ['张建国', 'child', '小明'],
    ])
      family.must('person', 'relate', a, kind, b)
    assert.deepEqual([kin('小明', '王秀兰').zh, kin('小明', '李桂英').zh], ['外婆', '奶奶'])
    assert.equal(kin('王秀兰', '小明').en, 'grandson')
    assert.equal(family.must('person', 'kin', 'xiaoming', 'wxl').last.zh, '外婆')
    assert.equal(family.must('person', 'kin', '王秀兰', '李桂英').last.zh.length > 0, true)
  })

  test('nobody becomes their own ancestor, and nothing half said stays', () => {
    const refused = family.run('person', 'relate', '王秀兰', 'parent', '小明')
    assert.equal(refused.status, 1)
    assert.equal(refused.last.error, 'refused')
    assert.equal(family.run('person', 'add', '谁', '--born', 'when it snowed').status, 1)
    assert.equal(family.run('person', 'add', '谁', '--sex', 'female').status, 1)
    assert.equal(family.run('person', 'kin', '小明', '谁').status, 1)
    assert.equal(family.run('person', 'dance').status, 2)
    assert.equal(family.must('person', 'list').lines.length, 5)
  })

  test('a frame gets its name, and every name of hers finds the picture', () => {
    writeFileSync(join(family.pictures, 'yard.png'), picture(320, 200, 1))
    writeFileSync(join(family.pictures, 'yard.png.xmp'), sidecar)
    who.item = family.add(family.pictures).files.find((file) => file.id).id
    const region = family.must('show', who.item).last.claims.find((claim) => claim.predicate === 'region')
    assert.ok(region, 'the side-car tells a region')
    who.region = region.id
    family.must('person', 'set', '王秀兰', 'name+=小秀', '--kind', 'milk')
    const named = family.must('person', 'name-region', who.item, who.region, '王秀兰').last
    assert.equal(named.persons[0].name, '王秀兰')
    assert.match(named.persons[0].age, /^about (twenty-nine|thirty)/)
    for (const question of ['person:王秀兰', 'person:小秀', 'person:xiulan', 'person:wxl', 'person:granny'])
      assert.deepEqual(family.find(question).map((line) => line.id), [who.item], question)
    family.must('person', 'set', '王秀兰', 'name+=兰姨', '--kind', 'nick')
    assert.equal(family.find('person:兰姨').length, 1)
    assert.equal(family.must('person', 'items', '小秀').lines.length, 1)
  })

  test('dates that cannot be are told, with the claims that say so', () => {
    assert.deepEqual(family.must('person', 'flags').lines, [])
    family.must('person', 'picture', who.item, '小明')
    const flags = family.must('person', 'flags', who.item).lines
    assert.deepEqual(flags.map((flag) => flag.what), ['born_after_picture'])
    assert.equal(flags[0].whom, who.child)
    assert.equal(flags[0].claims.length, 2)
    family.must('person', 'picture', who.item, '小明', '--not')
    assert.deepEqual(family.must('person', 'flags').lines, [])
  })

  test('through the door it is the same family', async () => {
    house = await House.open({ from: family.archive })
    const list = (await house.ask('GET', '/api/v1/persons')).json.persons
    assert.equal(list.length, 5)
    assert.deepEqual((await house.ask('GET', '/api/v1/persons?q=xiaoming')).json.persons.map((one) => one.id), [who.child])
    const path = `/api/v1/persons/${who.child}`
    assert.equal((await house.ask('GET', `${path}/kin?to=${who.granny}`)).json.zh, '外婆')
    const item = (await house.ask('GET', `/api/v1/items/${who.item}`)).json
    assert.deepEqual(item.persons.map((one) => one.id), [who.granny])
    assert.equal(item.regions[0].person, who.granny)
    assert.equal(item.regions[0].claim, who.region)
    const items = (await house.ask('GET', `/api/v1/persons/${who.granny}/items`)).json
    assert.equal(items.total, 1)
    assert.equal(items.ages[who.item].about, true)
    const zh = await house.ask('GET', `/api/v1/items/${who.item}`, { headers: { 'Accept-Language': 'zh-CN' } })
    assert.match(zh.json.persons[0].age, /^大约.*岁$/)
  })

  test('through the door a person is added, related, and refused where it cannot be', async () => {
    const made = await house.ask('POST', '/api/v1/persons', { body: { name: '张小花', sex: 'f', born: '1990' } })
    assert.equal(made.status, 201)
    const { id } = made.json
    const say = (person, predicate, value, headers = {}) =>
      house.ask('POST', `/api/v1/persons/${person}`, { headers, body: { predicate, value } })
    for (const to of [who.mother, who.father])
      assert.equal((await say(id, 'relation', { kind: 'parent', to })).status, 200)
    assert.equal((await house.ask('GET', `/api/v1/persons/${who.child}/kin?to=${id}`)).json.zh, '妹妹')
    const cycle = await say(who.granny, 'relation', { kind: 'parent', to: id })
    assert.equal(cycle.status, 422)
    assert.equal(cycle.json.title, 'own_ancestor')
    const bad = [
      [{ name: '' }, 422], [{}, 422], [{ name: 'x'.repeat(5000) }, 422],
      [{ name: '某人', born: 'long ago' }, 422], [{ name: { text: '某人', kind: 'royal' } }, 422],
    ]
    for (const [body, status] of bad) {
      const answer = await house.ask('POST', '/api/v1/persons', { body })
      assert.equal(answer.status, status, JSON.stringify(body).slice(0, 80))
    }
    assert.equal((await house.ask('GET', '/api/v1/persons')).json.persons.length, 6)
    const seen = await house.ask('GET', `/api/v1/persons/${id}`)
    assert.equal((await say(id, 'name', { text: '花花', kind: 'milk' }, { 'If-Match': seen.headers.etag })).status, 200)
    assert.equal((await say(id, 'born', '1991', { 'If-Match': seen.headers.etag })).status, 412)
    const script = await say(id, 'name', { text: '<script>alert(1)</script>', kind: 'nick' })
    assert.equal(script.status, 200)
    assert.match(script.headers['content-type'], /^application\/json/)
    for (const [method, where, status] of [
      ['GET', `/api/v1/persons/${who.item}`, 404], ['GET', '/api/v1/persons/nobody', 404],
      ['GET', `/api/v1/persons/${id}/kin?to=x`, 400], ['GET', '/api/v1/flags?of=x', 400],
      ['GET', `/api/v1/persons/${id}/items?limit=0`, 400],
    ])
      assert.equal((await house.ask(method, where)).status, status, where)
  })

  test('a region is given away and taken back through the door', async () => {
    const where = `/api/v1/items/${who.item}/regions/${who.region}/person`
    const given = await house.ask('POST', where, { body: { person: who.nainai } })
    assert.equal(given.status, 200)
    assert.deepEqual(given.json.persons.map((one) => one.id), [who.nainai])
    assert.equal((await house.ask('GET', `/api/v1/search?q=${encodeURIComponent('person:小秀')}`)).json.items.length, 0)
    const taken = await house.ask('POST', where, { body: { person: null } })
    assert.deepEqual([taken.json.persons, taken.json.regions[0].name], [[], 'Granny'])
    assert.equal((await house.ask('POST', where, { body: { person: null } })).status, 404)
    assert.equal((await house.ask('POST', where, { body: {} })).status, 422)
    const stray = `/api/v1/items/${who.item}/regions/${who.item}/person`
    assert.equal((await house.ask('POST', stray, { body: { person: who.granny } })).status, 404)
    const in_it = await house.ask('POST', `/api/v1/items/${who.item}/persons`, { body: { person: who.child } })
    assert.deepEqual(in_it.json.people, ['小明'])
    const flags = (await house.ask('GET', `/api/v1/flags?of=${who.item}`)).json.flags
    assert.equal(flags[0].what, 'born_after_picture')
    assert.equal((await house.ask('GET', '/api/v1/flags')).json.flags.length, 1)
  })

  test('no name of theirs is in the log', () => {
    for (const name of ['王秀兰', '小秀', '小明', '张小花', 'Granny', '花花'])
      assert.ok(!house.log.includes(name), name)
  })

  test('the index is made again, and the family is the same', () => {
    const show = () => ['王秀兰', '陈静', '小明'].map((name) => family.must('person', 'show', name).last)
    const told = show()
    family.must('rebuild')
    assert.deepEqual(show(), told)
    assert.equal(kin('小明', '王秀兰').zh, '外婆')
    assert.equal(family.find('person:小秀').length, 1)
  })
})
