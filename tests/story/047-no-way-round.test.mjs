// SPDX-License-Identifier: AGPL-3.0-or-later
// Families made by chance, in which people say what may be shown and take it back: after each word every way of
// reading that the program has is tried with every id there is, and none tells of what may not be shown.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { House, has_program, picture, program } from './house.mjs'
import { tone } from './sounds.mjs'

const photos = 8
const sounds = 4
const persons = 4
const words_each_round = 3
const rounds = 4
const kinds = ['file', 'caption', 'place', 'keyword', 'thing', 'sentence', 'ask', 'reply']
const purposes = ['picture', 'voice', 'story']

// A number below n, by chance, the same each time.
function chances(seed) {
  let state = seed
  return (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 16) % n
  }
}

const sound = (i) => tone(200 + 20 * i)

class Family {
  constructor(house, seed) {
    this.house = house
    this.chance = chances(seed)
    this.shut = [] // of each person: purpose -> whether the home is told no
    this.rest = [] // of each person: the claim of their "not now", or ''
  }

  run(...words) {
    const done = spawnSync(program, ['-C', this.house.archive, '--json', ...words], { encoding: 'utf8', env: this.house.env, maxBuffer: 1 << 26 })
    return { status: done.status, said: done.stdout + done.stderr, rows: done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) }
  }

  must(...words) {
    const done = this.run(...words)
    assert.equal(done.status, 0, `${words.join(' ')}: ${done.said}`)
    return done.rows
  }

  async post(path, body) {
    const answer = await this.house.ask('POST', path, { body })
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.bytes}`)
    return answer.json
  }

  // A word that stands nowhere else: whatever tells it tells of this thing.
  word(kind, i) {
    return `${kind}zq${String.fromCharCode(97 + i)}`
  }

  async make() {
    this.persons = []
    for (let k = 0; k < persons; k++) {
      this.persons.push((await this.post('/api/v1/persons', { name: `Person ${k}` })).id)
      this.shut.push({ picture: false, voice: false, story: false })
      this.rest.push('')
    }
    this.items = []
    for (let i = 0; i < photos + sounds; i++) {
      const photo = i < photos
      const { id } = await this.house.bringIn(`${this.word('file', i)}.${photo ? 'png' : 'wav'}`, photo ? picture(60 + i, 40, i) : sound(i))
      const within = this.persons.map(() => this.chance(4) === 0)
      this.items.push({ id, photo, within })
      for (let k = 0; k < persons; k++) if (within[k]) await this.post(`/api/v1/items/${id}/persons`, { person: this.persons[k] })
      const [writer, captioner] = [this.chance(persons), this.chance(persons)]
      Object.assign(this.items[i], { writer, captioner })
      this.must('--as', this.persons[writer], 'set', id, 'date=1984', `keyword+=${this.word('keyword', i)}`)
      this.must('--as', this.persons[captioner], 'set', id, `caption=${this.word('caption', i)}`)
      await this.post(`/api/v1/items/${id}/claims`, { predicate: 'place', value: this.word('place', i) })
    }
    this.album = this.must('album', 'add', 'Everything', ...this.items.map((item) => item.id))[0].id
    this.marks = this.items.slice(0, photos).map((item, i) => this.mark(item, i))
    this.must('restore', this.items[0].id)
    this.renditions = (await this.house.ask('GET', `/api/v1/items/${this.items[0].id}`)).json.rendition_list.map((made) => made.id)
    assert.equal(this.renditions.length, 1)
    this.asks = this.items.slice(0, photos).map((item, i) => this.ask(item, i))
    this.films = [0, 1].map((n) => this.film(n))
    for (const made of (await this.house.ask('GET', '/api/v1/films')).json.films) this.films.find((film) => film.title === made.title).id = made.id
    this.sitting = this.must('sitting', 'start', this.persons[0], '--log')[0]
  }

  // A question by one, an answer in writing by another, and one in a voice.
  ask(item, i) {
    const [asker, replier, speaker] = [0, 1, 2].map(() => this.chance(persons))
    const { id } = this.must('--as', this.persons[asker], 'ask', item.id, this.word('ask', i))[0]
    this.must('--as', this.persons[replier], 'answer', id, '--text', this.word('reply', i))
    const voice = photos + (i % sounds)
    const file = join(this.house.folder, 'said.wav')
    writeFileSync(file, sound(voice)) // the same bytes: the same recording
    const spoken = this.must('--as', this.persons[speaker], 'answer', id, file).at(-1).claim
    this.items[voice].within[speaker] = true // who speaks is in it
    return { id, asker, replier, voice, spoken }
  }

  // A thing marked by one, told of in the voice of whoever is in that recording.
  mark(item, i) {
    item.marker = this.chance(persons)
    const voice = this.items[photos + (i % sounds)].id
    return this.must('--as', this.persons[item.marker], 'mark', item.id, this.word('thing', i), '--region', '0.1,0.1,0.2,0.2', '--say', this.word('sentence', i), '--voice', voice)[0].claim
  }

  film(n) {
    const [one, other, voice] = [this.items[2 * n], this.items[2 * n + 1], this.items[photos + n]]
    const story = join(this.house.folder, `story-${n}.json`)
    const title = this.word('film', n)
    writeFileSync(story, JSON.stringify({ title, lang: 'en', beats: [{ media: one.id, duration: 0.5, narration: { media: voice.id, text: 'x' } }, { media: other.id, duration: 0.5 }] }))
    this.must('film', story, '--size', '320x180')
    return { parts: [one, other, voice], title }
  }

  // Somebody says something, or takes their "not now" back.
  async speak() {
    const k = this.chance(persons)
    const consent = (predicate, value) => this.post(`/api/v1/persons/${this.persons[k]}/consent`, { predicate, value })
    if (this.chance(2) === 0) {
      const purpose = purposes[this.chance(3)]
      const allow = this.chance(2) === 0
      await consent('consent', { purpose, audience: 'home', allow, given: 'self' })
      this.shut[k][purpose] = !allow
    } else if (this.rest[k]) {
      await consent('retract', this.rest[k])
      this.rest[k] = ''
    } else {
      await consent('rest', true)
      const { claims } = (await this.house.ask('GET', `/api/v1/persons/${this.persons[k]}`)).json
      this.rest[k] = claims.findLast((claim) => claim.predicate === 'rest').id
    }
  }

  closed = (k, purpose) => this.rest[k] !== '' || this.shut[k][purpose]
  hidden = (item) => item.within.some((within, k) => within && this.closed(k, item.photo ? 'picture' : 'voice'))
  untold = (film) => film.parts.some((item) => this.hidden(item) || item.within.some((within, k) => within && this.closed(k, 'story')))

  // What may not even be asked for; that a film is kept back, its title says.
  gone() {
    const hidden = this.items.map((item) => this.hidden(item))
    return [...this.items.filter((_, i) => hidden[i]).map((item) => `/items/${item.id}`), ...this.asks.filter((_, i) => hidden[i]).map((ask) => `/asks/${ask.id}`),
      ...this.asks.filter((ask) => hidden[ask.voice]).map((ask) => `/answers/${ask.spoken}`), ...(hidden[0] ? this.renditions.map((id) => `/renditions/${id}`) : []),
      ...this.films.filter((film) => this.untold(film)).map((film) => `/films/${film.id}`)]
  }

  // Whatever may not be told now, as it would stand in an answer.
  forbidden() {
    const words = []
    this.items.forEach((item, i) => {
      if (this.hidden(item)) words.push(item.id, ...kinds.map((kind) => this.word(kind, i)))
      if (this.closed(item.captioner, 'voice')) words.push(this.word('caption', i))
      if (this.closed(item.writer, 'voice')) words.push(this.word('keyword', i))
      if (item.photo && this.closed(item.marker, 'voice')) words.push(this.word('thing', i), this.word('sentence', i), this.marks[i])
    })
    this.asks.forEach((ask, i) => {
      if (this.closed(ask.asker, 'voice')) words.push(this.word('ask', i))
      if (this.closed(ask.replier, 'voice')) words.push(this.word('reply', i))
    })
    return words
  }

  // And what may be: so that nothing is kept back which nobody asked to keep back.
  allowed = () => this.items.filter((item) => !this.hidden(item)).map((item) => item.id)
}

const media = /\/(original|play|thumb\/|picture\/|media|small|file|poster|card\.jpg)/

// Every GET of the program's own description, with every id in every place.
async function ways(family) {
  const { paths } = (await family.house.ask('GET', '/api/v1/openapi.json')).json
  const answers = family.asks.map((ask) => ask.spoken)
  const ids = [...family.items.map((item) => item.id), ...family.persons, family.album, ...family.asks.map((ask) => ask.id), ...family.films.map((film) => film.id), ...family.renditions]
  const all = []
  for (const path of Object.keys(paths).filter((path) => paths[path].get && !/live|owner|words|house-ca|\{page\}|trust/.test(path))) {
    if (!path.includes('{id}')) all.push(path)
    else
      for (const id of ids)
        for (const claim of path.includes('{claim}') ? answers : ['']) all.push(path.replace('{id}', id).replace('{claim}', claim).replace('{size}', '256'))
  }
  for (const kind of kinds)
    for (let i = 0; i < photos; i++) all.push(`/api/v1/search?q=${family.word(kind, i)}`)
  for (const ask of family.asks) all.push(`/api/v1/asks/${ask.id}/card.jpg?code=ABCDEFGHJKMN`)
  return [...all, '/api/v1/frame?seed=1', '/api/v1/frame?seed=2', '/api/v1/asks?state=answered', `/api/v1/search?q=${encodeURIComponent(`person:${family.persons[0]}`)}`,
    ...family.items.map((item) => `/api/v1/asks?item=${item.id}`), ...family.marks.map((_, i) => `/api/v1/marks?thing=${family.word('thing', i)}`)]
}

async function try_the_door(family, all) {
  const words = family.forbidden()
  const gone = family.gone()
  const silent = family.persons.filter((_, k) => family.closed(k, 'voice'))
  let told = 0
  for (const path of all) {
    const answer = await family.house.ask('GET', path)
    assert.ok(answer.status < 500, `${path}: ${answer.status} ${answer.bytes}`)
    if (answer.status !== 200) continue
    assert.ok(!gone.some((one) => path.includes(one)), `${path} is shown`)
    told++
    if (media.test(path) && !/json|csv|vtt/.test(answer.headers['content-type'])) continue
    const text = answer.bytes.toString('utf8').replaceAll(decodeURIComponent(/[?&](?:q|thing|item)=(.*)/.exec(path)?.[1] ?? '\0'), '') // the question itself may come back
    for (const word of words) assert.ok(!text.includes(word), `${path} tells ${word}: ${text.slice(0, 600)}`)
    for (const claim of answer.json?.sha256 ? answer.json.claims : []) assert.ok(!silent.includes(claim.who), `${path} names who said its ${claim.predicate}`)
  }
  assert.ok(told > 50, `${told} ways answered`)
}

function try_the_commands(family) {
  const words = family.forbidden()
  const dest = join(family.house.folder, 'out')
  rmSync(dest, { recursive: true, force: true })
  family.must('export', 'files', dest)
  const exported = readdirSync(dest, { recursive: true }).map(String)
  const texts = exported.filter((name) => /\.jsonl?$/.test(name)).map((name) => readFileSync(join(dest, name), 'utf8'))
  const asked = [['find', 'type:photo'], ['find', 'zq*'], ['album', 'show', family.album], ['marks'], ['ask', 'list'], ['round', 'list'], ['acts'], ['film', '--withheld'], ['person', 'unnamed'],
    ...family.persons.map((id) => ['person', 'items', id]), ...family.asks.flatMap(({ id }) => [['ask', 'show', id], ['ask', 'export', id], ['ask', 'beats', id]]),
    ...family.items.map((item) => ['show', item.id])]
  const said = [['export', exported.join('\n') + texts.join('\n')]]
  for (const words of asked) {
    const done = family.run(...words)
    assert.ok([0, 1].includes(done.status), `${words.join(' ')}: ${done.status} ${done.said}`) // 2 would be a word it does not know
    said.push([words.join(' '), done.said])
  }
  for (const [way, text] of said)
    for (const word of words) {
      if (way.includes(word)) continue // asked for by its id, it is told that there is none
      assert.ok(!text.includes(word), `${way} tells ${word}: ${text.slice(0, 600)}`)
    }
  for (const id of family.allowed()) assert.ok(family.run('show', id).status === 0, `${id} may be shown`)
}

// Whoever writes is answered too: to what may not be shown nothing is said, and nobody learns what is there.
async function try_to_write(family) {
  const words = family.forbidden()
  const hidden = family.items.filter((item) => family.hidden(item))
  assert.ok(hidden.length > 0)
  for (const { id } of hidden) {
    const to = (path, body) => [path, body]
    for (const command of [['set', id, 'favourite=true'], ['mark', id, 'x'], ['person', 'picture', id, family.persons[0]], ['person', 'frame', id, '0.1,0.1,0.2,0.2']]) {
      const done = family.run(...command)
      assert.equal(done.status, 1, `${command}: ${done.said}`)
      for (const word of words) if (word !== id) assert.ok(!done.said.includes(word), `${command} tells ${word}: ${done.said}`)
    }
    for (const [path, body] of [
      to(`/items/${id}/claims`, { predicate: 'favourite', value: true }), to(`/items/${id}/persons`, { person: family.persons[0] }),
      to(`/items/${id}/marks`, { thing: 'x' }), to(`/items/${id}/release`, { audience: 'kin', allow: true }), to('/acts', { items: [id], do: { favourite: true } }),
      to('/jobs', { kind: 'restore', item: id, options: {} }), to('/asks', { item: id, text: 'x' }), to('/films', { title: 'x', lang: 'en', beats: [{ media: id, duration: 1 }] }),
      to(`/albums/${family.album}/items`, { put: [id] }), ...family.asks.map((ask) => to(`/asks/${ask.id}/link`, {})), ...family.asks.map((ask) => to(`/asks/${ask.id}/answers`, { text: 'x' })),
    ]) {
      const answer = await family.house.ask('POST', `/api/v1${path}`, { body })
      assert.ok(answer.status < 500, `${path}: ${answer.status} ${answer.bytes}`)
      const text = answer.bytes.toString('utf8')
      for (const word of words) if (!path.includes(word) && word !== id) assert.ok(!text.includes(word), `POST ${path} tells ${word}: ${answer.status} ${text.slice(0, 400)}`)
      if (path.startsWith(`/items/${id}`) || ['/jobs', '/asks', '/films'].includes(path)) assert.ok(answer.status >= 400, `POST ${path} ${JSON.stringify(body)}: ${answer.status}`)
    }
  }
}

async function count(family) {
  const get = async (path) => (await family.house.ask('GET', path)).json
  const open = family.allowed()
  const items = (await get('/api/v1/items?limit=500')).items.map((item) => item.id)
  assert.deepEqual(items.toSorted(), open.toSorted())
  const { total, sections } = await get('/api/v1/timeline')
  const albums = (await get('/api/v1/albums')).albums
  assert.deepEqual([total, sections.reduce((sum, one) => sum + one.count, 0), (await get('/api/v1/about')).items, (await get('/api/v1/search?q=')).total, albums[0].count],
    Array(5).fill(open.length))
  const films = (await get('/api/v1/films')).films.map((film) => film.title)
  assert.deepEqual(films.toSorted(), family.films.filter((film) => !family.untold(film)).map((film) => film.title).toSorted())
}

describe('no way round a no', { skip: !has_program && 'no kinreel built' }, () => {
  for (const seed of process.env.KINREEL_MATRIX ? [7, 2026, 11, 4242, 977, 81] : [7])
    test(`a family made by chance (${seed})`, async () => {
      const house = await House.open()
      try {
        const family = new Family(house, seed)
        await family.make()
        const all = await ways(family) // while everything may be shown
        for (let round = 0; round < rounds; round++) {
          for (let i = 0; i < words_each_round; i++) await family.speak()
          await count(family)
          await try_the_door(family, all)
          try_the_commands(family)
        }
        await try_to_write(family)
        assert.ok(family.forbidden().length > 0 && family.allowed().length > 0) // the words said meant something
      } finally {
        await house.close()
      }
    })
})
