// SPDX-License-Identifier: AGPL-3.0-or-later
// What the development server pretends to keep: a made-up family's pictures, the same at every start.

import { createHash } from 'node:crypto'
import { peopleOf, previewOf, randomOf } from './mock-pictures.mjs'

const names = ['奶奶', '外公', '林梅', '阿哲', 'Lin Mei', '姑姑']
const captions = [
  ['桥边的老屋，奶奶站在门口。', 'The old house by the bridge, Grandma at the gate.'],
  ['婚礼那天，院子里摆了八桌。', 'The wedding day: eight tables in the yard.'],
  ['第一次去海边。', 'The first time at the sea.'],
  ['外公修好的那辆自行车。', 'The bicycle Grandfather mended.'],
  ['过年，全家都到了。', 'New Year, and everyone had come.'],
]
const places = ['', '', '杭州', '桥头村', 'Leeds']
const shapes = [[4000, 3000], [3000, 4000], [6000, 4000], [3000, 3000], [4000, 2250], [4000, 6000], [3600, 2400], [9000, 3000]]

function dateOf(section, random) {
  const { key, year, month } = section
  if (key === 'none') return { edtf: '', from: '', to: '', zh: '', en: '', certain: 0, source: 'none' }
  if (key.endsWith('XX')) return { edtf: key, from: `${year}-01-01`, to: `${year + 99}-12-31`, zh: '二十世纪', en: 'the 20th century', certain: 0.3, source: 'person' }
  if (key.endsWith('X')) return { edtf: key, from: `${year}-01-01`, to: `${year + 9}-12-31`, zh: `${year} 年代`, en: `the ${year}s`, certain: 0.4, source: 'person' }
  if (month === 0) return { edtf: `${key}~`, from: `${year - 1}-01-01`, to: `${year + 1}-12-31`, zh: `${key} 年前后`, en: `around ${key}`, certain: 0.5, source: 'filename' }
  const day = 1 + Math.floor(random() * 28)
  const edtf = `${key}-${String(day).padStart(2, '0')}`
  const en = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(edtf))
  return { edtf, from: edtf, to: edtf, zh: `${year} 年 ${month} 月 ${day} 日`, en, certain: 0.95, source: 'exif' }
}

function itemOf(n, section) {
  const random = randomOf(n + 1)
  const date = dateOf(section, random)
  const roll = random()
  const kind = roll < 0.9 ? 'photo' : roll < 0.96 ? 'video' : 'audio'
  const [width, height] = kind === 'video' ? [1920, 1080] : kind === 'audio' ? [0, 0] : shapes[Math.floor(random() * random() * shapes.length)]
  const told = random() < 0.3
  const caption = told ? captions[Math.floor(random() * captions.length)] : ['', '']
  const id = '0192f' + createHash('sha256').update('item' + n).digest('hex').slice(0, 19)
  return {
    n, id, kind, width, height, date, section: section.key, year: section.year || 1970,
    caption: { zh: caption[0], en: caption[1] }, place: places[Math.floor(random() * places.length)],
    duration_ms: kind === 'photo' ? 0 : 6000, favourite: random() < 0.06, stack: random() < 0.05 ? 3 : 1,
    keywords: told ? ['婚礼'] : [], renditions: [], trashed: false, damaged: n % 211 === 97 ? 'truncated' : '',
    playable: kind !== 'video' || n % 3 !== 0, claims: [],
  }
}

function plan(total) {
  const sections = []
  const random = randomOf(42)
  const add = (key, year, month, weight) => sections.push({ key, year, month, weight })
  for (let year = 2026; year >= 1948; year--) {
    const share = year > 2005 ? 5 : year > 1990 ? 1.6 : 0.5
    if (year < 1996 && year % 5 === 0) add(String(year), year, 0, 0.6)
    for (let month = 12; month >= 1; month--) {
      if (random() < (year > 2005 ? 0.75 : year > 1980 ? 0.35 : 0.15)) add(`${year}-${String(month).padStart(2, '0')}`, year, month, share * (0.3 + random()))
    }
    if (year % 10 === 0 && year < 2000 && year > 1940) add(`${String(year).slice(0, 3)}X`, year, 0, 2)
  }
  add('19XX', 1900, 0, 2)
  add('none', 0, 0, 3)
  const sum = sections.reduce((all, section) => all + section.weight, 0)
  for (const section of sections) section.count = Math.round((section.weight / sum) * total)
  return sections.filter((section) => section.count > 0)
}

export function houseOf(total) {
  const sections = total > 0 ? plan(total) : []
  const items = []
  for (const section of sections) for (let i = 0; i < section.count; i++) items.push(itemOf(items.length, section))
  const byId = new Map(items.map((item) => [item.id, item]))
  return { sections, items, byId, films: [], jobs: new Map(), added: 0 }
}

const cause = (name, value, unit, cost) => ({ cause: name, value, unit, cost })

