// SPDX-License-Identifier: AGPL-3.0-or-later
// The door: by a device the house knows, by name and password, or by the code of a card. A card's link opens it by itself, after
// one moment in which one sees where one is going.

import { useEffect, useRef, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { go, place } from '../app/route'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { door, type Me } from '../net/door'
import { ByDevice } from './ByDevice'
import { arrived, bareCode, inGroups } from './code'
import { Field, Password, Wrong } from './Field'
import { cameIn, ended, may, me, mayStart, shownName } from './me'
import { wayBack } from './ways'

const moment_ms = 900

function useTrying(come: (here: Me) => void) {
  const [trouble, setTrouble] = useState('')
  const [busy, setBusy] = useState(false)
  const attempt = async (key: { code: string } | { name: string; password: string }) => {
    setBusy(true)
    setTrouble('')
    try {
      come(await door.enter(key))
      return true
    } catch (cause) {
      setTrouble(sentenceOf(cause))
      setBusy(false)
      return false
    }
  }
  return { trouble, busy, attempt }
}

function ByName({ come }: { come: (here: Me) => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const { trouble, busy, attempt } = useTrying(come)
  const submit = (event: Event) => {
    event.preventDefault()
    void attempt({ name, password }).then((fine) => !fine && document.getElementById('password')?.focus())
  }
  return (
    <form class="sheet-of-paper" onSubmit={submit} aria-labelledby="by-name">
      <h2 id="by-name">{t('ui.enter.by_name')}</h2>
      <Field id="name" label={t('ui.enter.name')} value={name} change={setName} complete="username" required />
      <Password
        id="password"
        label={t('ui.enter.password')}
        value={password}
        change={setPassword}
        complete="current-password"
        wrong={trouble !== ''}
        required
      />
      {trouble && <Wrong text={trouble} />}
      <button type="submit" class="act" disabled={busy}>
        {t('ui.enter.act')}
      </button>
    </form>
  )
}

function ByCode({ come }: { come: (here: Me) => void }) {
  const [code, setCode] = useState('')
  const { trouble, busy, attempt } = useTrying(come)
  const submit = (event: Event) => {
    event.preventDefault()
    void attempt({ code: bareCode(code) }).then((fine) => !fine && document.getElementById('code')?.focus())
  }
  return (
    <form class="sheet-of-paper" onSubmit={submit} aria-labelledby="by-code">
      <h2 id="by-code">{t('ui.enter.by_code')}</h2>
      <Field
        id="code"
        label={t('ui.enter.code')}
        hint={t('ui.enter.code.hint')}
        value={code}
        change={setCode}
        wrong={trouble !== ''}
        spaced
        required
      />
      {trouble && <Wrong text={trouble} />}
      <button type="submit" disabled={busy}>
        {t('ui.enter.code.act')}
      </button>
    </form>
  )
}

// Came by a link or a card: what is read there is shown for a moment, then the door opens.
function Arriving({ code, come }: { code: string; come: (here: Me) => void }) {
  const { trouble, attempt } = useTrying(come)
  const attempted = useRef('')
  useEffect(() => {
    if (attempted.current === code) return undefined
    const timer = setTimeout(() => {
      attempted.current = code
      void attempt({ code })
    }, moment_ms)
    return () => clearTimeout(timer)
  }, [code])
  if (trouble) {
    return (
      <div class="trouble" role="alert">
        <p>{trouble}</p>
        <button type="button" onClick={() => (arrived.value = '')}>
          {t('ui.enter.otherwise')}
        </button>
      </div>
    )
  }
  return (
    <div class="sheet-of-paper" role="status">
      <p class="lead">{t('ui.enter.opening')}</p>
      <p class="spaced">{inGroups(code)}</p>
    </div>
  )
}

// Somebody is here already: the page says who, and leads on.
function HereAlready({ to }: { to: string }) {
  return (
    <div class="sheet-of-paper">
      <p>{shownName.value ? t('ui.enter.here', { name: shownName.value }) : t('ui.enter.here.machine')}</p>
      <p>
        <a class="button act" href={to}>
          {t('ui.enter.on')}
        </a>
      </p>
    </div>
  )
}

export function Enter() {
  const to = wayBack(place.value.query.get('to'))
  const code = arrived.value
  const come = (here: Me) => cameIn(here, to)
  const unowned = !me.value.owned && mayStart()
  useEffect(() => {
    if (unowned && !code) go('/start', 'replace')
  }, [unowned, code])
  return (
    <Page title={t('ui.enter.title')} narrow>
      {ended.value && !code && (
        <p class="card" role="status">
          {t(`ui.enter.ended.${ended.value}`)}
        </p>
      )}
      {code && <Arriving key={code} code={code} come={come} />}
      {!code && may('guest') && <HereAlready to={to} />}
      {!code && <ByDevice come={come} />}
      {!code && (
        <div class="two-doors">
          <ByName come={come} />
          <ByCode come={come} />
        </div>
      )}
      <p class="quiet">{t('ui.enter.none')}</p>
    </Page>
  )
}
