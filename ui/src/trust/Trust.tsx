// SPDX-License-Identifier: AGPL-3.0-or-later
// How a device comes to know the house's own certificate. Whoever reads this has not come in yet, and
// may be asking over plain http: nothing here needs a session.

import { useEffect, useState } from 'preact/hooks'
import { LangSwitch, ThemeChoice } from '../app/Header'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { heard, say } from '../base/say'
import { lang, t } from '../base/words'
import { api, sentenceOf } from '../net/api'
import type { Trusted } from '../net/shapes'
import { Drawing } from './Drawing'
import { groups, systemOf, systems, type System } from './systems'

export const trustPath = '/trust'
const certificate = '/house-ca.crt'

// A connection that the browser does not trust fails before anything is answered.
async function isTrusted(safe: string): Promise<boolean> {
  try {
    await fetch(safe + certificate, { mode: 'no-cors', cache: 'no-store', credentials: 'omit' })
    return true
  } catch {
    return false
  }
}

function Steps({ open }: { open: System }) {
  return (
    <>
      {(Object.keys(systems) as System[]).map((system) => (
        <details key={system} class="trust-steps" open={system === open}>
          <summary>{t(`ui.trust.on.${system}`)}</summary>
          <ol>
            {Array.from({ length: systems[system] }, (_, i) => (
              <li key={i}>{t(`ui.trust.step.${system}.${i + 1}`)}</li>
            ))}
          </ol>
        </details>
      ))}
    </>
  )
}

function Fingerprint({ of }: { of: string }) {
  return (
    <section>
      <h2>{t('ui.trust.compare.title')}</h2>
      <p id="compare">{t('ui.trust.compare')}</p>
      <p class="fingerprint" aria-describedby="compare" translate={false}>
        {groups(of).map((group) => (
          <code key={group}>{group}</code>
        ))}
      </p>
    </section>
  )
}

function Check({ safe, known, found }: { safe: string; known: boolean | null; found: (known: boolean) => void }) {
  const [looking, look] = useState(false)
  const check = async () => {
    look(true)
    const is = await isTrusted(safe)
    look(false)
    found(is)
    say(t(is ? 'ui.trust.known' : 'ui.trust.unknown'))
  }
  return (
    <section class="trust-check">
      <h2>{t('ui.trust.check.title')}</h2>
      {known !== null && <p class={known ? 'is-known' : ''}>{t(known ? 'ui.trust.known' : 'ui.trust.unknown')}</p>}
      <p class="row">
        {known ? (
          <a class="button act" href={safe + '/'}>
            {t('ui.trust.on')}
          </a>
        ) : (
          <button type="button" disabled={looking} onClick={() => void check()}>
            {t('ui.trust.check')}
          </button>
        )}
      </p>
      {!known && <p class="quiet">{t('ui.trust.without')}</p>}
    </section>
  )
}

// Over TLS already: whoever reads this was let through, by trust or by a "go on all the same".
function Safe() {
  return (
    <section class="trust-check">
      <p>{t('ui.trust.safe')}</p>
      <p class="row">
        <a class="button" href="/">
          {t('ui.trust.on')}
        </a>
      </p>
    </section>
  )
}

function Own({ house }: { house: Trusted }) {
  const [known, found] = useState<boolean | null>(null)
  return (
    <>
      <Drawing known={known === true} />
      <p>{t('ui.trust.why')}</p>
      <p>{t('ui.trust.only')}</p>
      <Fingerprint of={house.fingerprint} />
      <section>
        <h2>{t('ui.trust.take.title')}</h2>
        <p class="row">
          <a class={known ? 'button' : 'button act'} href={certificate} rel="external">
            {t('ui.trust.take')}
          </a>
        </p>
        <Steps open={systemOf(navigator.userAgent, navigator.maxTouchPoints)} />
      </section>
      {house.safe ? <Check safe={house.safe} known={known} found={found} /> : <Safe />}
    </>
  )
}

function Said() {
  const [house, setHouse] = useState<Trusted | null>(null)
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    api.trust().then(setHouse, (cause: unknown) => setTrouble(sentenceOf(cause)))
  }, [])
  if (trouble) return <Trouble text={trouble} />
  if (!house) return null
  if (!house.home) return <p>{t('ui.trust.here')}</p>
  if (house.own) return <Own house={house} />
  return (
    <>
      <p>{t('ui.trust.given')}</p>
      <p class="row">
        <a class="button act" href={house.safe + '/'}>
          {t('ui.trust.on')}
        </a>
      </p>
    </>
  )
}

export function Trust() {
  return (
    <div class="room lone" lang={lang.value}>
      <header class="top">
        <span class="brand">
          <img src="/icon.svg" alt="" width="32" height="32" />
          <span>{t('app.name')}</span>
        </span>
        <span class="gap" />
        <LangSwitch />
        <ThemeChoice />
      </header>
      <main id="main" tabIndex={-1} class="trust">
        <Page title={t('ui.trust.title')} narrow>
          <Said />
        </Page>
      </main>
      <p class="unseen" role="status" aria-live="polite">
        {heard.value}
      </p>
    </div>
  )
}
