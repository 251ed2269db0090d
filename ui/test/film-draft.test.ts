// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftOf, storyOf, withBeats, withChoice } from '../src/film/draft'
import type { Brief } from '../src/net/shapes'

const print = (id: string) => ({ id, caption: id, duration_ms: 0 }) as Brief
const caption = (item: Brief) => item.caption
const move = { from: [0, 0, 1, 1], to: [0.2, 0.2, 0.5, 0.5] }

test('an answered question takes the place of its picture, with the way to the face and the voice', () => {
  const before = draftOf([print('a'), print('b')], caption)
  const asked = { item: print('b'), caption: '这是谁？', seconds: '', narration: 'voice', move }
  const said = { item: print('c'), caption: '', seconds: '', narration: '', words: '二姐。' }
  const story = storyOf({ ...withBeats(before, [asked, said]), title: '家' }, 'zh-CN')
  assert.deepEqual(story.beats, [
    { media: 'a', caption: 'a' },
    { media: 'b', caption: '这是谁？', narration: 'voice', move },
    { media: 'c', narration: { text: '二姐。' } },
  ])
})

test('what was asked stays while the choice changes', () => {
  const draft = withBeats(draftOf([], caption), [{ item: print('b'), caption: 'q', seconds: '', narration: 'v', move }])
  assert.deepEqual(withChoice(draft, [print('b'), print('z')], caption).beats.map((beat) => beat.move), [move, undefined])
})
