// SPDX-License-Identifier: AGPL-3.0-or-later
// Cards and links for those who need no password: made, printed, taken back.

import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { focusDrawn } from '../base/focus'
import { showSlip } from '../base/say'
import { dayName } from '../base/show'
import { lang, t, tn } from '../base/words'
import { sentenceOf } from '../net/api'
import { door, type Card, type Invitation, type Role, type Someone } from '../net/door'
import { CardSheet } from './CardSheet'
import { Field, Wrong } from './Field'
import { PersonChoice, RoleChoice } from './roles'

const roles: readonly Role[] = ['viewer', 'teller', 'keeper']
const lengths = [1, 30, 365, 3650] as const

interface Wish {
  label: string
  role: Role
  person: string
  days: number
}
const first: Wish = { label: '', role: 'viewer', person: '', days: 365 }

interface Made {
  card: Card
  wish: Wish
}

function NewCard({ persons, wish, made, done }: { persons: readonly Someone[]; wish: Wish; made: (made: Made) => void; done: () => void }) {
  const [now, setNow] = useState(wish)
  const [trouble, setTrouble] = useState('')
  useLayoutEffect(() => document.getElementById('card-label')?.focus(), [])
  const change = (news: Partial<Wish>) => setNow({ ...now, ...news })
  const submit = (event: Event) => {
    event.preventDefault()
    door.invite(now).then(
      (card) => made({ card, wish: now }),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }
  return (
    <form class="sheet-of-paper" onSubmit={submit} aria-labelledby="new-card">
      <h3 id="new-card">{t('ui.card.new')}</h3>
      <Field id="card-label" label={t('ui.card.label')} hint={t('ui.card.label.hint')} value={now.label} change={(label) => change({ label })} required />
      <PersonChoice id="card-person" persons={persons} person={now.person} change={(person) => change({ person })} />
      <RoleChoice name="card-role" roles={roles} role={now.role} change={(role) => change({ role })} />
      <div class="field">
        <label for="card-days">{t('ui.card.days')}</label>
        <select id="card-days" value={String(now.days)} onChange={(event) => change({ days: Number(event.currentTarget.value) })}>
          {lengths.map((days) => (
            <option key={days} value={String(days)}>
              {t(`ui.card.days.${days}`)}
            </option>
          ))}
        </select>
      </div>
      {trouble && <Wrong text={trouble} />}
      <div class="row">
        <button type="submit" class="act">
          {t('ui.card.make')}
        </button>
        <button type="button" class="plain" onClick={done}>
          {t('ui.edit.leave')}
        </button>
      </div>
    </form>
  )
}

function Row({ one, back }: { one: Invitation; back: () => void }) {
  const name = one.label || t('ui.card.nameless')
  const until = t('ui.card.until', { day: dayName(new Date(one.until_ms).toISOString(), lang.value) })
  const used = one.used > 0 ? tn('ui.card.used', one.used) : t('ui.card.unused')
  return (
    <li class="entry">
      <div class="entry-words">
        <p class="entry-name">{name}</p>
        <p class="quiet">{[t(`ui.role.${one.role}`), until, used].join(t('ui.comma'))}</p>
      </div>
      <button type="button" aria-label={t('ui.card.back.of', { name })} onClick={back}>
        {t('ui.card.back')}
      </button>
    </li>
  )
}

function daysOf(one: Invitation): number {
  return Math.min(3650, Math.max(1, Math.round((one.until_ms - one.made_ms) / 86_400_000)))
}

export function Cards({ persons, home, changed }: { persons: readonly Someone[]; home: string; changed: () => void }) {
  const [all, setAll] = useState<Invitation[]>([])
  const [wish, setWish] = useState<Wish | null>(null)
  const [made, setMade] = useState<Made | null>(null)
  const [trouble, setTrouble] = useState('')
  const load = () =>
    door.invitations().then(
      (found) => setAll(found.invitations),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  useEffect(() => void load(), [])
  const close = () => {
    setWish(null)
    setMade(null)
    focusDrawn(() => document.getElementById('add-card'))
  }
  const keep = (news: Made) => {
    setWish(null)
    setMade(news)
    void load()
  }
  // Its code is known to nobody any more, so it cannot come back; another for the same can be made.
  const takeBack = async (one: Invitation) => {
    try {
      await door.takeBack(one.id)
    } catch (cause) {
      showSlip({ text: sentenceOf(cause) })
      return
    }
    const again: Wish = { label: one.label, role: one.role, person: one.person, days: lengths.find((days) => days >= daysOf(one)) ?? 365 }
    showSlip({ text: t('ui.card.taken', { name: one.label || t('ui.card.nameless') }), act: { label: t('ui.card.another'), run: () => setWish(again) } })
    if (made?.card.id === one.id) setMade(null)
    void load()
    changed()
  }
  return (
    <section class="part" aria-labelledby="cards">
      <h2 id="cards">{t('ui.doors.cards')}</h2>
      <p>{t('ui.doors.cards.text')}</p>
      {trouble && <Wrong text={trouble} />}
      {all.length > 0 && (
        <ul class="entries">
          {all.map((one) => (
            <Row key={one.id} one={one} back={() => void takeBack(one)} />
          ))}
        </ul>
      )}
      {made && <CardSheet card={made.card} label={made.wish.label} home={home} done={close} />}
      {wish && <NewCard key={wish.label} persons={persons} wish={wish} made={keep} done={close} />}
      {!wish && !made && (
        <button type="button" id="add-card" onClick={() => setWish(first)}>
          {t('ui.card.new')}
        </button>
      )}
    </section>
  )
}
