// SPDX-License-Identifier: AGPL-3.0-or-later
// Whoever was asked sees the picture, the frame, the question, and one large button. No account, no menus.

import { useEffect, useState } from 'preact/hooks'
import { ThinSwitch } from '../apart/ThinSwitch'
import { useTitle } from '../app/Page'
import { useNews } from '../base/useNews'
import { lang, t } from '../base/words'
import { me } from '../door/me'
import { isAbort, Refusal, sentenceOf } from '../net/api'
import { asksApi, mediaOf, pictureOf, playOf, type Ask } from '../net/asks'
import { placeOf } from '../picture/Frame'
import { AnswerWith } from './AnswerWith'
import { askerOf } from './hearers'
import { hear, stopHearing } from './hear'
import { nameOf, Replies, wordsOf } from './Replies'

function useAsk(id: string) {
  const [ask, setAsk] = useState<Ask | null>(null)
  const [trouble, setTrouble] = useState('')
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    asksApi.ask(id, stop.signal).then(setAsk, (cause: unknown) => {
      if (isAbort(cause)) return
      const over = cause instanceof Refusal && [401, 403, 404].includes(cause.status)
      if (over) setAsk(null)
      setTrouble(over ? t('ui.answer.over') : sentenceOf(cause))
    })
    return () => stop.abort()
  }, [id, lang.value, turn])
  const again = () => setTurn((n) => n + 1)
  useNews((news) => news.kind === 'ask' || news.kind === 'may' || news.kind === 'all', again)
  return { ask, trouble, again }
}

function Asked({ ask }: { ask: Ask }) {
  const shape = ask.width > 0 ? { aspectRatio: `${ask.width} / ${ask.height}`, '--ratio': String(ask.width / ask.height) } : {}
  return (
    <>
      {ask.kind === 'video' && <video class="answer-film" controls playsInline preload="metadata" poster={pictureOf(ask, 1024)} src={playOf(ask)} aria-label={t('ui.answer.picture')} />}
      {ask.kind === 'audio' && <audio controls preload="metadata" src={playOf(ask)} aria-label={t('ui.answer.picture')} />}
      {ask.kind === 'photo' && ask.has_picture && (
        <div class="answer-picture" style={shape}>
          <img src={pictureOf(ask, 2048)} alt={t('ui.answer.picture')} />
          {ask.region && <span class="answer-frame" style={placeOf(ask.region)} aria-hidden="true" />}
        </div>
      )}
      {!ask.rests && <p class="who">{t('ui.ask.from', { name: nameOf(ask) })}</p>}
      <h1 class="answer-question">{wordsOf(ask)}</h1>
      {ask.voice && (
        <button type="button" onClick={() => hear(mediaOf(ask.id, ask.claim))}>
          {t('ui.ask.hear_question')}
        </button>
      )}
    </>
  )
}

function Thanks({ more }: { more: () => void }) {
  return (
    <div class="answer-thanks" role="status" data-group="answer">
      <p class="lead">{t('ui.answer.kept')}</p>
      <p>{t('ui.answer.kept.where')}</p>
      <button type="button" onClick={more}>
        {t('ui.answer.more')}
      </button>
    </div>
  )
}

// Whoever the card names has their own hand on the tap here as well.
function ToMine() {
  if (me.value.role !== 'guest' || !me.value.hand) return null
  return (
    <p class="quiet">
      <a href="/mine">{t('ui.hand.title')}</a>
    </p>
  )
}

export function AnswerPage({ id }: { id: string }) {
  const { ask, trouble, again } = useAsk(id)
  const [done, setDone] = useState(false)
  useTitle(ask?.text || t('ui.answer.title'))
  useEffect(() => stopHearing, [])
  const kept = () => {
    setDone(true)
    again()
  }
  if (!ask)
    return trouble ? (
      <div class="page narrow answer-page">
        <h1>{t('ui.answer.title')}</h1>
        <p role="alert">{trouble}</p>
        <ToMine />
      </div>
    ) : null
  return (
    <div class="page narrow answer-page">
      <Asked ask={ask} />
      {done && <Thanks more={() => setDone(false)} />}
      {!done && !ask.rests && <AnswerWith ask={ask.id} hearers={askerOf(ask)} kept={kept} />}
      <ThinSwitch asks={[ask]} />
      <Replies ask={ask} />
      <ToMine />
    </div>
  )
}

// /a#CODE: enters, and shows the question at once.
export function ComeIn() {
  const [trouble, setTrouble] = useState('')
  const [asks, setAsks] = useState(false) // somebody is signed in here by name: that would end
  useTitle(t('ui.answer.title'))
  const code = decodeURIComponent(location.hash.slice(1))
  const enter = () =>
    asksApi.enter(code).then(
      (me) => location.replace(me.about ? `/answer/${me.about}` : '/'),
      (cause: unknown) => setTrouble(cause instanceof Refusal && cause.status === 403 ? t('ui.answer.over') : sentenceOf(cause)),
    )
  useEffect(() => {
    void asksApi.me().then(
      (me) => (me.account ? setAsks(true) : enter()),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }, [])
  return (
    <div class="page narrow answer-page">
      <h1>{t('ui.answer.title')}</h1>
      {trouble && <p role="alert">{trouble}</p>}
      {asks && !trouble && (
        <>
          <p>{t('ui.answer.signed_in')}</p>
          <button type="button" class="act" onClick={() => void enter()}>
            {t('ui.answer.as_guest')}
          </button>
          <a href="/">{t('ui.nowhere.home')}</a>
        </>
      )}
    </div>
  )
}
