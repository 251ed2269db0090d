// SPDX-License-Identifier: AGPL-3.0-or-later
// Birth and death, as sure as anybody is: each voice with who it is.

import { t } from '../base/words'
import type { Claim } from '../net/shapes'
import { Edit } from '../picture/Edit'
import { dateValue, lastWords, textOf } from '../picture/facts'
import { Who } from '../picture/Known'
import { SexChoice } from './AddPerson'
import type { Told } from './PersonPage'
import { TakeBack } from './TakeBack'

type Day = 'born' | 'died'

function placeIn(claim: Claim): string {
  const value = claim.value as { place?: unknown } | null
  return typeof value?.place === 'string' ? value.place : ''
}

function DayPart({ day, person, say }: Told & { day: Day }) {
  const life = person[day]
  const words = lastWords(person.claims, day)
  const said = (claim: Claim) => (claim === words[0] ? life.text : textOf(claim.value))
  const date = life.edtf ? { edtf: life.edtf } : {}
  const keep_date = (text: string) => (text ? say(day, { ...dateValue(text), ...(life.place ? { place: life.place } : {}) }) : Promise.resolve())
  const keep_place = (place: string) => (place ? say(day, { ...date, place }) : Promise.resolve())
  return (
    <>
      {words.map((claim) => (
        <div class="fact" key={claim.id}>
          <p class="fact-text">
            <span>
              {t(`ui.person.${day}`, { when: said(claim) || t('ui.person.some_day') })}
              {placeIn(claim) && t('ui.person.in_place', { place: placeIn(claim) })} <Who who={claim.who} />
            </span>
          </p>
          <TakeBack what={said(claim)} run={() => say('retract', claim.id)} />
        </div>
      ))}
      <div class="row">
        <Edit id={`edit-${day}`} label={t(`ui.person.${day}.ask`)} open={t(life.text ? `ui.person.${day}.change` : `ui.person.${day}.first`)} hint={t('ui.edit.date.hint')} value={life.text} shown keep={keep_date} />
        <Edit id={`edit-${day}-place`} label={t('ui.edit.place')} open={t(`ui.person.${day}.place`)} value={life.place} shown={!life.place} keep={keep_place} />
      </div>
    </>
  )
}

export function Lives(told: Told) {
  return (
    <section class="person-part" id="life">
      <h2>{t('ui.person.life')}</h2>
      <DayPart {...told} day="born" />
      <DayPart {...told} day="died" />
      <SexChoice value={told.person.sex} change={(sex) => void (sex && told.say('sex', sex))} />
      <p class="hint">{t('ui.person.sex.hint')}</p>
    </section>
  )
}
