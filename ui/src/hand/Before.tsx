// SPDX-License-Identifier: AGPL-3.0-or-later
// Before anything of mine goes beyond home: days that pass, and somebody who is asked.

import { useEffect, useState } from 'preact/hooks'
import { t, tn } from '../base/words'
import { door, type Someone } from '../net/door'
import type { Hand } from './useConsent'

const days = [0, 7, 30, 100]

export function Delay({ hand }: { hand: Hand }) {
  const now = hand.consent.delay
  const offered = days.includes(now) ? days : [...days, now].sort((a, b) => a - b)
  return (
    <section class="hand-part" aria-labelledby="delay-title">
      <h2 id="delay-title">{t('ui.hand.delay')}</h2>
      <p id="delay-does">{t('ui.hand.delay.does')}</p>
      <div class="chips" role="group" aria-labelledby="delay-title" aria-describedby="delay-does">
        {offered.map((n) => (
          <button key={n} type="button" aria-pressed={n === now} onClick={() => n !== now && void hand.say('delay', n)}>
            {n === 0 ? t('ui.hand.delay.none') : tn('ui.hand.days', n)}
          </button>
        ))}
      </div>
    </section>
  )
}

function useEverybody(): readonly Someone[] {
  const [persons, setPersons] = useState<readonly Someone[]>([])
  useEffect(() => {
    door.persons().then(
      (found) => setPersons(found.persons),
      () => undefined, // whoever is asked now still has a name by the list below
    )
  }, [])
  return persons
}

function Choose({ hand, persons }: { hand: Hand; persons: readonly Someone[] }) {
  const [whom, setWhom] = useState('')
  const keep = (event: Event) => {
    event.preventDefault()
    if (whom) void hand.say('ask_first', whom)
  }
  return (
    <form class="hand-ask" onSubmit={keep}>
      <label for="ask-whom">{t('ui.hand.ask.whom')}</label>
      <select id="ask-whom" required value={whom} onChange={(event) => setWhom(event.currentTarget.value)}>
        <option value="">{t('ui.hand.ask.nobody')}</option>
        {persons.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      <button type="submit">{t('ui.hand.ask.keep')}</button>
    </form>
  )
}

export function nameIn(persons: readonly Someone[], id: string): string {
  return persons.find((one) => one.id === id)?.name ?? '…'
}

export function AskFirst({ hand }: { hand: Hand }) {
  const persons = useEverybody()
  const asked = hand.consent.ask_first
  return (
    <section class="hand-part" aria-labelledby="ask-title">
      <h2 id="ask-title">{t('ui.hand.ask')}</h2>
      <p>{asked ? t('ui.hand.ask.now', { name: nameIn(persons, asked) }) : t('ui.hand.ask.does')}</p>
      {asked ? (
        <button type="button" onClick={() => void hand.undo('ask_first')}>
          {t('ui.hand.ask.back')}
        </button>
      ) : (
        <Choose hand={hand} persons={persons.filter((one) => one.id !== hand.person)} />
      )}
    </section>
  )
}

// What a keeper is told of both, and cannot change.
export function TheirBefore({ hand, name }: { hand: Hand; name: string }) {
  const persons = useEverybody()
  const { delay, ask_first } = hand.consent
  if (!delay && !ask_first) return null
  return (
    <div class="hand-their">
      {delay > 0 && <p>{tn('ui.hand.their.delay', delay, { name })}</p>}
      {ask_first && <p>{t('ui.hand.their.ask', { name, other: nameIn(persons, ask_first) })}</p>}
      <p class="quiet">{t('ui.hand.their.before.own', { name })}</p>
    </div>
  )
}
