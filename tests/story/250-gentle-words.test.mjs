// SPDX-License-Identifier: AGPL-3.0-or-later
// Mei writes words for an afternoon with her grandmother, and hears which of them would put her to the test.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { has_program, program } from './house.mjs'

// No archive is needed: one may write before there is anything to show.
function lint(words, { lang = 'en', input = '', json = true } = {}) {
  const done = spawnSync(program, [...(json ? ['--json'] : []), 'sitting', 'lint', ...words], {
    encoding: 'utf8', input, env: { ...process.env, KINREEL_LANG: lang, KINREEL_ARCHIVE: '/nowhere' },
  })
  const lines = json ? done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) : []
  return { status: done.status, lines, text: done.stdout, talk: done.stderr }
}

describe('words for a sitting', { skip: !has_program && 'no kinreel built' }, () => {
  let folder
  before(() => (folder = mkdtempSync(join(tmpdir(), 'kinreel-words-'))))
  after(() => rmSync(folder, { recursive: true }))

  test('a statement and a feeling are fine', () => {
    const { status, lines } = lint(['This is the bridge. The water was cold in summer.', '这件衣裳真好看。'])
    assert.equal(status, 0)
    assert.deepEqual(lines.map((line) => [line.fine, line.finding, line.why, line.suggestion]),
      [[true, null, null, null], [true, null, null, null]])
  })

  test('a question that asks to remember is told, with a reason and a kinder wording', () => {
    const { status, lines } = lint(['Who is this?', '这是哪一年？'])
    assert.equal(status, 3)
    assert.deepEqual(lines.map((line) => [line.fine, line.finding, line.kind]),
      [[false, 'recall', 'recall.who'], [false, 'recall', 'recall.when']])
    assert.match(lines[0].suggestion, /Say who it is/)
    assert.match(lines[1].why, /Years/) // why in the reader's language
    assert.match(lines[1].suggestion, /年份/) // the kinder wording in that of the prompt
  })

  test('a sentence that is too long is another finding', () => {
    const { status, lines } = lint(['The bridge by the old mill was always very cold to sit on in the autumn.'])
    assert.equal(status, 3)
    assert.deepEqual([lines[0].fine, lines[0].finding, lines[0].long], [false, 'long', true])
  })

  test('a file is read line by line, without its notes and blanks', () => {
    const file = join(folder, 'prompts.txt')
    writeFileSync(file, '# for Sunday\n\nWhat a lovely coat.\r\nGuess who!\n考考您')
    const { status, lines } = lint(['--file', file])
    assert.equal(status, 3)
    assert.deepEqual(lines.map((line) => [line.text, line.finding]),
      [['What a lovely coat.', null], ['Guess who!', 'test'], ['考考您', 'test']])
    assert.deepEqual(lint(['--file', '-'], { input: 'What fun.\n' }).status, 0)
  })

  test('a person reads it in their own language', () => {
    const { text, talk } = lint(['这是谁？'], { lang: 'zh-CN', json: false })
    assert.match(text, /换个说法：这是谁？/)
    assert.match(talk, /看了 1 句，0 句合适/)
  })

  test('wrong use is said', () => {
    assert.equal(lint([]).status, 2)
    assert.equal(lint(['--file', join(folder, 'none'), 'and a text']).status, 2)
    assert.notEqual(lint(['--file', join(folder, 'none')]).status, 0)
    assert.notEqual(lint(['x'.repeat(5000)]).status, 0)
    assert.notEqual(lint(['  ']).status, 0)
  })
})
