// SPDX-License-Identifier: AGPL-3.0-or-later
// Asking: where in the picture, what, and whom; typed, or spoken.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { FormEnd } from '../app/FormEnd'
import { Sign } from '../app/Sign'
import { wished, type Offer } from '../apart/turns'
import { WeekChoice } from '../apart/WeekChoice'
import { clock } from '../base/show'
import { lang, t } from '../base/words'
import { sentenceOf } from '../net/api'
import { asksApi, type Ask, type Asking } from '../net/asks'
import type { Person } from '../net/people'
import type { Item } from '../net/shapes'
import { Picker } from '../people/Picker'
import type { Box } from '../picture/framing'
import { Session } from '../record/session'
import { endpoint, shelf } from '../record/unsent'

const letters_most = 2000

interface Props {
  item: Item
  box: Box | null
  frame: () => void // lets the frame be drawn
  asked: (ask: Ask) => void
  leave: () => void
}

// A question may be spoken: two presses, as an answer is.
function Speak({ spoken, keep }: { spoken: boolean; keep: (voice: string) => void }) {
  const [session, setSession] = useState<Session | null>(null)
  const [trouble, setTrouble] = useState('')
  if (!globalThis.isSecureContext || !('MediaRecorder' in globalThis)) return null
  const press = async () => {
    if (session) return session.end()
    try {
      const fresh = await Session.open({ kind: 'sound', shelf, endpoint: endpoint(), headers: { 'Accept-Language': lang.value } })
      setSession(fresh)
      await fresh.press()
      const result = await fresh.outcome()
      if (result.status !== 'refused') keep(result.id)
    } catch {
      setTrouble(t('ui.answer.no_microphone'))
    }
    return setSession(null)
  }
  const seconds = session ? clock(Math.floor(session.elapsed.value / 1000) * 1000) : ''
  return (
    <>
      <button type="button" aria-pressed={session !== null} onClick={() => void press()}>
        <Sign name="wave" />
        {session ? t('ui.ask.speak.end', { time: seconds }) : t(spoken ? 'ui.ask.speak.again' : 'ui.ask.speak')}
      </button>
      {spoken && !session && <p role="status">{t('ui.ask.speak.kept')}</p>}
      {trouble && <p class="wrong" role="alert">{trouble}</p>}
    </>
  )
}

type Span = { from_ms: number; to_ms: number }
const span_ms = 5000

// The moment at which the film or the recording on the page stands.
function momentNow(item: Item): Span | null {
  const media = document.querySelector<HTMLMediaElement>('.stage video, .stage audio')
  if (!media) return null
  const from_ms = Math.max(0, Math.min(Math.round(media.currentTime * 1000), item.duration_ms - span_ms))
  return { from_ms, to_ms: Math.min(item.duration_ms, from_ms + span_ms) }
}

function Moment({ item, span, choose }: { item: Item; span: Span | null; choose: (span: Span | null) => void }) {
  if (item.kind === 'photo' || item.duration_ms <= 0) return null
  return (
    <button type="button" aria-pressed={span !== null} onClick={() => choose(span ? null : momentNow(item))}>
      {span ? t('ui.ask.moment.chosen', { time: clock(span.from_ms) }) : t('ui.ask.moment')}
    </button>
  )
}

function Whom({ person, choose }: { person: Person | null; choose: (person: Person | null) => void }) {
  if (!person) return <Picker id="ask-whom" label={t('ui.ask.whom')} choose={choose} />
  return (
    <p class="ask-whom">
      {t('ui.ask.whom.chosen', { name: person.name })}
      <button type="button" class="plain round" aria-label={t('ui.ask.whom.other')} onClick={() => choose(null)}>
        <Sign name="close" />
      </button>
    </p>
  )
}

export function AskForm({ item, box, frame, asked, leave }: Props) {
  const [text, setText] = useState('')
  const [voice, setVoice] = useState('')
  const [span, setSpan] = useState<Span | null>(null)
  const [person, setPerson] = useState<Person | null>(null)
  const [week, setWeek] = useState<Offer | null>(null)
  const [trouble, setTrouble] = useState('')
  const where = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const framed = item.kind === 'photo' && item.thumb !== ''
  useLayoutEffect(() => (framed ? where.current : field.current)?.focus(), [])
  useLayoutEffect(() => {
    if (box) field.current?.focus()
  }, [box])
  const ask = (event: Event) => {
    event.preventDefault()
    if (!text.trim() && !voice) {
      field.current?.focus()
      return setTrouble(t('ui.ask.what.missing'))
    }
    const asking: Asking = { item: item.id, text: text.trim(), lang: lang.value }
    if (box) asking.region = box
    if (span) asking.span = span
    if (voice) asking.voice = voice
    if (person) asking.to = person.id
    if (week) Object.assign(asking, { round: week.round, place: week.place })
    const said = (ask: Ask) => {
      if (week) wished.value = ''
      asked(ask)
    }
    return void asksApi.say(asking).then(said, (cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    leave()
  }
  return (
    <form class="edit ask-form" onSubmit={ask} onKeyDown={escape} aria-label={t('ui.ask.open')} data-group="ask">
      {framed && (
        <button type="button" ref={where} class="ask-where" onClick={frame}>
          <Sign name="faces" />
          {t(box ? 'ui.ask.where.again' : 'ui.ask.where')}
        </button>
      )}
      <Moment item={item} span={span} choose={setSpan} />
      <label for="ask-text">{t('ui.ask.what')}</label>
      <textarea
        id="ask-text"
        ref={field}
        rows={2}
        maxLength={letters_most}
        value={text}
        placeholder={t('ui.ask.what.example')}
        aria-describedby={trouble ? 'ask-trouble' : undefined}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Speak spoken={voice !== ''} keep={setVoice} />
      <Whom person={person} choose={setPerson} />
      <WeekChoice offer={week} choose={setWeek} />
      <FormEnd trouble={trouble} id="ask-trouble" act={t('ui.ask.send')} leave={leave} />
    </form>
  )
}
