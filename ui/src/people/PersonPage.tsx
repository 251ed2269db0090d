// SPDX-License-Identifier: AGPL-3.0-or-later
// One person: what they are called, when they lived and who says so, whose they are, and how they looked at each age.

import { useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { showSlip } from '../base/say'
import { lang, t } from '../base/words'
import { isAbort, sentenceOf } from '../net/api'
import { people, type Person, type WholePerson } from '../net/people'
import { Theirs } from '../hand/Theirs'
import { FaceCrop } from './Crop'
import { Flags } from './Flags'
import { Lives } from './Lives'
import { MeChoice } from './People'
import { me } from './me'
import { Names } from './Names'
import { Relations } from './Relations'
import { Ages } from './Ages'

function usePerson(id: string) {
  const [person, setPerson] = useState<WholePerson | null>(null)
  const [seen, setSeen] = useState<readonly Person[]>([])
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    const stop = new AbortController()
    people.one(id, stop.signal).then(
      (found) => {
        setPerson(found)
        setTrouble('')
      },
      (cause: unknown) => !isAbort(cause) && setTrouble(sentenceOf(cause)),
    )
    return () => stop.abort()
  }, [id, lang.value])
  useEffect(() => {
    const stop = new AbortController()
    people.list({ me: me.value }, stop.signal).then(
      (answer) => setSeen(answer.persons),
      () => undefined,
    )
    return () => stop.abort()
  }, [me.value, person])
  return { person, setPerson, seen, trouble }
}

export interface Told {
  person: WholePerson
  seen: readonly Person[] // everybody, as "me" calls them
  say: (predicate: string, value: unknown, of?: string) => Promise<void>
  again: () => void // what is known may have changed elsewhere
}

// Who said a claim, for the line behind it.
export function whoOf(person: WholePerson, claim: string): string {
  return person.claims.find((one) => one.id === claim)?.who ?? ''
}

function Head({ person, seen }: { person: WholePerson; seen: readonly Person[] }) {
  const kin = seen.find((one) => one.id === person.id)?.kin
  const viewer = seen.find((one) => one.id === me.value)
  return (
    <div class="person-head">
      {person.portrait && <FaceCrop face={person.portrait} high_rem={12} alt={person.name} />}
      <div class="person-words">
        {viewer && viewer.id !== person.id && kin?.zh && (
          <p class="lead">
            {t('ui.person.kin', { me: viewer.name })} <span lang="zh-CN">{kin.zh}</span> · <span lang="en">{kin.en}</span>
          </p>
        )}
        {viewer?.id === person.id && <p class="lead">{t('ui.people.this_is_me')}</p>}
        <MeChoice persons={seen} />
        <p>
          <a href={`/search?q=${encodeURIComponent(`person:"${person.name}"`)}`}>{t('ui.person.pictures')}</a>
        </p>
        <p class="row">
          <a href={`/sitting/for/${person.id}`}>{t('ui.sit.link')}</a>
          <a href={`/about-me/${person.id}`}>{t('ui.about_me.link')}</a>
        </p>
        {viewer && viewer.id !== person.id && (
          <p>
            <a href={`/same-age?persons=${viewer.id},${person.id}&age=7`}>{t('ui.person.same_age')}</a>
          </p>
        )}
      </div>
    </div>
  )
}

export function PersonPage({ id }: { id: string }) {
  const { person, setPerson, seen, trouble } = usePerson(id)
  const say = async (predicate: string, value: unknown, of = id) => {
    const answer = await people.say(of, predicate, value)
    setPerson(of === id ? answer : await people.one(id))
    showSlip({ text: t('ui.edit.kept') })
  }
  const again = () => void people.one(id).then(setPerson, (cause: unknown) => showSlip({ text: sentenceOf(cause) }))
  const told = person ? { person, seen, say, again } : null
  return (
    <Page title={person?.name ?? t('ui.people.title')}>
      {trouble && <Trouble text={trouble} />}
      {told && (
        <div class="person-page">
          <Head {...told} />
          <Flags {...told} />
          <div class="person-columns">
            <Names {...told} />
            <Lives {...told} />
            <Relations {...told} />
          </div>
          <Theirs id={told.person.id} name={told.person.name} />
          <Ages key={told.person.id} person={told.person} />
        </div>
      )}
    </Page>
  )
}
