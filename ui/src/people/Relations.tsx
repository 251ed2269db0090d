// SPDX-License-Identifier: AGPL-3.0-or-later
// Whose they are: the family as a plain list, each called as "me" calls them. What cannot be (someone their own
// ancestor) is refused by the house, with its sentence.

import { may } from '../door/me'
import { useState } from 'preact/hooks'
import { t } from '../base/words'
import type { Person, Relation } from '../net/people'
import { Who } from '../picture/Known'
import { whoOf, type Told } from './PersonPage'
import { Picker } from './Picker'
import { kinds, saying, type Kind } from './saying'
import { TakeBack } from './TakeBack'

function NewRelation({ person, say, leave }: Told & { leave: () => void }) {
  const [kind, setKind] = useState<Kind>('parent')
  const [order, setOrder] = useState('')
  const choose = async (other: Person) => {
    const { of, value } = saying(kind, person.id, other.id, order)
    await say('relation', value, of)
    leave()
  }
  return (
    <div class="edit">
      <label>
        {t('ui.relation.kind', { name: person.name })}
        <select value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)} ref={(field) => void (document.activeElement === document.body && field?.focus())}>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`ui.relation.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {kind === 'sibling' && (
        <label>
          {t('ui.relation.order')}
          <select value={order} onChange={(event) => setOrder(event.currentTarget.value)}>
            {['', 'elder', 'younger'].map((one) => (
              <option key={one} value={one}>
                {t(`ui.relation.order.${one || 'unsaid'}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      <Picker id="relation-who" label={t('ui.relation.who')} without={[person.id]} choose={choose} leave={leave} />
      <div class="row">
        <button type="button" class="plain" onClick={leave}>
          {t('ui.edit.leave')}
        </button>
      </div>
    </div>
  )
}

function Row({ relation, person, seen, say }: Told & { relation: Relation }) {
  const other = seen.find((one) => one.id === relation.to)
  return (
    <li>
      <span>
        <span class="quiet">{t(`ui.relation.${relation.kind}`)}</span>{' '}
        <a href={`/person/${relation.to}`}>
          <strong>{relation.name}</strong>
        </a>
        {relation.order && <span class="quiet"> {t(`ui.relation.order.${relation.order}`)}</span>}
        {other?.kin?.zh && (
          <>
            {' '}
            <span lang="zh-CN">{other.kin.zh}</span> · <span lang="en">{other.kin.en}</span>
          </>
        )}{' '}
        <Who who={relation.said_of === person.id ? whoOf(person, relation.claim) : ''} />
      </span>
      <TakeBack what={relation.name} run={() => say('retract', relation.claim, relation.said_of)} />
    </li>
  )
}

export function Relations(told: Told) {
  const [adding, add] = useState(false)
  const rank = (relation: Relation) => kinds.indexOf(relation.kind as Kind)
  const relations = [...told.person.relations].sort((a, b) => rank(a) - rank(b))
  return (
    <section class="person-part">
      <h2>{t('ui.person.family')}</h2>
      {relations.length === 0 && <p class="quiet">{t('ui.person.family.none')}</p>}
      <ul class="sayings">
        {relations.map((relation) => (
          <Row key={relation.claim} {...told} relation={relation} />
        ))}
      </ul>
      {adding && <NewRelation {...told} leave={() => add(false)} />}
      {!adding && may('teller') && (
        <button type="button" class="plain offer" onClick={() => add(true)}>
          {t('ui.person.family.add')}
        </button>
      )}
    </section>
  )
}
