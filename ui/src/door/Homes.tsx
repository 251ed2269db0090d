// SPDX-License-Identifier: AGPL-3.0-or-later
// The homes of the house, for its owner: their names, and another one.

import { useState } from 'preact/hooks'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { door, type HomeName } from '../net/door'
import { Edit } from '../picture/Edit'
import { Field, Wrong } from './Field'
import { me } from './me'

export function Homes({ homes, told }: { homes: readonly HomeName[]; told: (homes: HomeName[]) => void }) {
  const [name, setName] = useState('')
  const [trouble, setTrouble] = useState('')
  const add = (event: Event) => {
    event.preventDefault()
    setTrouble('')
    door.nameHome({ name: name.trim() }).then(
      (all) => {
        told(all.homes)
        showSlip({ text: t('ui.homes.added', { name: name.trim() }) })
        setName('')
      },
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }
  return (
    <section class="part" aria-labelledby="homes">
      <h2 id="homes">{t('ui.homes.title')}</h2>
      <p>{t('ui.homes.text')}</p>
      <ul class="entries">
        {homes.map((home) => (
          <li key={home.id} class="entry">
            <div class="entry-words">
              <p class="entry-name">{home.name || t('ui.homes.nameless')}</p>
              {home.id === me.value.home && <p class="quiet">{t('ui.homes.own')}</p>}
            </div>
            <Edit
              id={`home-${home.id}`}
              label={t('ui.homes.name')}
              open={t('ui.homes.rename', { name: home.name || t('ui.homes.nameless') })}
              value={home.name}
              keep={async (text) => told((await door.nameHome({ id: home.id, name: text })).homes)}
            />
          </li>
        ))}
      </ul>
      <form class="inline-form" onSubmit={add}>
        <Field id="home-name" label={t('ui.homes.new')} value={name} change={setName} wrong={trouble !== ''} required />
        <button type="submit">{t('ui.homes.add')}</button>
        {trouble && <Wrong text={trouble} />}
      </form>
    </section>
  )
}
