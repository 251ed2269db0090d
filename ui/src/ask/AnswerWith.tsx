// SPDX-License-Identifier: AGPL-3.0-or-later
// Answering: one large button, pressed twice, keeps a voice; below it, quietly, a film, words, or a file. Where the
// browser gives no microphone, the telephone's own recorder brings the file.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { FormEnd } from '../app/FormEnd'
import { Sign } from '../app/Sign'
import { clock } from '../base/show'
import { lang, t } from '../base/words'
import { me } from '../door/me'
import { sentenceOf } from '../net/api'
import { answerWith, asksApi } from '../net/asks'
import type { Kind } from '../record/choose'
import { Meters } from '../record/Meters'
import { Session } from '../record/session'
import type { Hearer } from './hearers'
import { endpoint, shelf } from '../record/unsent'

interface Props {
  ask: string
  replyTo?: string
  hearers: readonly Hearer[] // for one of whom alone an answer may be
  kept: () => void // something was answered, and lies safe
}

const letters_most = 2000
const any_file = 'audio/*,video/*,image/*'

function canRecord(): boolean {
  return globalThis.isSecureContext && 'mediaDevices' in navigator && 'MediaRecorder' in globalThis
}

// What goes along with an answer.
function withIt(replyTo: string | undefined, only: string): { reply_to?: string; for?: string } {
  return { ...(replyTo ? { reply_to: replyTo } : {}), ...(only ? { for: only } : {}) }
}

function useRecording({ ask, replyTo, kept }: Props, only: string) {
  const [session, setSession] = useState<Session | null>(null)
  const [kind, setKind] = useState<Kind>('sound')
  const [trouble, setTrouble] = useState('')
  const [denied, setDenied] = useState(false)
  const now = useRef<Session | null>(null)
  useEffect(() => () => void now.current?.end(), []) // leaving the page ends it, and keeps it
  const settle = async (of: Session) => {
    try {
      const result = await of.outcome()
      if (result.status === 'refused') setTrouble(t('ui.record.refused', { why: result.reason }))
      else kept()
    } catch (cause) {
      setTrouble(t('ui.record.failed', { why: cause instanceof Error ? cause.message : '' }))
    }
    setSession(null)
  }
  const begin = async (wanted: Kind) => {
    setTrouble('')
    setKind(wanted)
    try {
      const cause = { ask, ...withIt(replyTo, only) }
      const fresh = await Session.open({ kind: wanted, shelf, endpoint: endpoint(), headers: { 'Accept-Language': lang.value }, for: cause })
      now.current = fresh
      setSession(fresh)
      await fresh.press()
      void settle(fresh)
    } catch {
      setDenied(true)
      setTrouble(t('ui.answer.no_microphone'))
    }
  }
  return { session, kind, trouble, denied, begin }
}

function Finder({ session }: { session: Session }) {
  const film = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (film.current) film.current.srcObject = session.stream
  }, [session])
  return <video class="finder" ref={film} muted autoPlay playsInline aria-label={t('ui.record.finder')} />
}

function Running({ session, kind }: { session: Session; kind: Kind }) {
  const over = session.stage.value === 'ending' || session.stage.value === 'over'
  const words = over ? (session.way.value === 'waiting' ? 'ui.record.way.waiting' : 'ui.answer.keeping') : 'ui.answer.listening'
  return (
    <div class="recorder recording answering" data-group="answer">
      {kind === 'film' && !over && <Finder session={session} />}
      <p class="record-time" role="timer">
        {clock(Math.floor(session.elapsed.value / 1000) * 1000)}
      </p>
      <button type="button" class="act record-button" disabled={over} onClick={() => void session.end()}>
        <span class="record-mark" aria-hidden="true" />
        <span>{t(over ? 'ui.record.ending' : 'ui.answer.end')}</span>
      </button>
      <p class="record-words" role="status">
        {t(words)}
      </p>
      {!over && <Meters session={session} film={kind === 'film'} />}
    </div>
  )
}

