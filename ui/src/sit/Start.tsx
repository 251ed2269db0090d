// SPDX-License-Identifier: AGPL-3.0-or-later
// Before a sitting, for the carer: who sits, who is with them, whether the book may keep it. And after
// one: what was put away for the moment may be kept away for good.

import { useEffect, useState } from 'preact/hooks'
import { useTitle } from '../app/Page'
import { go } from '../app/route'
import { Switch } from '../app/Switch'
import { Trouble } from '../app/Trouble'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { people, type Person } from '../net/people'
import { sit } from '../net/sit'
import { keepGoing, newGoing, readGoing, type Going } from './kept'

function AwayList({ going, done }: { going: Going; done: (left: Going | null) => void }) {
  const [trouble, setTrouble] = useState('')
  const drop = (thing: string) => {
    const left = { ...going, away: going.away.filter((one) => one.thing !== thing) }
    done(left)
  }
  const never = (thing: string) =>
    sit.never(going.id, thing).then(
      () => drop(thing),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  if (!going.person || going.away.length === 0) return null
  return (
    <section class="sit-away" data-group="away" aria-labelledby="sit-away">
      <h2 id="sit-away">{t('ui.sit.put_away')}</h2>
      {trouble && <Trouble text={trouble} />}
      <ul>
        {going.away.map((one) => (
          <li key={one.thing} class="row">
            <span>{one.title}</span>
            <button type="button" onClick={() => void never(one.thing)}>
              {t('ui.sit.never')}
            </button>
            <button type="button" class="plain" onClick={() => drop(one.thing)}>
              {t('ui.sit.only_today')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Form({ persons }: { persons: readonly Person[] }) {
  const [person, setPerson] = useState('')
  const [company, setCompany] = useState('')
  const [log, setLog] = useState(false)
  const [trouble, setTrouble] = useState('')
  const begin = async (event: Event) => {
    event.preventDefault()
    try {
      const sitting = await sit.begin({ person, company: company.trim(), log })
      keepGoing(newGoing(sitting.id, person, persons.find((one) => one.id === person)?.name ?? ''))
      go('/sitting/room')
    } catch (cause) {
      setTrouble(sentenceOf(cause))
    }
  }
  return (
    <form class="sit-form" data-group="begin" onSubmit={(event) => void begin(event)}>
      <label>
        <span>{t('ui.sit.who')}</span>
        <select value={person} onChange={(event) => setPerson(event.currentTarget.value)}>
          <option value="">{t('ui.sit.somebody')}</option>
          {persons.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="act sit-way">
        {t('ui.sit.begin')}
      </button>
      {trouble && <Trouble text={trouble} />}
      <details>
        <summary>{t('ui.sit.book')}</summary>
        <div class="sit-book">
          <Switch label={t('ui.sit.log')} on={log} change={setLog} />
          <p class="quiet">{t('ui.sit.log_note')}</p>
          <label>
            <span>{t('ui.sit.company')}</span>
            <input value={company} maxLength={60} onInput={(event) => setCompany(event.currentTarget.value)} />
          </label>
        </div>
      </details>
      {person && (
        <p class="row">
          <a href={`/sitting/for/${person}`}>{t('ui.sit.for_link')}</a>
          <a href={`/about-me/${person}`}>{t('ui.about_me.link')}</a>
        </p>
      )}
    </form>
  )
}

export function Start() {
  const [persons, setPersons] = useState<readonly Person[]>([])
  const [before, setBefore] = useState(readGoing)
  useTitle(t('ui.sit.title'))
  useEffect(() => {
    people.list({}).then(
      (answer) => setPersons(answer.persons),
      () => undefined, // somebody can sit all the same
    )
  }, [])
  return (
    <div class="sit-start">
      <main id="main" class="page narrow" tabIndex={-1}>
        <h1>{t('ui.sit.title')}</h1>
        <p class="lead">{t('ui.sit.lead')}</p>
        <Form persons={persons} />
        {before && (
          <AwayList
            going={before}
            done={(left) => {
              keepGoing(left)
              setBefore(left)
            }}
          />
        )}
        <p class="row sit-ways-out">
          <a href="/">{t('ui.sit.home')}</a>
        </p>
      </main>
    </div>
  )
}
