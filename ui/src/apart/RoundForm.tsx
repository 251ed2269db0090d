// SPDX-License-Identifier: AGPL-3.0-or-later
// Two places, and who is where.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { FormEnd } from '../app/FormEnd'
import { Sign } from '../app/Sign'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import type { Placing, RoundPlace } from '../net/rounds'
import { Picker } from '../people/Picker'

interface Props {
  places: readonly RoundPlace[]
  keep: (placing: Placing) => Promise<void>
  leave: () => void
}

const name_most = 40

function Persons({ at, place, change, taken }: { at: number; place: RoundPlace; change: (place: RoundPlace) => void; taken: readonly string[] }) {
  const without = (id: string) => change({ ...place, persons: place.persons.filter((one) => one.id !== id) })
  return (
    <>
      <ul class="chips">
        {place.persons.map((one) => (
          <li key={one.id}>
            <button type="button" class="chip" aria-label={t('ui.apart.not_there', { name: one.name })} onClick={() => without(one.id)}>
              {one.name}
              <Sign name="close" />
            </button>
          </li>
        ))}
      </ul>
      <Picker
        key={place.persons.length}
        id={`place-${at}-who`}
        label={t('ui.apart.who')}
        without={taken}
        choose={(person) => change({ ...place, persons: [...place.persons, { id: person.id, name: person.name }] })}
      />
    </>
  )
}

export function RoundForm({ places, keep, leave }: Props) {
  const [now, setNow] = useState<readonly RoundPlace[]>(places)
  const [trouble, setTrouble] = useState('')
  const first = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => first.current?.focus(), [])
  const taken = now.flatMap((place) => place.persons.map((one) => one.id))
  const change = (at: number) => (place: RoundPlace) => setNow(now.map((one, i) => (i === at ? place : one)))
  const submit = (event: Event) => {
    event.preventDefault()
    const placing = { places: now.map((place) => ({ name: place.name.trim(), persons: place.persons.map((one) => one.id) })) }
    keep(placing).catch((cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  return (
    <form class="edit round-form" onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && leave()} data-group="round">
      {now.map((place, at) => (
        <fieldset key={at} class="round-place">
          <legend>{t(`ui.apart.place.${at}`)}</legend>
          <label class="field">
            <span>{t('ui.apart.place.name')}</span>
            <input
              {...(at === 0 ? { ref: first } : {})}
              required
              maxLength={name_most}
              autocomplete="off"
              placeholder={t(`ui.apart.place.${at}.example`)}
              value={place.name}
              onInput={(event) => change(at)({ ...place, name: event.currentTarget.value })}
            />
          </label>
          <Persons at={at} place={place} change={change(at)} taken={taken} />
        </fieldset>
      ))}
      <FormEnd trouble={trouble} leave={leave} />
    </form>
  )
}