function Write({ ask, replyTo, kept, only, leave }: Props & { only: string; leave: () => void }) {
  const [text, setText] = useState('')
  const [trouble, setTrouble] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => field.current?.focus(), [])
  const keep = (event: Event) => {
    event.preventDefault()
    if (!text.trim()) return setTrouble(t('ui.answer.write.missing'))
    return void asksApi.answer(ask, { text, ...withIt(replyTo, only) }).then(kept, (cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  return (
    <form class="answer-write" onSubmit={keep} data-group="answer">
      <label for="answer-text">{t('ui.answer.write.label')}</label>
      <textarea id="answer-text" ref={field} rows={5} maxLength={letters_most} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <FormEnd trouble={trouble} act={t('ui.answer.leave_it')} leave={leave} />
    </form>
  )
}

function useFile({ ask, replyTo, kept }: Props, only: string) {
  const [share, setShare] = useState<number | null>(null)
  const [trouble, setTrouble] = useState('')
  const send = (file: File | undefined) => {
    if (!file) return
    setTrouble('')
    setShare(0)
    answerWith(ask, file, withIt(replyTo, only), setShare)
      .then(
        (result) => (result.status === 'refused' ? setTrouble(result.reason || t('ui.answer.file.refused')) : kept()),
        (cause: unknown) => setTrouble(sentenceOf(cause)),
      )
      .finally(() => setShare(null))
  }
  return { share, trouble, send }
}

function FileButton({ big, accept, label, send }: { big: boolean; accept: string; label: string; send: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" class={big ? 'act record-button' : 'plain'} onClick={() => input.current?.click()}>
        {big && <span class="record-mark" aria-hidden="true" />}
        <span>{label}</span>
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        {...(big ? { capture: 'user' as const } : {})}
        aria-label={label}
        onChange={(event) => {
          send(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

// A child may want only mother to hear it. A guest's file cannot be told apart on its way, so then there is no choice.
function Only({ hearers, only, choose }: { hearers: readonly Hearer[]; only: string; choose: (only: string) => void }) {
  return (
    <>
      {hearers.map((one) => (
        <button key={one.id} type="button" class="plain" aria-pressed={only === one.id} onClick={() => choose(only === one.id ? '' : one.id)}>
          {only === one.id && <Sign name="check" />}
          {t('ui.answer.only', { name: one.name })}
        </button>
      ))}
    </>
  )
}

export function AnswerWith(props: Props) {
  const [only, setOnly] = useState('')
  const { session, kind, trouble, denied, begin } = useRecording(props, only)
  const [writing, setWriting] = useState(false)
  const file = useFile(props, only)
  const own = denied || !canRecord()
  const guest = me.value.role === 'guest'
  if (session) return <Running session={session} kind={kind} />
  if (writing) return <Write {...props} only={only} leave={() => setWriting(false)} />
  return (
    <div class="recorder answering" data-group="answer">
      {own ? (
        <>
          <p class="answer-own">{t(denied ? 'ui.answer.no_microphone' : 'ui.answer.insecure')}</p>
          <FileButton big accept="audio/*" label={t('ui.answer.own')} send={file.send} />
        </>
      ) : (
        <button type="button" class="act record-button" onClick={() => void begin('sound')}>
          <span class="record-mark" aria-hidden="true" />
          <span>{t('ui.answer.begin')}</span>
        </button>
      )}
      {file.share !== null && (
        <p role="status">
          {t('ui.answer.sending', { share: Math.round(file.share * 100) })}
        </p>
      )}
      {(file.trouble || (trouble && !own)) && (
        <p class="wrong" role="alert">
          {file.trouble || trouble}
        </p>
      )}
      <div class="answer-ways">
        {!own && (
          <button type="button" class="plain" onClick={() => void begin('film')}>
            {t('ui.answer.film')}
          </button>
        )}
        <button type="button" class="plain" onClick={() => setWriting(true)}>
          {t('ui.answer.write')}
        </button>
        {!(guest && only) && <FileButton big={false} accept={any_file} label={t('ui.answer.file')} send={file.send} />}
        {!(guest && own) && <Only hearers={props.hearers} only={only} choose={setOnly} />}
      </div>
    </div>
  )
}
