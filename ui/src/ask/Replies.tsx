// SPDX-License-Identifier: AGPL-3.0-or-later
// What was answered, in order: to be heard, seen or read, and to be answered in turn.

import { thin } from '../apart/thin'
import { Whole } from '../apart/Whole'
import { Sign } from '../app/Sign'
import { clock, dayName } from '../base/show'
import { hasWord, lang, t } from '../base/words'
import { mediaOf, smallOf, type Ask, type Reply } from '../net/asks'
import { hear, hearing } from './hear'

// What a question says, or what there is to say of it.
export const wordsOf = (ask: Ask): string => ask.text || t(ask.rests ? 'ui.ask.rests' : 'ui.ask.spoken')

export function nameOf(one: { who: string; name: string }): string {
  if (one.name) return one.name
  const known = `ui.who.said.${one.who}`
  return hasWord(known) ? t(known) : t('ui.ask.somebody')
}

function Voice({ ask, reply }: { ask: Ask; reply: Reply }) {
  const file = mediaOf(ask.id, reply.claim)
  const on = hearing.value === file
  const length = reply.duration_ms > 0 ? clock(Math.round(reply.duration_ms / 1000) * 1000) : ''
  return (
    <button type="button" class="reply-voice" aria-pressed={on} onClick={() => hear(file)}>
      <Sign name={on ? 'pause' : 'play'} />
      <span>{t(on ? 'ui.ask.silence' : 'ui.ask.hear', { name: nameOf(reply) })}</span>
      {length && <span class="quiet">{length}</span>}
    </button>
  )
}

// At the end of a thin line.
function SmallBody({ ask, reply }: { ask: Ask; reply: Reply }) {
  if (reply.kind === 'picture') return <img class="reply-picture" src={smallOf(ask.id, reply.claim)} alt={t('ui.ask.answer_of', { name: nameOf(reply) })} />
  return reply.kind === 'text' ? null : <Whole ask={ask.id} reply={reply} />
}

function FullBody({ ask, reply }: { ask: Ask; reply: Reply }) {
  const label = t('ui.ask.answer_of', { name: nameOf(reply) })
  return (
    <>
      {reply.kind === 'voice' && <Voice ask={ask} reply={reply} />}
      {reply.kind === 'film' && <video class="reply-film" controls playsInline preload="metadata" src={mediaOf(ask.id, reply.claim)} aria-label={label} />}
      {reply.kind === 'picture' && <img class="reply-picture" src={mediaOf(ask.id, reply.claim)} alt={label} />}
    </>
  )
}

export function ReplyBody({ ask, reply }: { ask: Ask; reply: Reply }) {
  return (
    <>
      {thin.value ? <SmallBody ask={ask} reply={reply} /> : <FullBody ask={ask} reply={reply} />}
      {reply.text && <p class="reply-text">{reply.text}</p>}
    </>
  )
}

interface Props {
  ask: Ask
  more?: (reply: Reply) => preact.ComponentChildren
}

export function Replies({ ask, more }: Props) {
  if (ask.replies.length === 0) return null
  return (
    <ol class="replies" aria-label={t('ui.ask.answers')}>
      {ask.replies.map((reply) => (
        <li key={reply.claim} class={reply.reply_to ? 'reply again' : 'reply'}>
          <p class="who">
            {nameOf(reply)}
            {t('ui.comma')}
            {dayName(reply.at, lang.value)}
          </p>
          <ReplyBody ask={ask} reply={reply} />
          {more?.(reply)}
        </li>
      ))}
    </ol>
  )
}
