// SPDX-License-Identifier: AGPL-3.0-or-later
// The questions about a picture: as quiet marks on it, which speak when they are pressed, and beside it in words.
// A file dropped onto a question becomes its answer.

import { useEffect, useState } from 'preact/hooks'
import { thin } from '../apart/thin'
import { ThinSwitch } from '../apart/ThinSwitch'
import { Sign } from '../app/Sign'
import { hovering } from '../add/door'
import { showSlip } from '../base/say'
import { useNews } from '../base/useNews'
import { lang, t } from '../base/words'
import { putIntoFilm } from '../film/answers'
import { isAbort, sentenceOf } from '../net/api'
import { answerWith, asksApi, mediaOf, type Ask, type Reply } from '../net/asks'
import { placeOf } from '../picture/Frame'
import { AnswerWith } from './AnswerWith'
import { hear, hearing, stopHearing } from './hear'
import { useHearers } from './hearers'
import { nameOf, Replies, wordsOf } from './Replies'
import { SendIt } from './SendIt'

export function useAsks(item: string) {
  const [asks, setAsks] = useState<Ask[]>([])
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    asksApi.ofItem(item, stop.signal).then(
      (found) => setAsks(found.asks),
      (cause: unknown) => !isAbort(cause) && setAsks([]),
    )
    return () => stop.abort()
  }, [item, lang.value, turn])
  useEffect(() => stopHearing, [item])
  const again = () => setTurn((n) => n + 1)
  useNews((news) => news.kind === 'ask' || news.kind === 'may' || news.kind === 'all', again)
  return { asks: asks.filter((ask) => ask.item === item), again }
}

// At the end of a thin line a mark leads to the answer, which plays there once it is whole.
const firstVoice = (ask: Ask) => (thin.value ? undefined : ask.replies.find((reply) => reply.kind === 'voice'))

function press(ask: Ask): void {
  const voice = firstVoice(ask)
  if (voice) return hear(mediaOf(ask.id, voice.claim))
  const beside = document.getElementById(`ask-${ask.id}`)
  beside?.scrollIntoView({ block: 'nearest' })
  return beside?.focus()
}

function markName(ask: Ask): string {
  const voice = firstVoice(ask)
  const text = wordsOf(ask)
  return voice ? t('ui.ask.mark.hear', { text, name: nameOf(voice) }) : t('ui.ask.mark', { text })
}

export function AskMarks({ asks }: { asks: readonly Ask[] }) {
  return (
    <div class="ask-marks">
      {asks.map((ask) => {
        const voice = firstVoice(ask)
        const on = voice !== undefined && hearing.value === mediaOf(ask.id, voice.claim)
        return (
          ask.region && (
            <button type="button" key={ask.id} class={on ? 'ask-mark on' : 'ask-mark'} style={placeOf(ask.region)} aria-label={markName(ask)} onClick={() => press(ask)}>
              <span class="ask-pin" aria-hidden="true">
                <Sign name={voice ? 'wave' : 'ask'} />
              </span>
            </button>
          )
        )
      })}
    </div>
  )
}

// A file that is dropped here is for this question, not for the whole house.
function dropping(ask: Ask, again: () => void) {
  return {
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      const file = event.dataTransfer?.files[0]
      if (!file) return
      event.preventDefault()
      event.stopPropagation()
      hovering.value = false
      answerWith(ask.id, file, {}, () => undefined).then(
        (result) => {
          showSlip({ text: result.status === 'refused' ? result.reason : t('ui.ask.dropped') })
          again()
        },
        (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
      )
    },
  }
}

type Open = { how: 'answer' | 'link'; to: string } | null

function Tools({ ask, open, takeBack }: { ask: Ask; open: (what: Open) => void; takeBack: () => void }) {
  const film = () => void putIntoFilm(ask).catch((cause: unknown) => showSlip({ text: sentenceOf(cause) }))
  return (
    <div class="ask-tools">
      <button type="button" onClick={() => open({ how: 'answer', to: '' })}>
        {t('ui.ask.answer')}
      </button>
      <button type="button" class="plain" onClick={() => open({ how: 'link', to: '' })}>
        {t('ui.ask.send_on')}
      </button>
      {ask.replies.length > 0 && (
        <button type="button" class="plain" onClick={film}>
          {t('ui.ask.film')}
        </button>
      )}
      <button type="button" class="plain round" aria-label={t('ui.ask.take_back', { text: wordsOf(ask) })} onClick={takeBack}>
        <Sign name="close" />
      </button>
    </div>
  )
}

function OneAsk({ ask, again, sending }: { ask: Ask; again: () => void; sending: boolean }) {
  const [open, setOpen] = useState<Open>(sending ? { how: 'link', to: '' } : null)
  const hearers = useHearers(ask)
  const kept = () => {
    setOpen(null)
    again()
    showSlip({ text: t('ui.ask.kept') })
  }
  const takeBack = () =>
    void asksApi.takeBack(ask.id).then(
      () => {
        again()
        showSlip({ text: t('ui.ask.taken_back') })
      },
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  const forReply = (reply: Reply) => (
    <button type="button" class="plain reply-again" onClick={() => setOpen({ how: 'answer', to: reply.claim })}>
      {t('ui.ask.reply', { name: nameOf(reply) })}
    </button>
  )
  return (
    <li class="ask" id={`ask-${ask.id}`} tabIndex={-1} data-group={`ask-${ask.id}`} {...dropping(ask, again)}>
      <p class="ask-text">{wordsOf(ask)}</p>
      {!ask.rests && <p class="who">{t(ask.to_name ? 'ui.ask.from_to' : 'ui.ask.from', { name: nameOf(ask), to: ask.to_name })}</p>}
      {ask.voice && (
        <button type="button" class="reply-voice" onClick={() => hear(mediaOf(ask.id, ask.claim))}>
          <Sign name="play" />
          {t('ui.ask.hear_question')}
        </button>
      )}
      <Replies ask={ask} more={forReply} />
      {ask.replies.length === 0 && !ask.rests && <p class="quiet">{t('ui.ask.waits')}</p>}
      {open?.how === 'answer' && <AnswerWith key={open.to} ask={ask.id} replyTo={open.to} hearers={hearers} kept={kept} />}
      {open?.how === 'link' && <SendIt ask={ask} done={() => setOpen(null)} />}
      {open?.how !== 'answer' && !ask.rests && <Tools ask={ask} open={setOpen} takeBack={takeBack} />}
    </li>
  )
}

export function Asked({ asks, again, fresh }: { asks: readonly Ask[]; again: () => void; fresh: string }) {
  if (asks.length === 0) return null
  return (
    <>
      <ul class="asked" aria-label={t('ui.ask.here')}>
        {asks.map((ask) => (
          <OneAsk key={ask.id + (ask.id === fresh ? '!' : '')} ask={ask} again={again} sending={ask.id === fresh} />
        ))}
      </ul>
      <ThinSwitch asks={asks} />
    </>
  )
}