// What a treated clip or voice says of itself.
export function kitRecipe(kind, options = {}) {
  const seen = kind === 'video'
  const none = { why: 'none' }
  const advice = ['noise', 'tremor', 'dark'].filter((name) => seen || name === 'noise').map((name) => ({ key: `coach.advice.${name}`, cause: name }))
  const before = {
    sound: { score: 44, causes: [cause('noise', 13.4, 'dB', 47.1), cause('clipping', 4.71, '%', 7), cause('echo', 0.37, 's', 2.2)] },
    light: seen ? { score: 66, causes: [cause('dark', 2.31, 'stops', 26.9), cause('burnt', 9.2, '%', 7.4), cause('cast', 3.3, 'degrees', 0)] } : none,
    steady: seen ? { score: 58, causes: [cause('tremor', 2.46, 'px', 42)] } : none,
    worst: 'sound',
    advice,
  }
  const after = {
    sound: { score: 93, causes: [cause('noise', 28.1, 'dB', 0), cause('clipping', 4.71, '%', 7)] },
    light: seen ? { score: 92, causes: [cause('burnt', 9.3, '%', 8)] } : none,
    steady: seen ? { score: 96, causes: [cause('tremor', 0.68, 'px', 3.8)] } : none,
    worst: 'light',
    advice: [],
  }
  return { report: options.footage ? { footage: {} } : {}, before, after, format: seen ? 'mp4' : 'flac' }
}

export function ratio(item) {
  return item.width > 0 ? item.width / item.height : 1
}

export function timelineOf(house) {
  const sections = []
  const byKey = new Map(house.sections.map((section) => [section.key, []]))
  for (const item of house.items) if (!item.trashed) byKey.get(item.section)?.push(item)
  for (const { key, year, month } of house.sections) {
    const here = byKey.get(key)
    if (here.length > 0) sections.push({ key, year, month, count: here.length, ratio_sum: here.reduce((sum, item) => sum + ratio(item), 0) })
  }
  return { total: sections.reduce((sum, section) => sum + section.count, 0), sections }
}

export function briefOf(item, lang) {
  const say = lang === 'en' ? 'en' : 'zh'
  const { zh, en, ...date } = item.date
  const seen = item.width > 0 && !item.damaged
  return {
    id: item.id, kind: item.kind, width: item.width, height: item.height, duration_ms: item.duration_ms,
    date: { ...date, text: say === 'en' ? en : zh }, caption: item.caption[say], title: item.kind === 'audio' ? (say === 'en' ? 'Grandma tells of the ferry' : '奶奶讲渡口的事') : '',
    favourite: item.favourite, damaged: item.damaged, preview: seen ? previewOf(item.n, item.year) : '',
    thumb: seen ? `/api/v1/items/${item.id}/thumb/` : '', stack: item.stack, renditions: item.renditions.length,
  }
}

function claimsOf(item, lang) {
  const claims = [...item.claims]
  const at = '2026-11-20T10:00:00Z'
  if (item.date.source !== 'none') claims.push({ id: 'c1', predicate: 'date', value: { edtf: item.date.edtf }, who: item.date.source, certain: item.date.certain, at, retracted: false })
  if (item.n % 4 === 0 && item.year < 1995) claims.push({ id: 'c2', predicate: 'date', value: { phrase: lang === 'en' ? 'spring 1976' : '1976 年春天' }, who: '林梅', certain: 0.7, at, retracted: false })
  const caption = lang === 'en' ? item.caption.en : item.caption.zh
  if (caption && !claims.some((claim) => claim.predicate === 'caption')) claims.push({ id: 'c3', predicate: 'caption', value: caption, who: '林梅', certain: 0.9, at, retracted: false })
  return claims
}

export function itemAnswer(house, item, lang) {
  const live = house.items.filter((one) => !one.trashed)
  const at = live.indexOf(item)
  const regions = item.kind === 'photo' ? peopleOf(item.n).map((p, i) => ({ name: i === 2 ? '' : names[(item.n + i) % names.length], kind: 'face', x: p.x - 0.06, y: p.y - 0.08, w: 0.12, h: 0.16 })) : []
  const others = item.stack > 1 ? live.slice(at + 1, at + item.stack) : []
  return {
    ...briefOf(item, lang), mime: item.kind === 'photo' ? 'image/jpeg' : item.kind === 'video' ? 'video/mp4' : 'audio/wav',
    size: 3812331, sha256: createHash('sha256').update(item.id).digest('hex'), added: '2026-11-22T10:00:00Z',
    names: [`IMG_${String(item.n).padStart(4, '0')}.jpg`], camera: item.year > 1995 ? 'Canon EOS 40D' : '',
    gps: item.place === '杭州' ? { lat: 30.25, lon: 120.17 } : null, place: item.place, keywords: item.keywords, regions,
    claims: claimsOf(item, lang), stack_items: others.map((one) => briefOf(one, lang)),
    near: item.n % 3 === 0 ? live.slice(at + 1, at + 4).filter((one) => one.kind === 'photo').map((one) => briefOf(one, lang)) : [],
    original: `/api/v1/items/${item.id}/original`, play: `/api/v1/items/${item.id}/play`, playable: item.playable,
    rendition_list: item.renditions, previous: live[at - 1]?.id ?? '', next: live[at + 1]?.id ?? '', trashed: item.trashed, hidden: false, albums: [],
  }
}

export function addTo(house, name, bytes) {
  if (!house.sections.some((section) => section.key === '2026-11')) house.sections.unshift({ key: '2026-11', year: 2026, month: 11 })
  const item = itemOf(500000 + house.added++, { key: '2026-11', year: 2026, month: 11 })
  item.sha256 = createHash('sha256').update(bytes).digest('hex')
  item.caption = { zh: name, en: name }
  house.items.unshift(item)
  house.byId.set(item.id, item)
  return item
}
