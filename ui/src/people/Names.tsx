// SPDX-License-Identifier: AGPL-3.0-or-later
// Every name of a person, of each kind; all of them find her.

import { FormEnd } from '../app/FormEnd'
import { may } from '../door/me'
import { useState } from 'preact/hooks'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { Who } from '../picture/Known'
import { whoOf, type Told } from './PersonPage'
import { TakeBack } from './TakeBack'

const kinds = ['full', 'given', 'married', 'nick', 'milk', 'pinyin', 'romanised'] as const

function NewName({ say }: Pick<Told, 'say'>) {
  const [open, setOpen] = useState(false)
  const [kind, setKind] = useState<string>('milk')
  const [text, setText] = useState('')
  const [trouble, setTrouble] = useState('')
  const keep = (event: Event) => {
    event.preventDefault()
    const done = () => {
      setOpen(false)
      setText('')
      setTrouble('')
    }
    say('name', { text: text.trim(), kind }).then(done, (cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  if (!may('teller')) return null
  if (!open) {
    return (
      <button type="button" class="plain offer" onClick={() => setOpen(true)}>
        {t('ui.person.names.add')}
      </button>
    )
  }
  return (
    <form class="edit" onSubmit={keep} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <label>
        {t('ui.person.names.kind')}
        <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`ui.name.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('ui.person.names.text')}
        <input required autocomplete="off" ref={(field) => field?.focus()} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <FormEnd trouble={trouble} leave={() => setOpen(false)} />
    </form>
  )
}

export function Names({ person, say }: Told) {
  return (
    <section class="person-part">
      <h2>{t('ui.person.names')}</h2>
      <ul class="sayings">
        {person.names.map((name) => (
          <li key={name.claim}>
            <span>
              <strong {...(name.lang ? { lang: name.lang } : {})}>{name.text}</strong> <span class="quiet">{t(`ui.name.${name.kind}`)}</span>{' '}
              <Who who={whoOf(person, name.claim)} />
            </span>
            {person.names.length > 1 && <TakeBack what={name.text} run={() => say('retract', name.claim)} />}
          </li>
        ))}
      </ul>
      <NewName say={say} />
    </section>
  )
}
