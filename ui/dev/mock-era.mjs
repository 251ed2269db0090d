// SPDX-License-Identifier: AGPL-3.0-or-later
// The cards that come with the program, as the house tells them; nothing is marked in a made-up house.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'era')
const cards = ['china-daily', 'general'].flatMap((pack) =>
  JSON.parse(readFileSync(join(packs, pack, 'cards.json'), 'utf8')).cards.map((card) => ({ ...card, id: `${pack}.${card.id}`, pack })))

function tell(card, lang) {
  const tongue = lang === 'en' ? 'en' : 'zh'
  const [from, to = from] = card.date.split('/')
  const date = { edtf: card.date, from: `${from.slice(0, 4)}-01-01`, to: `${to.slice(0, 4)}-12-31`, text: card.date.replace('/', '–') }
  return { ...card, year: Number(from.slice(0, 4)), date, title: card.title[tongue], text: card.text[tongue], media: '', region: card.region ?? '', care: card.care !== false }
}

export function eraAnswer(parts, fields, lang) {
  const told = cards.map((card) => tell(card, lang))
  const year = (card, end) => Number(card.date[end].slice(0, 4))
  if (parts[0] === 'marks') {
    const card = told.find((one) => one.id === fields.get('card')) ?? null
    return fields.has('card') || fields.has('thing') ? { items: [], next: '', total: 0, marks: [], card } : { things: [] }
  }
  if (parts[0] === 'era-line') {
    const moments = told.filter((card) => !card.date.edtf.includes('/') && card.care)
    const years = [...new Set(moments.map((card) => card.year))].sort((a, b) => a - b)
    return { years: years.map((one) => ({ year: one, cards: moments.filter((card) => card.year === one).map(({ id, kind, title, date }) => ({ id, kind, title, edtf: date.edtf })) })) }
  }
  if (parts[1]) return told.find((card) => card.id === parts[1]) ?? null
  const [from, to] = [Number(fields.get('from') || 1), Number(fields.get('to') || 9999)]
  const q = (fields.get('q') ?? '').toLowerCase()
  const found = told.filter((card) => year(card, 'from') <= to && year(card, 'to') >= from && [card.title, ...card.words].some((word) => word.toLowerCase().includes(q)))
  return { cards: found, packs: [] }
}
