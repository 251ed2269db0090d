// SPDX-License-Identifier: AGPL-3.0-or-later
// A question about a face, asked and answered by HTTP and by command; and everything somebody could try with a link.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { House, has_program, picture, program, sleep } from './house.mjs'
import { tone } from './sounds.mjs'

const password = '桥边的老屋1985'
const face = { x: 0.25, y: 0.2, w: 0.2, h: 0.3 }
const cookieOf = (answer) => answer.headers['set-cookie']?.[0].split(';')[0] ?? ''
const as = (house, cookie, method, path, body, headers = {}) =>
  house.ask(method, path, { headers: { ...(cookie ? { Cookie: cookie } : {}), ...headers }, ...(body === undefined ? {} : { body }) })

function run(house, ...words) {
  const done = spawnSync(program, ['-C', house.archive, '--json', ...words], { encoding: 'utf8', env: house.env })
  return { status: done.status, said: done.stderr, rows: done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) }
}

async function enter(house, body) {
  const answer = await house.ask('POST', '/api/v1/enter', { body })
  assert.equal(answer.status, 200, String(answer.bytes))
  return cookieOf(answer)
}

async function record(house, cookie, bytes, cause, end = true) {
  const digest = `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`
  const about = { kind: 'sound', mime: 'audio/wav', device: 'a test', ...(cause ? { for: cause } : {}) }
  const begun = await as(house, cookie, 'POST', '/api/v1/recordings', about)
  assert.equal(begun.status, 201, String(begun.bytes))
  const put = await as(house, cookie, 'PUT', `/api/v1/recordings/${begun.json.id}/pieces/0`, bytes, { 'Content-Digest': digest })
  assert.equal(put.status, 204, String(put.bytes))
  if (!end) return begun.json
  const hex = createHash('sha256').update(bytes).digest('hex')
  const list = createHash('sha256').update(hex + '\n').digest('hex')
  const ended = await as(house, cookie, 'POST', `/api/v1/recordings/${begun.json.id}/end`, { pieces: 1, sha256: list })
  assert.equal(ended.status, 200, String(ended.bytes))
  return ended.json
}

