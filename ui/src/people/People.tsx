// SPDX-License-Identifier: AGPL-3.0-or-later
// Everybody, in the order of their names as they sound, called as "me" calls them; and the way to add somebody.

import { useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Sign } from '../app/Sign'
import { Trouble } from '../app/Trouble'
import { go } from '../app/route'
import { t } from '../base/words'
import { may } from '../door/me'
import { isAbort, sentenceOf } from '../net/api'
import { people, type Person } from '../net/people'
import { AddPerson } from './AddPerson'
import { FaceCrop } from './Crop'
import { becomeMe, me } from './me'

function usePersons() {
  const [persons, setPersons] = useState<readonly Person[] | null>(null)
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    const stop = new AbortController()
    people.list({ me: me.value }, stop.signal).then(
      (answer) => setPersons(answer.persons),
      (cause: unknown) => !isAbort(cause) && setTrouble(sentenceOf(cause)),
    )
    return () => stop.abort()
  }, [me.value])
  return { persons, trouble }
}

export function lifeOf(person: Pick<Person, 'born' | 'died'>): string {
  const { born, died } = person
  if (born.text && died.text) return t('ui.life.both', { born: born.text, died: died.text })
  if (born.text) return t('ui.life.born', { born: born.text })
  return died.text ? t('ui.life.died', { died: died.text }) : ''
}

export function MeChoice({ persons }: { persons: readonly Person[] }) {
  return (
    <label class="me-choice">
      {t('ui.people.me')}
      <select value={me.value} onChange={(event) => becomeMe(event.currentTarget.value)}>
        <option value="">{t('ui.people.me.nobody')}</option>
        {persons.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Card({ person }: { person: Person }) {
  const kin = person.id === me.value ? t('ui.people.this_is_me') : person.kin?.word
  return (
    <li>
      <a class="person-card" href={`/person/${person.id}`}>
        {person.portrait ? <FaceCrop face={person.portrait} high_rem={5} /> : <Sign name="people" />}
        <span class="person-words">
          <strong>{person.name}</strong>
          {kin && <span>{kin}</span>}
          <span class="quiet">{lifeOf(person)}</span>
        </span>
      </a>
    </li>
  )
}

export function People() {
  const { persons, trouble } = usePersons()
  const [adding, add] = useState(false)
  const beside = may('teller') && (
    <div class="row">
      <a class="button act" href="/who">
        <Sign name="faces" />
        {t('ui.people.bench')}
      </a>
      <button type="button" aria-expanded={adding} onClick={() => add(!adding)}>
        {t('ui.people.add')}
      </button>
    </div>
  )
  return (
    <Page title={t('ui.people.title')} beside={beside}>
      {trouble && <Trouble text={trouble} />}
      {adding && <AddPerson done={(id) => go('/person/' + id)} leave={() => add(false)} />}
      {persons && persons.length === 0 && <p class="lead">{t(may('teller') ? 'ui.people.none' : 'ui.people.none.wait')}</p>}
      {persons && persons.length > 0 && (
        <>
          <div class="page-tools">
            <MeChoice persons={persons} />
            {persons.length > 1 && (
              <a class="quiet-link" href="/same-age">
                {t('ui.people.same_age')}
              </a>
            )}
            <a class="quiet-link" href="/apart">
              {t('ui.apart.title')}
            </a>
          </div>
          <ul class="person-cards">
            {persons.map((person) => (
              <Card key={person.id} person={person} />
            ))}
          </ul>
        </>
      )}
    </Page>
  )
}
