// SPDX-License-Identifier: AGPL-3.0-or-later
// An answered question goes into the film that is in the making: the picture, the way to the face, the voice.

import { go } from '../app/route'
import { choice, choose } from '../line/choice'
import { api } from '../net/api'
import { asksApi, type Ask } from '../net/asks'
import type { Beat } from '../net/shapes'
import { keepDraft, keptDraft } from './desk'
import { draftOf, withBeats, type DraftBeat } from './draft'

async function beatFrom(beat: Beat): Promise<DraftBeat> {
  const told = beat.narration
  const made: DraftBeat = { item: await api.item(beat.media), caption: beat.caption ?? '', seconds: '', narration: typeof told === 'string' ? told : (told?.media ?? '') }
  if (beat.move) made.move = beat.move
  if (beat.words_of) made.words_of = beat.words_of
  if (told && typeof told !== 'string' && told.text) made.words = told.text
  return made
}

export async function putIntoFilm(ask: Ask): Promise<void> {
  const { beats } = await asksApi.beats(ask.id, '')
  const made = await Promise.all(beats.map(beatFrom))
  const before = keptDraft() ?? draftOf(choice.peek(), (item) => item.caption)
  choose(made.map((beat) => beat.item), true)
  keepDraft(withBeats(before, made))
  go('/film/new')
}
