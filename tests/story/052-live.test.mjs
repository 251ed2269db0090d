// SPDX-License-Identifier: AGPL-3.0-or-later
// News as they come: told to every open page at once, asked on from where one was, never more than that something is new.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import http from 'node:http'
import { after, before, describe, test } from 'node:test'
import { House, has_program, picture, program, sleep } from './house.mjs'

const matrix = process.env.KINREEL_MATRIX === '1'

// A page that listens. `events` are {id, data, at}.
function listen(house, { headers = {}, query = '' } = {}) {
  const page = { events: [], beats: 0, status: 0, ended: false }
  page.open = new Promise((done, fail) => {
    page.request = http.get({ host: '127.0.0.1', port: house.port, path: `/api/v1/live${query}`, headers, agent: false }, (answer) => {
      page.status = answer.statusCode
      page.headers = answer.headers
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece) => {
        text += piece
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
          const block = text.slice(0, end)
          const member = (name) => block.split('\n').find((line) => line.startsWith(name + ': '))?.slice(name.length + 2)
          if (block.startsWith(':')) page.beats++
          else page.events.push({ id: Number(member('id')), event: member('event') ?? 'message', data: JSON.parse(member('data')), at: performance.now() })
          if (member('event') === 'hello') done(page)
        }
      })
      answer.on('end', () => (page.ended = true))
      answer.on('error', () => (page.ended = true))
      if (answer.statusCode !== 200) done(page)
    })
    page.request.on('error', (cause) => (page.ended = true) && fail(cause))
  })
  page.news = () => page.events.filter((one) => one.event === 'message' && one.data.kind !== 'job')
  page.close = () => page.request.destroy()
  return page
}

async function until(holds, ms = 5000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(10)) if (holds()) return
  assert.ok(holds(), String(holds))
}

describe('news', { skip: !has_program && 'no kinreel built' }, () => {
  let house, item
  before(async () => {
    house = await House.open()
    item = (await house.bringIn('gate.png', picture(40, 30, 1))).id
  })
  after(() => house?.close())
  const caption = (text) => house.ask('POST', `/api/v1/items/${item}/claims`, { body: { predicate: 'caption', value: text } })

  test('what anybody says is heard within moments, whichever process said it', async () => {
    const page = await listen(house).open
    assert.equal(page.headers['content-type'], 'text/event-stream')
    const from = performance.now()
    await caption('one')
    await until(() => page.news().length === 1)
    assert.ok(page.news()[0].at - from < 1500)
    assert.deepEqual(page.news()[0].data, { kind: 'item', id: item })
    spawnSync(program, ['-C', house.archive, 'set', item, 'caption=two'], { env: house.env })
    await until(() => page.news().length === 2)
    page.close()
  })

  test('who was away asks on from the last they saw; who was away across a restart reads all again', async () => {
    const first = await listen(house).open
    await caption('three')
    await until(() => first.news().length === 1)
    const last = first.news()[0].id
    first.close()
    await caption('four')
    await caption('five')
    const again = await listen(house, { headers: { 'Last-Event-ID': String(last) } }).open
    await until(() => again.news().length === 2)
    assert.ok(again.news().every((one) => one.id > last))
    again.close()
    await house.stop()
    await house.start()
    const later = await listen(house, { query: `?after=${last}` }).open
    await until(() => later.news().length === 1)
    assert.equal(later.news()[0].data.kind, 'all')
    later.close()
    assert.equal((await listen(house, { query: '?after=soon' }).open).status, 400)
  })

  test('of consent it says not even whose, and a guest hears nothing of the house', async () => {
    const page = await listen(house).open
    const mei = (await house.ask('POST', '/api/v1/persons', { body: { name: '李梅' } })).json.id
    await house.ask('POST', `/api/v1/persons/${mei}/consent`, { body: { predicate: 'rest', value: true } })
    await until(() => page.news().length === 2)
    assert.deepEqual(page.news().map((one) => one.data), [{ kind: 'person', id: mei }, { kind: 'may', id: '' }])
    page.close()
  })

  test('of what rests it names nothing, neither then nor to who asks on from before', async () => {
    const page = await listen(house).open
    const bo = (await house.ask('POST', '/api/v1/persons', { body: { name: '李波' } })).json.id
    await house.ask('POST', `/api/v1/items/${item}/persons`, { body: { person: bo } })
    await until(() => page.news().some((one) => one.data.id === item))
    const from = page.events[0].id
    await house.ask('POST', `/api/v1/persons/${bo}/consent`, { body: { predicate: 'rest', value: true } })
    await until(() => page.news().some((one) => one.data.kind === 'may'))
    const words = ['-C', house.archive, 'trash', 'put', item] // who looks after the house may still put it away
    assert.equal(spawnSync(program, words, { env: house.env }).status, 0)
    page.close()
    const again = await listen(house, { headers: { 'Last-Event-ID': String(from) } }).open
    await until(() => again.news().some((one) => one.data.kind === 'may'))
    assert.ok(again.news().length > 1)
    assert.ok(again.news().every((one) => one.data.id !== item), JSON.stringify(again.news()))
    again.close()
    const { claims } = (await house.ask('GET', `/api/v1/persons/${bo}`)).json
    await house.ask('POST', `/api/v1/persons/${bo}/consent`, { body: { predicate: 'retract', value: claims.findLast((claim) => claim.predicate === 'rest').id } })
  })

  test('the house closes at once though pages listen', async () => {
    const pages = await Promise.all(Array.from({ length: 20 }, () => listen(house).open))
    const from = Date.now()
    await house.stop()
    assert.ok(Date.now() - from < 3000)
    await until(() => pages.every((page) => page.ended))
    await house.start()
  })

  test('many pages hear four things a second soon enough', async () => {
    const count = matrix ? 200 : 60
    const pages = await Promise.all(Array.from({ length: count }, () => listen(house).open))
    const said = []
    for (let i = 0; i < 16; i++) {
      const began = performance.now()
      await caption(`line ${i}`)
      said.push(performance.now())
      await sleep(Math.max(0, 250 - (performance.now() - began)))
    }
    await until(() => pages.every((page) => page.news().length === said.length), 10000)
    const waits = pages.flatMap((page) => page.news().map((one, i) => one.at - said[i])).sort((a, b) => a - b)
    const p99 = waits[Math.floor(waits.length * 0.99)]
    console.log(`# ${count} pages, ${said.length} events each: median ${waits[waits.length >> 1].toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`)
    assert.ok(p99 < (matrix ? 250 : 1000), `p99 ${p99} ms`)
    for (const page of pages) page.close()
  })
})
