// SPDX-License-Identifier: AGPL-3.0-or-later
// Where somebody is signed in: whose, on what, since when; each can be ended with one press.

import { useEffect, useState } from 'preact/hooks'
import { Trouble } from '../app/Trouble'
import { showSlip } from '../base/say'
import { lang, t } from '../base/words'
import { sentenceOf } from '../net/api'
import { door, type Session } from '../net/door'
import { browserOf, deviceOf, longAgo } from './device'

// By what a browser says of itself: "phone (Safari)".
export function spokenDevice(said: string): string {
  const browser = browserOf(said)
  const what = t(`ui.device.${deviceOf(said)}`)
  return browser ? t('ui.session.on', { what, browser }) : what
}

export function spokenSession(one: Session): string {
  const on = spokenDevice(one.browser)
  return one.name ? t('ui.session.whose', { name: one.name, on }) : on
}

function seen(one: Session): string {
  if (one.this) return t('ui.session.this')
  const ago = longAgo(one.seen_ms, Date.now(), lang.value)
  return ago ? t('ui.session.seen', { ago }) : t('ui.session.now')
}

function Row({ one, end }: { one: Session; end: () => void }) {
  const name = spokenSession(one)
  return (
    <li class="entry">
      <div class="entry-words">
        <p class="entry-name">{name}</p>
        <p class="quiet">{[seen(one), one.card && t('ui.session.card')].filter(Boolean).join(t('ui.comma'))}</p>
      </div>
      {!one.this && (
        <button type="button" aria-label={t('ui.session.end.of', { name })} onClick={end}>
          {t('ui.session.end')}
        </button>
      )}
    </li>
  )
}

export function SessionList({ turn = 0 }: { turn?: number }) {
  const [all, setAll] = useState<Session[] | null>(null)
  const [trouble, setTrouble] = useState('')
  const load = () =>
    door.sessions().then(
      (found) => setAll(found.sessions),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  useEffect(() => void load(), [turn])
  const end = async (one: Session) => {
    try {
      await door.endSession(one.id)
      showSlip({ text: t('ui.session.ended', { name: spokenSession(one) }) })
    } catch (cause) {
      showSlip({ text: sentenceOf(cause) })
    }
    void load()
  }
  return (
    <>
      {trouble && <Trouble text={trouble} again={() => void load()} />}
      {all && all.length === 0 && <p>{t('ui.session.none')}</p>}
      {all && all.length > 0 && (
        <ul class="entries">
          {all.map((one) => (
            <Row key={one.id} one={one} end={() => void end(one)} />
          ))}
        </ul>
      )}
    </>
  )
}
