// SPDX-License-Identifier: AGPL-3.0-or-later
// The family marks what stands in its pictures, and the years around come to stand beside them.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, before, describe, test } from 'node:test'
import { Family, ffmpeg, has_program, program } from './family.mjs'
import { House, picture } from './house.mjs'

const packs = fileURLToPath(new URL('../../era', import.meta.url))
const card = (id, more = {}) => ({
  id, kind: 'thing', date: '1962', title: { zh: '水车', en: 'The water wheel' },
  text: { zh: '村口的水车。', en: 'The wheel by the village.' }, words: ['水车', 'water wheel'],
  sources: ['our own memory'], licence: 'CC0-1.0', ...more,
})

describe('the years around', { skip: !has_program && 'no kinreel built' }, () => {
  let family, house
  const what = {}

  before(() => {
    family = new Family()
    for (const [i, name] of ['yard.png', 'bridge.png', 'wedding.png'].entries()) writeFileSync(join(family.pictures, name), picture(320, 200, i + 1))
    const files = family.add(family.pictures).files
    for (const name of ['yard', 'bridge', 'wedding']) what[name] = files.find((file) => file.path.includes(name)).id
    family.must('set', what.yard, 'date=1978')
    family.must('set', what.wedding, 'date=1965')
  })
  after(async () => {
    await house?.close()
    family.close()
  })

  test('a hundred cards come with the program, and need no archive', () => {
    const run = (...words) => spawnSync(program, ['-C', join(family.folder, 'nowhere'), '--json', 'era', ...words], { encoding: 'utf8' })
    assert.deepEqual(JSON.parse(run('check').stdout), { summary: true, packs: 2, cards: 100, refused: 0 })
    const found = run('list', 'zixingche').stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line).id)
    assert.deepEqual(found, ['china-daily.bicycle'])
    assert.equal(JSON.parse(run('show', 'china-daily.spring-gala').stdout).date.edtf, '1983-02-12')
    assert.equal(run('show', 'china-daily.no-such').status, 1)
    assert.equal(run('dance').status, 2)
  })

  test('every card for a sitting that can be drawn is drawn, and a drawing is lines and colours alone', () => {
    const plain = ['svg', 'g', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'defs', 'linearGradient', 'radialGradient', 'stop', 'clipPath', 'use']
    for (const [pack, least] of [['china-daily', 50], ['general', 24]]) {
      const folder = join(packs, pack)
      const drawn = JSON.parse(readFileSync(join(folder, 'cards.json'), 'utf8')).cards.filter((one) => one.media)
      assert.ok(drawn.length >= least, `${pack}: ${drawn.length}`)
      for (const { id, media } of drawn) {
        const text = readFileSync(join(folder, media), 'utf8')
        assert.match(text, /^<!-- SPDX-License-Identifier: CC0-1.0 -->\n<svg xmlns="[^"]+" width="960" height="720" viewBox="0 0 480 360"/, id)
        assert.ok(text.length < 20_000, `${id}: ${text.length}`)
        assert.deepEqual([...text.matchAll(/<([a-z]+)/gi)].map(([, name]) => name).filter((name) => !plain.includes(name)), [], id)
        assert.doesNotMatch(text, /\son\w+=|href="(?!#)|url\((?!#)/, id)
      }
    }
  })

  test('things are marked, and all our bicycles stand in one row by their years', () => {
    const first = family.must('mark', what.yard, '永久牌自行车', '--card', 'china-daily.bicycle', '--region', '0.1,0.5,0.3,0.4', '--say', '爸爸的。').last
    assert.deepEqual([first.card, first.region.w, first.from], ['china-daily.bicycle', 0.3, 1978])
    family.must('mark', what.wedding, 'Bicycle')
    family.must('mark', what.bridge, '单车')
    const row = family.must('marks', '自行车').lines
    assert.deepEqual(row.map((mark) => mark.item), [what.wedding, what.yard, what.bridge])
    assert.deepEqual(family.must('marks', '--card', 'china-daily.bicycle').lines, row)
    const [thing] = family.must('marks').lines
    assert.deepEqual([thing.card, thing.count, thing.from, thing.to], ['china-daily.bicycle', 3, 1965, 1978])
    for (const question of ['自行车', 'bicycle', 'zixingche', '永久'])
      assert.ok(family.find(question).some((line) => line.id === what.yard), question)
  })

  test('a voice tells of a thing; the recording is brought in first', () => {
    const path = join(family.folder, 'voice.wav')
    ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=220:duration=1', path)
    const mark = family.must('mark', what.yard, '收音机', '--voice', path, '--date', '七十年代').last
    assert.equal(family.must('show', mark.voice).last.kind, 'audio')
    assert.equal(mark.date.edtf, '197X')
    const again = family.must('mark', what.bridge, '收音机', '--voice', mark.voice).last
    assert.equal(again.voice, mark.voice)
    assert.equal(family.run('mark', what.bridge, 'x', '--voice', join(family.folder, 'none.wav')).status, 1)
  })

  test('what is no mark is refused', () => {
    const bad = [
      [what.yard, ' '], [what.yard, 'x', '--date', 'long ago'], [what.yard, 'x', '--card', 'no.such'],
      [what.yard, 'x', '--region', '0.9,0,0.5,0.1'], ['nobody', 'x'], [what.yard, 'x'.repeat(5000)],
    ]
    for (const words of bad) assert.equal(family.run('mark', ...words).status, 1, words.join(' ').slice(0, 60))
    for (const words of [[what.yard], [what.yard, 'x', '--region', '1,2,3'], [what.yard, 'x', '--region', 'a,b,c,d'], [what.yard, 'x', '--not', 'y']])
      assert.equal(family.run('mark', ...words).status, 2, words.join(' '))
  })

  test('a mark is taken back and stays on record', () => {
    const mark = family.must('mark', what.bridge, '缝纫机').last
    assert.equal(family.find('缝纫机').length, 1)
    family.must('mark', what.bridge, '--not', mark.claim)
    assert.equal(family.find('sewing').length, 0)
    const said = family.must('show', what.bridge).last.claims.find((claim) => claim.id === mark.claim)
    assert.equal(said.retracted, true)
    assert.equal(family.run('mark', what.bridge, '--not', mark.claim).status, 1)
  })

  test('a pack of our own is checked, added, and goes into the backup', () => {
    const pack = join(family.folder, 'village')
    mkdirSync(pack)
    const write = (...cards) => writeFileSync(join(pack, 'cards.json'), JSON.stringify({ title: { zh: '村里', en: 'The village' }, cards }))
    write(card('wheel', { licence: undefined }), card('mill', { date: undefined }), card('well', { sources: undefined }), card('gate'))
    const checked = family.run('era', 'check', pack)
    assert.equal(checked.status, 3)
    assert.deepEqual(checked.lines.filter((line) => line.refused && !line.summary).map((line) => [line.card, line.refused]),
      [['wheel', "no 'licence'"], ['mill', "no 'date'"], ['well', "no 'sources'"]])
    assert.equal(checked.last.cards, 1)
    assert.equal(family.run('era', 'add', pack).status, 1)
    write(card('wheel', { media: '../../secret.jpg' }))
    assert.equal(family.run('era', 'add', pack).status, 1)
    write(card('wheel', { media: 'wheel.png' }))
    assert.equal(family.run('era', 'add', pack).status, 1) // the picture is missing
    writeFileSync(join(pack, 'wheel.png'), picture(32, 32, 9))
    family.must('era', 'add', pack)
    writeFileSync(join(pack, 'mill.svg'), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><script>parent.document.title = "ran"</script></svg>')
    write(card('wheel', { media: 'wheel.png' }), card('mill', { media: 'mill.svg', title: { zh: '磨坊', en: 'The mill' }, words: ['磨坊'] }))
    family.must('era', 'add', pack)
    assert.deepEqual(family.must('era', 'list', '水车').lines.map((line) => line.id), ['village.wheel'])
    const copy = join(family.folder, 'copy')
    family.must('backup', copy)
    family.must('backup', copy)
    for (const name of ['cards.json', 'wheel.png']) assert.ok(existsSync(join(copy, 'era', 'village', name)), name)
    const back = join(family.folder, 'back')
    family.must('restore-archive', copy, back)
    assert.ok(existsSync(join(back, 'era', 'village', 'cards.json')))
  })

  test('through the door: cards, the public line, one card', async () => {
    house = await House.open({ from: family.archive })
    const get = async (path, lang = 'en') => (await house.ask('GET', path, { headers: { 'Accept-Language': lang } })).json
    const { cards, packs } = await get('/api/v1/era?q=bicyc')
    assert.deepEqual(cards.map((one) => one.id), ['china-daily.bicycle'])
    assert.deepEqual(packs.map((pack) => [pack.name, pack.own, pack.cards]), [['china-daily', false, 70], ['general', false, 30], ['village', true, 2]])
    assert.equal((await get('/api/v1/era?q=' + encodeURIComponent('单车'), 'zh-CN')).cards[0].title, '自行车')
    assert.deepEqual((await get('/api/v1/era?pack=village')).cards.map((one) => one.title), ['The mill', 'The water wheel'])
    const { years } = await get('/api/v1/era-line?from=1980&to=1989&calm=1')
    assert.equal(years.find((year) => year.year === 1983).cards[0].title, 'The first Spring Festival gala')
    assert.ok(years.every((year, i) => i === 0 || year.year > years[i - 1].year))
    assert.ok((await get('/api/v1/era-line?from=1976&to=1976&pack=china-daily')).years.length === 1)
    assert.deepEqual((await get('/api/v1/era-line?from=1976&to=1976&pack=china-daily&calm=1')).years, [])
    assert.equal((await get('/api/v1/era/general.walkman')).licence, 'CC0-1.0')
    const shown = await house.ask('GET', (await get('/api/v1/era/village.wheel')).media)
    assert.deepEqual([shown.status, shown.headers['content-type']], [200, 'image/png'])
    const drawn = await house.ask('GET', (await get('/api/v1/era/village.mill')).media) // nothing in it runs, wherever it is opened
    assert.deepEqual([drawn.status, drawn.headers['content-type'], drawn.headers['x-content-type-options']], [200, 'image/svg+xml', 'nosniff'])
    assert.match(drawn.headers['content-security-policy'], /default-src 'none'; sandbox;/)
    for (const [path, status] of [['/api/v1/era/nothing.here', 404], ['/api/v1/era/general.first-email/media', 404], ['/api/v1/era?from=soon', 400], ['/api/v1/era-line?to=0', 400]])
      assert.equal((await house.ask('GET', path)).status, status, path)
  })

  test('through the door a thing is marked, shown in its row, and taken back', async () => {
    const post = (id, body) => house.ask('POST', `/api/v1/items/${id}/marks`, { body })
    const made = await post(what.bridge, { thing: '暖水瓶', region: { x: 0.2, y: 0.2, w: 0.1, h: 0.2 }, date: '1980s', sentence: '<script>alert(1)</script>' })
    assert.equal(made.status, 200)
    const mark = made.json.marks.find((one) => one.thing === '暖水瓶')
    assert.deepEqual([mark.card, mark.date.edtf, mark.who], ['china-daily.thermos', '198X', 'owner'])
    const row = (await house.ask('GET', '/api/v1/marks?card=china-daily.bicycle')).json
    assert.deepEqual(row.items.map((item) => item.id), [what.wedding, what.yard, what.bridge])
    assert.equal(row.marks[1].sentence, '爸爸的。')
    assert.equal(row.card.id, 'china-daily.bicycle')
    const things = (await house.ask('GET', '/api/v1/marks')).json.things
    assert.ok(things.some((thing) => thing.card === 'china-daily.thermos' && thing.count === 1))
    assert.equal((await house.ask('GET', `/api/v1/marks?thing=${encodeURIComponent('没有的东西')}`)).json.marks.length, 0)
    const taken = await post(what.bridge, { retract: mark.claim })
    assert.ok(!taken.json.marks.some((one) => one.claim === mark.claim))
    for (const [body, status] of [[{ retract: mark.claim }, 404], [{}, 422], [{ thing: 'x', date: 'some day' }, 422], [{ thing: 'x', region: { x: 2 } }, 422], [{ thing: 'x'.repeat(9000) }, 422]])
      assert.equal((await post(what.bridge, body)).status, status, JSON.stringify(body).slice(0, 60))
    assert.equal((await post('nobody', { thing: 'x' })).status, 404)
    for (const name of ['永久', '暖水瓶', '爸爸的']) assert.ok(!house.log.includes(name), name)
  })

  test('a film tells the years; what it named stands in its words', async () => {
    const [mark] = family.must('marks', '自行车').lines
    const beats = [{ media: mark.item, duration: 0.5, era: { mark: mark.claim } }, { media: what.bridge, duration: 0.5, era: { card: 'china-daily.spring-gala' } }]
    const story = join(family.folder, 'story.json')
    writeFileSync(story, JSON.stringify({ title: '那些年', lang: 'zh-CN', beats }))
    const made = spawnSync(program, ['-C', house.archive, '--json', 'film', story], { encoding: 'utf8' })
    assert.equal(made.status, 0, made.stderr)
    const film = (await house.ask('GET', '/api/v1/films')).json.films[0]
    const captions = (await house.ask('GET', film.captions)).bytes.toString('utf8')
    assert.match(captions, /1965 · Bicycle/)
    assert.match(captions, /1983 · 第一届春节联欢晚会/)
    const refused = await house.ask('POST', '/api/v1/films', { body: { title: 'x', lang: 'en', beats: [{ media: what.bridge, era: { card: 'no.such' } }] } })
    assert.equal(refused.status, 422)
    assert.match(refused.json.cause, /beat 1/)
  })

  test('the index is made again, and everything marked is the same', () => {
    const told = () => [family.must('marks').lines, family.must('marks', '自行车').lines, family.find('bicycle').map((line) => line.id)]
    const before = told()
    family.must('rebuild')
    assert.deepEqual(told(), before)
  })
})
