// SPDX-License-Identifier: AGPL-3.0-or-later
// Every sentence of the pages is in both catalogues, with the same places to fill, and none is idle.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { clock, hanDigits, weight } from '../src/base/show'
import { fill, preferredLang } from '../src/base/words'

const ui = process.env.KINREEL_UI ?? process.cwd()
const read = (lang: string) => JSON.parse(readFileSync(join(ui, '..', 'words', `${lang}.json`), 'utf8')) as Record<string, string>
const zh = read('zh-CN')
const en = read('en')

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? sources(path) : /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

const files = sources(join(ui, 'src')).map((path) => ({ path, text: readFileSync(path, 'utf8') }))
const all = files.map((file) => file.text).join('\n')

const spoken = [...all.matchAll(/['"`]((?:ui|coach)\.[a-z0-9_.]*[a-z0-9_])['"`]/g)].map((match) => match[1] ?? '')
const begun = [...all.matchAll(/[`']((?:ui|coach)\.[a-z0-9_.]*\.)\$\{/g)].map((match) => match[1] ?? '')

test('every key that is used is said in both languages', () => {
  assert.ok(spoken.length > 100)
  for (const key of spoken) {
    assert.ok(zh[key], `${key} is missing in Chinese`)
    assert.ok(en[key], `${key} is missing in English`)
  }
  for (const start of begun) assert.ok(Object.keys(zh).some((key) => key.startsWith(start)) || start.includes('reason'), start)
})

test('no sentence lies idle', () => {
  for (const key of Object.keys(zh).filter((name) => name.startsWith('ui.'))) {
    const plain = key.replace(/\.one$/, '')
    assert.ok(spoken.includes(plain) || begun.some((start) => plain.startsWith(start)), `${key} is used nowhere`)
  }
})

test('both languages fill the same places', () => {
  const holes = (sentence: string) => new Set([...sentence.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1]))
  for (const key of Object.keys(zh).filter((name) => /^(ui|coach)\./.test(name))) {
    if (key.endsWith('.one') || key === 'ui.decade' || key === 'ui.line.century') continue
    assert.deepEqual(holes(zh[key] ?? ''), holes(en[key] ?? ''), key)
  }
})

test('no sentence shouts, and none stands in the source', () => {
  for (const [key, sentence] of Object.entries({ ...zh, ...en })) {
    if (key.startsWith('ui.')) assert.ok(!/[!！\u{1f300}-\u{1faff}]/u.test(sentence), key)
  }
  for (const { path, text } of files) {
    const code = text.replace(/\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '')
    const han = [...code.matchAll(/[\u4e00-\u9fff]+/g)].map((match) => match[0])
    const allowed = path.endsWith('show.ts') ? ['一二三四五六七八九'] : []
    assert.deepEqual(han.filter((word) => !allowed.includes(word)), [], path)
  }
})

test('files stay short and carry their licence', () => {
  for (const { path, text } of files) {
    assert.ok(text.startsWith('// SPDX-License-Identifier: AGPL-3.0-or-later\n'), path)
    assert.ok(text.split('\n').length < 600, path)
    assert.ok(!/: any\b|<any>|as any\b/.test(text), path)
  }
})

test('sentences are filled', () => {
  assert.equal(fill('{n} 件', { n: 1200 }, 'en'), '1,200 件')
  assert.equal(fill('在{place}。', { place: 'Leeds' }, 'zh-CN'), '在 Leeds。')
  assert.equal(fill('在{place}。', { place: '杭州' }, 'zh-CN'), '在杭州。')
  assert.equal(fill('{who} and {other}', { who: 'A' }, 'en'), 'A and {other}')
})

test('the language of a newcomer', () => {
  assert.equal(preferredLang('en', ['zh-CN']), 'en')
  assert.equal(preferredLang('', ['fr', 'en-GB']), 'en')
  assert.equal(preferredLang('', ['zh-TW']), 'zh-CN')
  assert.equal(preferredLang('klingon', []), 'zh-CN')
})

test('numbers as people read them', () => {
  assert.equal(clock(0), '0:00')
  assert.equal(clock(61_000), '1:01')
  assert.equal(clock(3_661_000), '1:01:01')
  assert.equal(hanDigits(2020), '二〇二〇')
  assert.match(weight(3_812_331, 'en'), /3\.8.?MB/)
})
