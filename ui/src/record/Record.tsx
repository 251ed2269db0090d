// SPDX-License-Identifier: AGPL-3.0-or-later
// Record: one button. Press, speak, press: it is kept. Where a browser gives no microphone, the
// telephone's own recorder stands in.

import { useEffect, useRef, useState } from 'preact/hooks'
import { readAbout } from '../app/about'
import { Page } from '../app/Page'
import { go } from '../app/route'
import { Sign } from '../app/Sign'
import { ParcelList } from '../add/ParcelList'
import { showSlip } from '../base/say'
import { clock } from '../base/show'
import { lang, t } from '../base/words'
import { forgetLine } from '../line/store'
import type { UploadResult } from '../net/shapes'
import { chooseType, type Kind } from './choose'
import { LeftList } from './LeftList'
import { Meters } from './Meters'
import { OwnRecorder } from './OwnRecorder'
import { canHold } from './ring'
import { Session } from './session'
import { endpoint, shelf } from './unsent'

const lengths = [20, 60] as const

function canRecord(): boolean {
  return globalThis.isSecureContext && 'mediaDevices' in navigator && 'MediaRecorder' in globalThis
}

// Whether the last seconds could be held, in what this browser records.
function canListen(kind: Kind): boolean {
  return canHold(chooseType(kind, (type) => MediaRecorder.isTypeSupported(type)))
}

function tellKept(result: UploadResult): void {
  forgetLine()
  void readAbout()
  showSlip({ text: t('ui.record.kept'), act: { label: t('ui.record.open'), run: () => go(`/item/${result.id}`) } })
}

// The session of the page, and what it may do. Leaving the page ends a recording, and keeps it.
function useSession(kind: Kind) {
  const [session, setSession] = useState<Session | null>(null)
  const [trouble, setTrouble] = useState('')
  const here = useRef(true)
  const now = useRef<Session | null>(null)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
      void now.current?.end()
    }
  }, [])
  const open = async (): Promise<Session | null> => {
    setTrouble('')
    try {
      const fresh = await Session.open({ kind, shelf, endpoint: endpoint(), headers: { 'Accept-Language': lang.value } })
      now.current = fresh
      setSession(fresh)
      return fresh
    } catch (cause) {
      const none = cause instanceof DOMException && cause.name === 'NotFoundError'
      setTrouble(t(none ? 'ui.record.none' : 'ui.record.denied'))
      return null
    }
  }
  const settle = async (of: Session): Promise<void> => {
    try {
      const result = await of.outcome()
      if (result.status === 'refused') setTrouble(t('ui.record.refused', { why: result.reason }))
      else if (here.current) go(`/item/${result.id}`)
      else tellKept(result)
      if (here.current) setSession(null)
    } catch (cause) {
      setTrouble(t('ui.record.failed', { why: cause instanceof Error ? cause.message : '' }))
    }
  }
  const begin = async (): Promise<void> => {
    const open_one = session && session.stage.value !== 'over' ? session : await open()
    if (!open_one) return
    await open_one.press()
    void settle(open_one)
  }
  const listen = async (seconds: number): Promise<void> => (await open())?.listen(seconds)
  const close = (): void => {
    session?.close()
    setSession(null)
  }
  return { session, trouble, begin, listen, close }
}

function Finder({ session }: { session: Session }) {
  const film = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (film.current) film.current.srcObject = session.stream
  }, [session])
  return <video class="finder" ref={film} muted autoPlay playsInline aria-label={t('ui.record.finder')} />
}

interface ListeningProps {
  seconds: number
  onSeconds: (seconds: number) => void
  onListen: () => void
}

function Listening({ seconds, onSeconds, onListen }: ListeningProps) {
  return (
    <div class="listening">
      <p class="quiet">{t('ui.record.listen.why')}</p>
      <div class="row">
        <button type="button" onClick={onListen}>
          {t('ui.record.listen')}
        </button>
        <label class="row">
          <span>{t('ui.record.listen.length')}</span>
          <select value={seconds} onChange={(event) => onSeconds(Number(event.currentTarget.value))}>
            {lengths.map((n) => (
              <option key={n} value={n}>
                {t('ui.record.seconds', { n })}
              </option>
            ))}
          </select>
        </label>
      </div>
    </div>
  )
}

function stageWords(session: Session | null, seconds: number): string {
  const stage = session?.stage.value ?? 'ready'
  if (stage === 'listening') return t('ui.record.listening', { n: seconds })
  if (stage === 'ending' || (stage === 'over' && session)) {
    const way = session?.way.value
    return t(way === 'full' ? 'ui.record.way.full' : way === 'waiting' ? 'ui.record.way.waiting' : 'ui.record.ending')
  }
  if (stage === 'recording') return t(session?.way.value === 'going' ? 'ui.record.recording' : 'ui.record.way.offline')
  return t('ui.record.ready')
}

function Recorder({ kind }: { kind: Kind }) {
  const { session, trouble, begin, listen, close } = useSession(kind)
  const [seconds, setSeconds] = useState<number>(lengths[0])
  const stage = session?.stage.value ?? 'ready'
  const recording = stage === 'recording'
  const label = recording ? 'ui.record.end' : stage === 'listening' ? 'ui.record.hold' : stage === 'ready' ? 'ui.record.begin' : 'ui.record.ending'
  const held = Math.round((session?.held.value ?? 0) / 1000)
  useEffect(() => {
    if (!recording) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [recording])
  return (
    <div class={`recorder ${stage}`}>
      {kind === 'film' && session && stage !== 'over' && <Finder session={session} />}
      <p class="record-time" role="timer">
        {clock(Math.floor((session?.elapsed.value ?? 0) / 1000) * 1000)}
      </p>
      <button
        type="button"
        class="act record-button"
        disabled={stage === 'ending' || stage === 'over'}
        onClick={() => void (recording ? session?.end() : begin())}
      >
        <span class="record-mark" aria-hidden="true" />
        <span>{t(label, { n: held })}</span>
      </button>
      <p class="record-words" role="status">
        {stageWords(session, seconds)}
      </p>
      {session && (recording || stage === 'listening') && <Meters session={session} film={kind === 'film'} />}
      {trouble && (
        <div class="trouble" role="alert">
          <p>{trouble}</p>
        </div>
      )}
      {stage === 'listening' && (
        <button type="button" onClick={close}>
          {t('ui.record.unlisten')}
        </button>
      )}
      {!session && canListen(kind) && <Listening seconds={seconds} onSeconds={setSeconds} onListen={() => void listen(seconds)} />}
      {trouble && <OwnRecorder kind={kind} />}
      {!session && <Other kind={kind} />}
    </div>
  )
}

function Other({ kind }: { kind: Kind }) {
  const film = kind === 'film'
  return (
    <p class="record-other">
      <a class="button" href={film ? '/record' : '/record?film'}>
        <Sign name={film ? 'wave' : 'film'} />
        {t(film ? 'ui.record.sound' : 'ui.record.film')}
      </a>
    </p>
  )
}

function WithoutMicrophone({ kind }: { kind: Kind }) {
  return (
    <>
      <OwnRecorder kind={kind} why={t('ui.record.insecure')} />
      <Other kind={kind} />
    </>
  )
}

export function Record({ kind }: { kind: Kind }) {
  return (
    <Page title={t(`ui.record.title.${kind}`)} narrow>
      {canRecord() ? <Recorder kind={kind} /> : <WithoutMicrophone kind={kind} />}
      <LeftList />
      <ParcelList />
    </Page>
  )
}
