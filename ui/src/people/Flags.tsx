// SPDX-License-Identifier: AGPL-3.0-or-later
// Dates that cannot be, in kind words, with the ways to mend them. Nothing mends itself.

import { showSlip } from '../base/say'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { isNotIn, type Flag } from '../net/people'
import type { Told } from './PersonPage'
import { TakeBack } from './TakeBack'

function openEdit(event: MouseEvent): void {
  event.preventDefault()
  const life = document.getElementById('life')
  life?.scrollIntoView()
  life?.querySelector('button')?.focus()
}

function Mend({ flag, person, say, again }: Told & { flag: Flag }) {
  const relation = person.relations.find((one) => flag.claims.includes(one.claim))
  return (
    <div class="row">
      <a class="button" href="#life" onClick={openEdit}>
        {t('ui.flag.life')}
      </a>
      {flag.item && (
        <a class="button" href={`/item/${flag.item}`}>
          {t('ui.flag.picture')}
        </a>
      )}
      {flag.item && (
        <button type="button" onClick={() => void isNotIn(flag.item, flag.whom).then(again, (cause: unknown) => showSlip({ text: sentenceOf(cause) }))}>
          {t('ui.flag.not_in', { name: flag.name })}
        </button>
      )}
      {flag.other && flag.other !== person.id && (
        <a class="button" href={`/person/${flag.other}`}>
          {t('ui.flag.other', { name: flag.other_name })}
        </a>
      )}
      {flag.whom !== person.id && (
        <a class="button" href={`/person/${flag.whom}`}>
          {t('ui.flag.other', { name: flag.name })}
        </a>
      )}
      {relation && <TakeBack what={relation.name} run={() => say('retract', relation.claim, relation.said_of)} />}
    </div>
  )
}

export function Flags(told: Told) {
  if (told.person.flags.length === 0) return null
  return (
    <section class="person-flags" aria-label={t('ui.flag.title')}>
      <h2>{t('ui.flag.title')}</h2>
      <p class="quiet">{t('ui.flag.hint')}</p>
      <ul>
        {told.person.flags.map((flag) => (
          <li key={flag.what + flag.item + flag.other}>
            <p>{flag.text}</p>
            <Mend {...told} flag={flag} />
          </li>
        ))}
      </ul>
    </section>
  )
}
