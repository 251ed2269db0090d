// SPDX-License-Identifier: AGPL-3.0-or-later
// Several people at one age, side by side: me at seven, my mother at seven, her mother at seven. Arrows change the age.

import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { go } from '../app/route'
import { say } from '../base/say'
import { lang, t } from '../base/words'
import { spoken } from '../line/Tile'
import { isAbort } from '../net/api'
import { people, type Person, type Portrait } from '../net/people'
import { PortraitCrop } from './Crop'
import { me } from './me'
import { Picker } from './Picker'

const oldest = 120
const least_age = 0

function hrefOf(persons: readonly string[], age: number): string {
  return `/same-age?persons=${persons.join(',')}&age=${age}`
}

function useAll() {
  const [all, setAll] = useState<readonly Person[] | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    people.list({ me: me.value }, stop.signal).then(
      (answer) => setAll(answer.persons),
      () => undefined,
    )
    return () => stop.abort()
  }, [me.value, lang.value])
  return all
}

function useAt(id: string, age: number) {
  const [found, setFound] = useState<Portrait | null | undefined>(undefined) // undefined: not asked yet
  useEffect(() => {
    const stop = new AbortController()
    people.portraits(id, { age }, stop.signal).then(
      (answer) => setFound(answer.portraits[0] ?? null),
      (cause: unknown) => !isAbort(cause) && setFound(null),
    )
    return () => stop.abort()
  }, [id, age, lang.value])
  return found
}

function One({ person, age, remove }: { person: Person; age: number; remove: () => void }) {
  const found = useAt(person.id, age)
  const called = person.id === me.value ? t('ui.people.this_is_me') : person.kin?.word
  return (
    <li class="same-one">
      <div class="same-picture">
        {found && (
          <a href={`/item/${found.item.id}`} aria-label={spoken(found.item)}>
            <PortraitCrop portrait={found} high_rem={18} />
          </a>
        )}
        {found === null && (
          <p>
            {person.born.edtf ? t('ui.ages.nobody', { name: person.name, n: age }) : t('ui.ages.no_birth', { name: person.name })}{' '}
            <a href={`/person/${person.id}`}>{t('ui.same_age.fill')}</a>
          </p>
        )}
      </div>
      <p>
        <a href={`/person/${person.id}`}>
          <strong>{person.name}</strong>
        </a>{' '}
        {called && <span class="quiet">{called}</span>}
      </p>
      {found && (
        <p class="age-words">
          {found.age.text}
          {found.item.date.text && <span class="quiet"> {found.item.date.text}</span>}
        </p>
      )}
      <button type="button" class="plain" aria-label={t('ui.same_age.remove.of', { name: person.name })} onClick={remove}>
        {t('ui.same_age.remove')}
      </button>
    </li>
  )
}

function ageIn(query: URLSearchParams): number {
  return Math.min(oldest, Math.max(least_age, Math.round(Number(query.get('age') ?? '7')) || 0))
}

// Arrows turn the years wherever one is on the page, but in a field of text. Two quick strokes are two years: the
// address tells where we are, whether or not it has been drawn yet.
function useArrows(change: (age: number) => void): void {
  useLayoutEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
      if (!step || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
      if (event.target instanceof HTMLElement && event.target.closest('input:not([type=range]), select, textarea')) return
      event.preventDefault()
      change(ageIn(new URLSearchParams(location.search)) + step)
    }
    addEventListener('keydown', keys)
    return () => removeEventListener('keydown', keys)
  })
}

export function SameAge({ query }: { query: URLSearchParams }) {
  const all = useAll()
  const wanted = (query.get('persons') ?? me.value).split(',').filter(Boolean)
  const age = ageIn(query)
  const persons = wanted.map((id) => all?.find((one) => one.id === id)).filter((one): one is Person => one !== undefined)
  const show = (ids: readonly string[], at: number) => go(hrefOf(ids, at), 'replace')
  const change = (at: number) => {
    const next = Math.min(oldest, Math.max(least_age, at))
    say(t('ui.same_age.at', { n: next }))
    show(wanted, next)
  }
  useArrows(change)
  return (
    <Page title={t('ui.same_age.at', { n: age })}>
      <div class="same-tools">
        <label>
          {t('ui.same_age.age')}
          <input type="range" min={least_age} max={100} value={age} aria-valuetext={t('ui.same_age.at', { n: age })} onInput={(event) => change(Number(event.currentTarget.value))} />
        </label>
        <Picker id="same-age-add" label={t('ui.same_age.add')} without={wanted} choose={(person) => show([...wanted, person.id], age)} />
      </div>
      {all && persons.length === 0 && <p class="lead">{t('ui.same_age.empty')}</p>}
      <ul class="same-age">
        {persons.map((person) => (
          <One key={person.id} person={person} age={age} remove={() => show(wanted.filter((id) => id !== person.id), age)} />
        ))}
      </ul>
    </Page>
  )
}
