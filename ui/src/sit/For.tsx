// SPDX-License-Identifier: AGPL-3.0-or-later
// For whoever looks after somebody's sittings: what is kept away, what lit them up, a frame for the shelf.

import { useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { showSlip } from '../base/say'
import { lang, t } from '../base/words'
import { sentenceOf } from '../net/api'
import { people, type Person } from '../net/people'
import { cared, type Avoid, type Lit } from '../net/sit'
import { FrameLink } from '../shelf/FrameLink'
import { PersonOrWords } from './PersonOrWords'

const kinds = ['person', 'place', 'date', 'song', 'theme'] as const
type Kind = (typeof kinds)[number]

function nameOf(avoid: Avoid, persons: readonly Person[]): string {
  if (avoid.kind === 'person') return persons.find((one) => one.id === avoid.value)?.name ?? t('ui.sit.gone')
  return avoid.kind === 'item' ? t('ui.sit.one_thing') : avoid.value
}

interface Adding {
  persons: readonly Person[]
  add: (kind: Kind, value: string) => Promise<void>
}

function AddAvoid({ persons, add }: Adding) {
  const [kind, setKind] = useState<Kind>('theme')
  const [value, setValue] = useState('')
  const put = async (event: Event) => {
    event.preventDefault()
    if (!value.trim()) return
    await add(kind, value.trim())
    setValue('')
  }
  return (
    <form class="avoid-form" data-group="add" onSubmit={(event) => void put(event)}>
      <label>
        <span>{t('ui.avoid.what')}</span>
        <select
          value={kind}
          onChange={(event) => {
            setKind(event.currentTarget.value as Kind)
            setValue('')
          }}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`ui.avoid.kind.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <PersonOrWords label={t(`ui.avoid.value.${kind}`)} persons={kind === 'person' ? persons : null} value={value} most={100} change={setValue} />
      <button type="submit" class="act">
        {t('ui.avoid.add')}
      </button>
    </form>
  )
}

interface Listed {
  key: string
  text: string
  note: string
}

function TakeBackList({ list, none, drop }: { list: readonly Listed[]; none: string; drop: (key: string) => void }) {
  if (list.length === 0) return <p class="quiet">{none}</p>
  return (
    <ul class="avoid-list" data-group="list">
      {list.map((one) => (
        <li key={one.key}>
          <span>
            {one.text} {one.note && <span class="quiet">{one.note}</span>}
          </span>
          <button type="button" class="plain" aria-label={t('ui.avoid.drop_one', { what: one.text })} onClick={() => drop(one.key)}>
            {t('ui.avoid.drop')}
          </button>
        </li>
      ))}
    </ul>
  )
}

export function For({ id }: { id: string }) {
  const [persons, setPersons] = useState<readonly Person[]>([])
  const [avoids, setAvoids] = useState<readonly Avoid[]>([])
  const [lit, setLit] = useState<readonly Lit[]>([])
  const [trouble, setTrouble] = useState('')
  const wrong = (cause: unknown) => setTrouble(sentenceOf(cause))
  useEffect(() => {
    people.list({}).then((answer) => setPersons(answer.persons), wrong)
    cared.avoids(id).then((answer) => setAvoids(answer.avoid), wrong)
    cared.litUp(id).then((answer) => setLit(answer.lit_up), wrong)
  }, [id, lang.value])
  const add = async (kind: Kind, value: string) => {
    try {
      setAvoids((await cared.avoid(id, kind, value)).avoid)
      setTrouble('')
      showSlip({ text: t('ui.avoid.added') })
    } catch (cause) {
      wrong(cause)
    }
  }
  const drop = (claim: string) => void cared.takeBack(id, claim).then((answer) => setAvoids(answer.avoid), wrong)
  const dropLit = (claim: string) =>
    void cared.takeBack(id, claim).then(() => setLit(lit.filter((one) => one.claim !== claim)), wrong)
  const name = persons.find((one) => one.id === id)?.name ?? ''
  return (
    <Page title={t('ui.sit.for', { name })} narrow>
      {trouble && <Trouble text={trouble} />}
      <section class="sit-for" aria-labelledby="avoid-title">
        <h2 id="avoid-title">{t('ui.avoid.title')}</h2>
        <p>{t('ui.avoid.lead')}</p>
        <TakeBackList
          list={avoids.map((one) => ({ key: one.claim, text: nameOf(one, persons), note: t(`ui.avoid.kind.${one.kind}`) }))}
          none={t('ui.avoid.none')}
          drop={drop}
        />
        <AddAvoid persons={persons.filter((one) => one.id !== id)} add={add} />
      </section>
      <section class="sit-for" aria-labelledby="lit-title">
        <h2 id="lit-title">{t('ui.lit.title')}</h2>
        <TakeBackList
          list={lit.map((one) => ({ key: one.claim, text: one.title || t('ui.sit.gone'), note: '' }))}
          none={t('ui.lit.none')}
          drop={dropLit}
        />
      </section>
      <section class="sit-for" aria-labelledby="frame-title">
        <h2 id="frame-title">{t('ui.shelf.title')}</h2>
        <FrameLink id={id} name={name} />
      </section>
      <p class="row">
        <a href={`/about-me/${id}`}>{t('ui.about_me.link')}</a>
        <a href="/sitting">{t('ui.sit.title')}</a>
      </p>
    </Page>
  )
}
