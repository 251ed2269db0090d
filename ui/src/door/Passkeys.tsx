// SPDX-License-Identifier: AGPL-3.0-or-later
// The devices that open the door by themselves: this one is remembered, each is called something and
// can be taken away.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Trouble } from '../app/Trouble'
import { focusDrawn } from '../base/focus'
import { showSlip } from '../base/say'
import { dayName } from '../base/show'
import { lang, t } from '../base/words'
import { sentenceOf } from '../net/api'
import { door, type Passkey } from '../net/door'
import { longAgo } from './device'
import { Field, Wrong } from './Field'
import { canKnow, know, sentenceOfDevice } from './passkey'
import { spokenDevice } from './SessionList'

function used(one: Passkey): string {
  if (!one.used_ms) return t('ui.passkey.unused')
  const ago = longAgo(one.used_ms, Date.now(), lang.value)
  return ago ? t('ui.passkey.used', { ago }) : t('ui.passkey.used.now')
}

function Away({ one, away, stay }: { one: Passkey; away: () => void; stay: () => void }) {
  const gentle = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => gentle.current?.focus(), [])
  return (
    <div class="confirm" role="alertdialog" aria-labelledby="away-text" onKeyDown={(event) => event.key === 'Escape' && stay()}>
      <p id="away-text">{t('ui.passkey.away.sure', { name: one.label })}</p>
      <div class="row">
        <button type="button" ref={gentle} onClick={stay}>
          {t('ui.edit.leave')}
        </button>
        <button type="button" class="act" onClick={away}>
          {t('ui.passkey.away')}
        </button>
      </div>
    </div>
  )
}

function Naming({ one, told, stay }: { one: Passkey; told: (all: Passkey[]) => void; stay: () => void }) {
  const [label, setLabel] = useState(one.label)
  const [trouble, setTrouble] = useState('')
  useLayoutEffect(() => document.getElementById('passkey-label')?.focus(), [])
  const submit = (event: Event) => {
    event.preventDefault()
    door.callPasskey(one.id, label).then(
      (all) => told(all.passkeys),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }
  return (
    <form class="sheet-of-paper" onSubmit={submit} aria-label={t('ui.passkey.name.of', { name: one.label })}>
      <Field id="passkey-label" label={t('ui.passkey.label')} value={label} change={setLabel} wrong={trouble !== ''} required />
      {trouble && <Wrong text={trouble} />}
      <div class="row">
        <button type="submit">{t('ui.edit.keep')}</button>
        <button type="button" class="plain" onClick={stay}>
          {t('ui.edit.leave')}
        </button>
      </div>
    </form>
  )
}

function Row({ one, open }: { one: Passkey; open: (how: Open['how']) => void }) {
  const made = t('ui.passkey.made', { day: dayName(new Date(one.made_ms).toISOString(), lang.value) })
  const elsewhere = one.rp !== location.hostname && t('ui.passkey.at', { name: one.rp })
  return (
    <div class="entry">
      <div class="entry-words">
        <p class="entry-name">{one.label}</p>
        <p class="quiet">{[made, used(one), elsewhere].filter(Boolean).join(t('ui.comma'))}</p>
      </div>
      <div class="row">
        <button type="button" class="plain" id={`name-${one.id}`} aria-label={t('ui.passkey.name.of', { name: one.label })} onClick={() => open('name')}>
          {t('ui.passkey.name')}
        </button>
        <button type="button" id={`away-${one.id}`} aria-label={t('ui.passkey.away.of', { name: one.label })} onClick={() => open('away')}>
          {t('ui.passkey.away')}
        </button>
      </div>
    </div>
  )
}

interface Open {
  id: string
  how: 'name' | 'away'
}

function List({ all, told }: { all: readonly Passkey[]; told: (all: Passkey[]) => void }) {
  const [at, setAt] = useState<Open | null>(null)
  const close = (from: Open) => {
    setAt(null)
    focusDrawn(() => document.getElementById(`${from.how}-${from.id}`))
  }
  const away = async (one: Passkey) => {
    try {
      await door.forgetPasskey(one.id)
      told((await door.passkeys()).passkeys)
      showSlip({ text: t('ui.passkey.gone', { name: one.label }) })
    } catch (cause) {
      showSlip({ text: sentenceOf(cause) })
    }
    setAt(null)
    focusDrawn(() => document.getElementById('add-passkey') ?? document.getElementById('my-passkeys'))
  }
  const named = (from: Open, now: Passkey[]) => {
    told(now)
    close(from)
  }
  return (
    <ul class="entries">
      {all.map((one) => (
        <li key={one.id}>
          {(at?.id !== one.id || at.how === 'away') && <Row one={one} open={(how) => setAt({ id: one.id, how })} />}
          {at?.id === one.id && at.how === 'away' && <Away one={one} away={() => void away(one)} stay={() => close(at)} />}
          {at?.id === one.id && at.how === 'name' && <Naming one={one} told={(now) => named(at, now)} stay={() => close(at)} />}
        </li>
      ))}
    </ul>
  )
}

function Add({ told }: { told: (all: Passkey[]) => void }) {
  const [trouble, setTrouble] = useState('')
  const [busy, setBusy] = useState(false)
  const add = async () => {
    const label = spokenDevice(navigator.userAgent)
    setBusy(true)
    setTrouble('')
    try {
      told(await know(label))
      showSlip({ text: t('ui.passkey.added', { name: label }) })
    } catch (cause) {
      setTrouble(sentenceOfDevice(cause, t('ui.passkey.stopped')))
    }
    setBusy(false)
    focusDrawn(() => document.getElementById('add-passkey'))
  }
  return (
    <>
      {trouble && <Wrong text={trouble} />}
      <button type="button" id="add-passkey" aria-busy={busy} onClick={() => !busy && void add()}>
        {t('ui.passkey.add')}
      </button>
    </>
  )
}

export function Passkeys() {
  const [all, setAll] = useState<Passkey[] | null>(null)
  const [trouble, setTrouble] = useState('')
  const load = () =>
    door.passkeys().then(
      (found) => setAll(found.passkeys),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  useEffect(() => void load(), [])
  return (
    <section class="part" aria-labelledby="my-passkeys">
      <h2 id="my-passkeys" tabIndex={-1}>
        {t('ui.passkey.title')}
      </h2>
      {trouble && <Trouble text={trouble} again={() => void load()} />}
      {all?.length === 0 && <p>{t('ui.passkey.text')}</p>}
      {all && all.length > 0 && <List all={all} told={setAll} />}
      {all && (canKnow() ? <Add told={setAll} /> : <p class="quiet">{t('ui.passkey.not_here')}</p>)}
    </section>
  )
}