async function upload(house, cookie, name, bytes, length = bytes.length) {
  const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Length': String(length), 'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}` }
  const begun = await as(house, cookie, 'POST', '/api/v1/uploads', undefined, headers)
  if (begun.status !== 201) return begun
  const sent = await as(house, cookie, 'PATCH', begun.headers.location, bytes,
    { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' })
  return { ...sent, place: begun.headers.location, result: JSON.parse(sent.headers['kinreel-result'] ?? '{}') }
}

describe('ask and answer', { skip: !has_program && 'no kinreel built' }, () => {
  let house, item, other, owner, mei, ask, card, guest
  before(async () => {
    house = await House.open()
    item = (await house.bringIn('gate.png', picture(1600, 1200, 1))).id
    other = (await house.bringIn('yard.png', picture(60, 40, 2))).id
    mei = (await house.ask('POST', '/api/v1/persons', { body: { name: '林梅' } })).json.id
    owner = cookieOf(await house.ask('POST', '/api/v1/owner', { body: { name: '小林', password } }))
  })
  after(() => house?.close())
  const asked = async (cookie = owner, id = ask.id) => (await as(house, cookie, 'GET', `/api/v1/asks/${id}`)).json

  test('a face is asked about; the link shows that and nothing else', async () => {
    const answer = await as(house, owner, 'POST', '/api/v1/asks', { item, region: face, text: '这是谁？', to: mei, lang: 'zh-CN' })
    assert.equal(answer.status, 201, String(answer.bytes))
    ask = answer.json
    assert.deepEqual(ask.region, face)
    assert.equal(ask.to_name, '林梅')
    const link = await as(house, owner, 'POST', `/api/v1/asks/${ask.id}/link`, {})
    assert.equal(link.status, 201, String(link.bytes))
    card = link.json
    assert.match(card.link, /\/a#[2-9A-Z]{12}$/)
    guest = await enter(house, { code: card.code })
    const me = (await as(house, guest, 'GET', '/api/v1/me')).json
    assert.deepEqual([me.role, me.about, me.person], ['guest', ask.id, mei])
    assert.equal((await asked(guest)).text, '这是谁？')
    assert.equal((await as(house, guest, 'GET', `/api/v1/asks/${ask.id}/picture/1024`)).headers['content-type'], 'image/jpeg')
    const second = (await as(house, owner, 'POST', '/api/v1/asks', { item: other, text: '这里呢？' })).json
    for (const path of [`/api/v1/asks/${second.id}`, `/api/v1/asks/${second.id}/picture/256`])
      assert.equal((await as(house, guest, 'GET', path)).status, 404)
    for (const path of ['/api/v1/asks', `/api/v1/items/${item}`, '/api/v1/items', `/api/v1/asks/${ask.id}/annotation.json`])
      assert.equal((await as(house, guest, 'GET', path)).status, 403, path)
    assert.equal((await as(house, guest, 'POST', `/api/v1/asks/${second.id}/answers`, { text: 'x' })).status, 404)
  })

  test('a recording answers by itself, under the name of whoever has the card', async () => {
    const kept = await record(house, guest, tone(), { ask: 'nonsense', who: 'owner', person: 'x' })
    assert.equal(kept.status, 'added')
    const { replies } = await asked()
    assert.deepEqual(replies.map(({ kind, media, who, name }) => [kind, media, who, name]), [['voice', kept.id, mei, '林梅']])
    const heard = await as(house, guest, 'GET', `/api/v1/asks/${ask.id}/answers/${replies[0].claim}/media`)
    assert.equal(heard.status, 200)
    assert.match(heard.headers['content-type'], /^audio\//)
    const known = (await as(house, owner, 'GET', `/api/v1/items/${kept.id}`)).json
    assert.ok(known.persons.some((one) => one.id === mei), 'she is in her own recording')
    assert.equal((await as(house, owner, 'GET', '/api/v1/asks?state=open')).json.asks.length, 1)
    assert.equal((await as(house, owner, 'GET', '/api/v1/asks?state=answered')).json.asks[0].id, ask.id)
    assert.equal((await as(house, owner, 'GET', `/api/v1/asks?item=${item}`)).json.asks[0].replies.length, 1)
  })

  test('a tab that was closed still answers', async () => {
    const left = await record(house, guest, tone(300), null, false)
    assert.equal(run(house, 'recordings', 'keep', left.id).status, 0)
    const { replies } = await asked()
    assert.equal(replies.length, 2)
    assert.equal(replies[1].who, mei)
  })

  test('a file answers; what is not what it says does not', async () => {
    const sent = await upload(house, guest, 'voice.wav', tone(600))
    assert.equal(sent.status, 204)
    assert.equal((await asked()).replies.at(-1).media, sent.result.id)
    const lie = await upload(house, guest, 'voice.m4a', Buffer.from('<script>alert(1)</script> not a voice at all'))
    assert.equal(lie.result.status, 'refused')
    assert.equal((await asked()).replies.length, 3)
    assert.equal((await upload(house, guest, 'long.mp4', Buffer.alloc(0), 2 * 2 ** 30 + 1)).status, 413)
    const plain = await as(house, owner, 'POST', '/api/v1/invitations', { role: 'guest' })
    const stranger = await enter(house, { code: plain.json.code })
    assert.equal((await upload(house, stranger, 'a.wav', tone())).status, 403)
    for (const method of ['HEAD', 'DELETE'])
      assert.equal((await as(house, stranger, method, sent.place, undefined, { 'Tus-Resumable': '1.0.0' })).status, 404)
  })

  test('nobody reaches the archive by naming it in an answer', async () => {
    const named = await as(house, guest, 'POST', `/api/v1/asks/${ask.id}/answers`, { media: other })
    assert.equal(named.status, 403)
    const { replies } = await asked(guest)
    assert.equal((await as(house, guest, 'GET', `/api/v1/asks/${ask.id}/answers/${other}/media`)).status, 404)
    assert.ok(replies.every((reply) => reply.media !== other))
  })

  test('words stay words, whatever they are; too many are refused politely', async () => {
    const script = '<script>alert("奶奶")</script>'
    const said = await as(house, guest, 'POST', `/api/v1/asks/${ask.id}/answers`, { text: script })
    assert.equal(said.status, 201, String(said.bytes))
    assert.equal(said.json.replies.at(-1).text, script)
    for (const n of [2001, 100_000])
      for (const [path, body] of [['/api/v1/asks', { item, text: '问'.repeat(n) }], [`/api/v1/asks/${ask.id}/answers`, { text: '答'.repeat(n) }]]) {
        const refused = await as(house, owner, 'POST', path, body)
        assert.equal(refused.status, 413)
        assert.ok(refused.json.detail.length > 10)
      }
    assert.equal((await as(house, owner, 'POST', '/api/v1/asks', { item, text: '问'.repeat(2000) })).status, 201)
    for (const wrong of [{ item }, { item: 'x', text: 'a' }, { text: 'a' }, { item, text: 1 }, { item, text: 'a', region: { x: 0.9, y: 0, w: 0.2, h: 1 } },
      { item, text: 'a', span: { from_ms: 0, to_ms: 5 } }, { item, text: 'a', to: item }, { item, text: 'a', voice: item }])
      assert.equal((await as(house, owner, 'POST', '/api/v1/asks', wrong)).status, 422, JSON.stringify(wrong))
  })

  test('an answer is answered, and one that is for mother only reaches only her', async () => {
    const first = (await asked()).replies[0].claim
    const again = await as(house, owner, 'POST', `/api/v1/asks/${ask.id}/answers`, { text: '谢谢奶奶。', reply_to: first })
    assert.equal(again.status, 201)
    assert.equal(again.json.replies.at(-1).reply_to, first)
    assert.equal((await as(house, owner, 'POST', `/api/v1/asks/${ask.id}/answers`, { text: 'x', reply_to: item })).status, 422)
    const child = (await as(house, owner, 'POST', '/api/v1/persons', { name: '小宝' })).json.id
    const link = (await as(house, owner, 'POST', `/api/v1/asks/${ask.id}/link`, { person: child })).json
    const small = await enter(house, { code: link.code })
    assert.equal((await as(house, small, 'POST', `/api/v1/asks/${ask.id}/answers`, { text: '悄悄话', for: mei })).status, 201)
    const hears = async (cookie) => (await asked(cookie)).replies.some((reply) => reply.text === '悄悄话')
    assert.deepEqual([await hears(small), await hears(guest), await hears(owner)], [true, true, false])
    const own = (await asked(small)).replies.at(-1).claim
    assert.equal((await as(house, small, 'DELETE', `/api/v1/asks/${ask.id}/answers/${first}`)).status, 403)
    assert.equal((await as(house, small, 'DELETE', `/api/v1/asks/${ask.id}/answers/${own}`)).status, 200)
    assert.equal(await hears(small), false)
  })

  test('it goes out as Web Annotations and into a story', async () => {
    const page = await as(house, owner, 'GET', `/api/v1/asks/${ask.id}/annotation.json`)
    assert.match(page.headers['content-type'], /application\/ld\+json/)
    assert.equal(page.json['@context'], 'http://www.w3.org/ns/anno.jsonld')
    assert.equal(page.json.type, 'AnnotationPage')
    const [question, reply] = page.json.items
    for (const one of page.json.items) {
      // What the model requires of each: an id, the type, a target; here a body and a motivation too.
      assert.equal(one.type, 'Annotation')
      assert.match(one.id, /^urn:uuid:[0-9a-f-]{36}$/)
      assert.ok(one.target && one.body && ['questioning', 'replying'].includes(one.motivation))
      assert.match(one.created, /^\d{4}-\d\d-\d\dT/)
    }
    assert.deepEqual(question.target.selector, { type: 'FragmentSelector', conformsTo: 'http://www.w3.org/TR/media-frags/', value: 'xywh=percent:25,20,20,30' })
    assert.equal(question.target.source.type, 'Image')
    assert.deepEqual(question.body, { type: 'TextualBody', value: '这是谁？', format: 'text/plain', language: 'zh-CN' })
    assert.equal(reply.body.type, 'Sound')
    assert.equal(reply.target, question.id)
    assert.equal(reply.creator.name, '林梅')
    assert.deepEqual(run(house, 'ask', 'export', ask.id).rows[0], page.json)
    const { beats } = (await as(house, owner, 'GET', `/api/v1/asks/${ask.id}/beats`)).json
    assert.equal(beats[0].media, item)
    assert.deepEqual(beats[0].move.from, [0, 0, 1, 1])
    const [x, y, w, h] = beats[0].move.to
    assert.ok(w === h && w >= 960 / 1600 - 1e-3 && x <= face.x && y <= face.y && x + w >= face.x + face.w && y + h >= face.y + face.h)
    assert.equal(beats[0].narration.media, (await asked()).replies[0].media)
    assert.equal(beats[0].caption, '这是谁？')
  })

  test('the card is one picture with a code', async () => {
    const jpg = await as(house, owner, 'GET', `/api/v1/asks/${ask.id}/card.jpg?code=${card.code}`)
    assert.equal(jpg.status, 200, String(jpg.bytes.subarray(0, 200)))
    assert.equal(jpg.bytes.readUInt16BE(0), 0xffd8)
    assert.equal((await as(house, owner, 'GET', `/api/v1/asks/${ask.id}/card.jpg?code=x`)).status, 400)
    assert.equal((await as(house, guest, 'GET', `/api/v1/asks/${ask.id}/card.jpg?code=${card.code}`)).status, 403)
    if (process.env.KINREEL_KEEP_CARD) writeFileSync(process.env.KINREEL_KEEP_CARD, jpg.bytes)
  })

  test('a command does it too: asks, answers a code with a file, lists, shows, takes back', async () => {
    const out = join(house.folder, 'card.jpg')
    const made = run(house, 'ask', item, 'Who is this?', '--region', '0.1,0.1,0.2,0.2', '--to', '林梅', '--address', 'http://home.local:8420', '--card', out)
    assert.equal(made.status, 0, made.said)
    const { id, code, link } = made.rows[0]
    assert.equal(link, `http://home.local:8420/a#${code}`)
    assert.equal(readFileSync(out).readUInt16BE(0), 0xffd8)
    const voice = join(house.folder, 'grandma.wav')
    writeFileSync(voice, tone(200))
    const said = run(house, 'answer', code.replace(/(.{4})/g, '$1 '), voice)
    assert.equal(said.status, 0, said.said)
    const bare = join(house.folder, 'bare.jpg') // a sound has no picture for a card
    assert.equal(run(house, 'ask', said.rows.at(-1).media, 'What is it?', '--card', bare).status, 1)
    assert.equal(existsSync(bare), false)
    assert.equal(run(house, 'answer', id, '--text', '二姐。').status, 0)
    const shown = run(house, 'ask', 'show', id).rows[0]
    assert.deepEqual(shown.replies.map(({ kind, who, text }) => [kind, who, text]), [['voice', mei, ''], ['text', 'owner', '二姐。']])
    assert.equal(run(house, 'ask', 'list', item).rows.filter((row) => row.id === id).length, 1)
    assert.equal(run(house, 'ask', 'beats', id).rows[0][0].narration.media, shown.replies[0].media)
    assert.equal(run(house, 'answer', 'ABCD EFGH JKMN', voice).status, 1)
    const bad = join(house.folder, 'bad.mp3')
    writeFileSync(bad, 'no music at all')
    assert.equal(run(house, 'answer', id, bad).status, 1)
    assert.equal(run(house, 'ask', 'take-back', id, shown.replies[1].claim).status, 0)
    assert.equal(run(house, 'ask', 'show', id).rows[0].replies.length, 1)
    assert.equal(run(house, 'ask', 'take-back', id).status, 0)
    assert.equal(run(house, 'ask', 'show', id).status, 1)
    assert.equal(run(house, 'answer', code, voice).status, 1)
    assert.ok(existsSync(out))
  })

  test('for a thin line an answer is made small, once, and comes in ranges', async () => {
    const { replies } = await asked()
    const small = (claim) => `/api/v1/asks/${ask.id}/answers/${claim}/small`
    const voice = replies.find((reply) => reply.kind === 'voice')
    const at = small(voice.claim)
    for (let i = 0; i < 2; i++) {
      const early = await as(house, guest, 'GET', at, undefined, { Range: 'bytes=0-99' })
      assert.deepEqual([early.status, early.json, early.headers['cache-control']], [202, { share: 0 }, 'no-store'])
    }
    const ofVoice = async () => (await as(house, owner, 'GET', '/api/v1/jobs')).json.jobs.filter((job) => job.kind === 'small' && job.item === voice.media)
    assert.equal((await ofVoice()).length, 1)
    assert.equal(run(house, 'worker', '--once').status, 0)
    const whole = await as(house, guest, 'GET', at)
    assert.equal(whole.status, 200, String(whole.bytes))
    assert.deepEqual([whole.headers['content-type'], whole.headers['cache-control']], ['audio/mp4', 'no-store'])
    assert.match(whole.headers.etag, /^"[^"]+"$/)
    assert.equal(Number(whole.headers['content-length']), whole.bytes.length)
    const part = await as(house, guest, 'GET', at, undefined, { Range: 'bytes=100-199', 'If-Range': whole.headers.etag })
    assert.equal(part.status, 206)
    assert.deepEqual(part.bytes, whole.bytes.subarray(100, 200))
    assert.equal((await as(house, guest, 'GET', at, undefined, { Range: 'bytes=100-199', 'If-Range': '"other"' })).status, 200)
    // It is no version that a person sees beside the original, and no claim speaks of it.
    const known = (await as(house, owner, 'GET', `/api/v1/items/${voice.media}`)).json
    assert.deepEqual(known.rendition_list.filter((one) => one.kind === 'small'), [])

    const told = await as(house, owner, 'POST', `/api/v1/asks/${ask.id}/answers`, { media: item, text: '' })
    const picture = await as(house, guest, 'GET', small(told.json.replies.at(-1).claim))
    assert.deepEqual([picture.status, picture.headers['content-type']], [200, 'image/jpeg'])
    for (const [cookie, claim] of [[guest, replies.find((reply) => reply.kind === 'text').claim], [guest, other], [owner, ask.claim]])
      assert.equal((await as(house, cookie, 'GET', small(claim))).status, 404)
  })

  test('the index comes from the claims alone', async () => {
    const told = await asked()
    assert.equal(run(house, 'rebuild').status, 0)
    assert.deepEqual(await asked(), told)
  })

  test('by the link of a keeper she says "not now" and takes it back, and nothing farther; the link of a teller says nothing for her', async () => {
    const say = (cookie, predicate, value) => as(house, cookie, 'POST', `/api/v1/persons/${mei}/consent`, { predicate, value })
    assert.equal((await say(owner, 'avoid', { kind: 'theme', value: '葬礼' })).status, 200)
    const consent = async (cookie) => (await as(house, cookie, 'GET', `/api/v1/persons/${mei}/consent`))
    assert.equal((await as(house, guest, 'GET', '/api/v1/me')).json.hand, true)
    assert.deepEqual((await consent(guest)).json.avoid, []) // a link may have been handed on
    const farther = [['consent', { purpose: 'all', audience: 'public', allow: true, given: 'self' }], ['delay', 0], ['avoid', { kind: 'theme', value: 'x' }], ['ask_first', mei]]
    for (const [predicate, value] of farther) assert.equal((await say(guest, predicate, value)).status, 403, predicate)
    const list = (await consent(owner)).json.avoid[0].claim
    assert.equal((await say(guest, 'retract', list)).status, 403)
    assert.equal((await say(guest, 'rest', true)).json.rest, true)
    const [rest] = (await consent(guest)).json.hand
    assert.equal((await say(owner, 'retract', rest.claim)).status, 403)
    assert.equal((await say(guest, 'retract', rest.claim)).json.rest, false)
    assert.equal((await say(owner, 'retract', list)).status, 200)
    const secret = '院子里的石榴树1978'
    assert.equal((await as(house, owner, 'POST', '/api/v1/accounts', { name: '小王', password: secret, role: 'teller' })).status, 201)
    const teller = await enter(house, { name: '小王', password: secret })
    const made = (await as(house, teller, 'POST', `/api/v1/asks/${ask.id}/link`, { person: mei })).json
    const borrowed = await enter(house, { code: made.code })
    const me = (await as(house, borrowed, 'GET', '/api/v1/me')).json
    assert.deepEqual([me.person, me.hand], [mei, false])
    assert.deepEqual([(await consent(borrowed)).status, (await say(borrowed, 'rest', true)).status], [403, 403])
  })

  test('of who rests no word is told or found, and what others answered stays', async () => {
    const { id } = run(house, '--as', '林梅', 'ask', item, '枣树呢？').rows[0]
    assert.equal(run(house, 'answer', id, '--text', '砍了。').status, 0)
    assert.equal(run(house, '--as', '林梅', 'answer', id, '--text', '种过两棵。').status, 0)
    const found = (words) => run(house, 'find', words).rows.some((row) => row.id === item)
    const told = async () => {
      const { json } = await as(house, owner, 'GET', `/api/v1/asks/${id}`)
      const page = JSON.stringify((await as(house, owner, 'GET', `/api/v1/asks/${id}/annotation.json`)).json)
      const shown = run(house, 'ask', 'show', id).rows[0]
      return {
        question: [json.text, json.name, json.who, json.rests], replies: json.replies.map((reply) => reply.text), count: json.answers,
        page: ['枣树呢', '种过两棵', '砍了', mei].map((word) => page.includes(word)), command: [shown.text, shown.replies.length],
        found: ['枣树呢', '种过两棵', '砍了'].map(found),
        listed: (await as(house, owner, 'GET', '/api/v1/asks')).json.asks.some((one) => one.id === id),
      }
    }
    const before_rest = await told()
    assert.deepEqual(before_rest, { question: ['枣树呢？', '林梅', mei, false], replies: ['砍了。', '种过两棵。'], count: 2,
      page: [true, true, true, true], command: ['枣树呢？', 2], found: [true, true, true], listed: true })
    assert.equal(run(house, '--as', '林梅', 'consent', 'rest', '林梅').status, 0)
    const rests = { question: ['', '', '', true], replies: ['砍了。'], count: 1, page: [false, false, true, false], command: ['', 1],
      found: [false, false, true], listed: false }
    assert.deepEqual(await told(), rests)
    assert.equal(run(house, 'rebuild').status, 0)
    assert.deepEqual(await told(), rests)
    const { hand } = run(house, 'consent', 'show', '林梅').rows[0]
    assert.equal(run(house, '--as', '林梅', 'consent', 'take-back', '林梅', hand[0].claim).status, 0)
    assert.deepEqual(await told(), before_rest)
    assert.equal(run(house, 'ask', 'take-back', id).status, 0)
  })

  test('whose voice rests is not heard, and a picture that rests is not asked about', async () => {
    const before_rest = (await asked()).replies.length
    const voice = (await asked()).replies.find((reply) => reply.kind === 'voice')
    const small = () => as(house, owner, 'GET', `/api/v1/asks/${ask.id}/answers/${voice.claim}/small`)
    assert.equal((await small()).status, 200)
    assert.equal(run(house, 'consent', 'rest', '林梅').status, 0)
    assert.equal((await small()).status, 404)
    assert.ok((await asked()).replies.every((reply) => reply.kind !== 'voice'))
    assert.ok((await asked()).replies.length < before_rest)
    const { rows } = run(house, 'consent', 'show', '林梅')
    const claims = (await as(house, owner, 'GET', `/api/v1/persons/${mei}`)).json
    assert.ok(rows.length && claims)
    assert.equal(run(house, 'trash', 'put', item).status, 0)
    assert.equal((await as(house, owner, 'GET', `/api/v1/asks/${ask.id}`)).status, 404)
    assert.equal((await as(house, guest, 'GET', `/api/v1/asks/${ask.id}`)).status, 404)
    assert.equal(run(house, 'trash', 'back', item).status, 0)
  })

  test('a link that was taken back is over; a guessed one is never any good, and guessing is slowed', async () => {
    assert.equal((await as(house, owner, 'DELETE', `/api/v1/asks/${ask.id}`)).status, 204)
    assert.equal((await as(house, guest, 'GET', `/api/v1/asks/${ask.id}`)).status, 401)
    assert.equal((await as(house, owner, 'GET', `/api/v1/asks/${ask.id}`)).status, 404)
    assert.equal((await house.ask('POST', '/api/v1/enter', { body: { code: card.code } })).status, 403)
    const statuses = []
    for (let i = 0; i < 12; i++) statuses.push((await house.ask('POST', '/api/v1/enter', { body: { code: `ABCDEFGH${'23456789JKMN'[i]}234` } })).status)
    assert.ok(statuses.every((status) => status === 403 || status === 429), String(statuses))
    assert.equal(statuses.at(-1), 429)
  })

  test('what is forgotten takes its questions along', async () => {
    const { id } = run(house, 'ask', other, '石榴树还在吗？').rows[0]
    assert.equal(run(house, 'trash', 'put', other).status, 0)
    assert.equal(run(house, 'trash', 'empty', '--yes').status, 0)
    await sleep(50)
    const text = spawnSync('grep', ['-rc', '石榴树', house.archive + '/claims'], { encoding: 'utf8' }).stdout
    assert.ok(text.split('\n').filter(Boolean).every((line) => line.endsWith(':0')), text)
    assert.equal(run(house, 'ask', 'show', id).status, 1)
  })
})
