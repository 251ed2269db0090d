// SPDX-License-Identifier: AGPL-3.0-or-later
// About me: one page for whoever cares for somebody. It speaks in the first person, in large type, and
// prints on one A4.

import { useEffect, useState } from 'preact/hooks'
import { useTitle } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { lang, t } from '../base/words'
import { sentenceOf } from '../net/api'
import { people, type Person, type WholePerson } from '../net/people'
import { cared, type AboutPart } from '../net/sit'
import { FaceCrop } from '../people/Crop'
import { me } from '../people/me'
import { PersonOrWords } from './PersonOrWords'

const lines_most = 3
const wide = ['likes', 'comforts', 'upsets']

interface Shown {
  part: AboutPart
  persons: readonly Person[]
  drop: ((claim: string) => void) | null
}

function Line({ text, claim, drop }: { text: string; claim: string; drop: Shown['drop'] }) {
  return (
    <li>
      <span>{text}</span>
      {drop && (
        <button type="button" class="plain off-paper" aria-label={t('ui.avoid.drop_one', { what: text })} onClick={() => drop(claim)}>
          {t('ui.avoid.drop')}
        </button>
      )}
    </li>
  )
}

function Folk({ part, persons, drop }: Shown) {
  const folk = part.lines.flatMap(({ text, claim }) => {
    const person = persons.find((one) => one.id === text)
    return person ? [{ person, claim }] : []
  })
  return (
    <ul class="card-folk">
      {folk.map(({ person, claim }) => (
        <li key={claim}>
          {person.portrait && <FaceCrop face={person.portrait} high_rem={6} />}
          <strong>{person.name}</strong>
          {person.kin && <span>{lang.value === 'en' ? person.kin.en : person.kin.zh}</span>}
          {drop && (
            <button type="button" class="plain off-paper" aria-label={t('ui.avoid.drop_one', { what: person.name })} onClick={() => drop(claim)}>
              {t('ui.avoid.drop')}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Part(shown: Shown) {
  const { part, drop } = shown
  if (part.lines.length === 0) return null
  return (
    <section class={wide.includes(part.part) ? 'card-part wide' : 'card-part'} aria-labelledby={`part-${part.part}`}>
      <h2 id={`part-${part.part}`}>{t(`ui.about_me.part.${part.part}`)}</h2>
      {part.part === 'people' ? (
        <Folk {...shown} />
      ) : (
        <ul>
          {part.lines.map((line) => (
            <Line key={line.claim} {...line} drop={drop} />
          ))}
        </ul>
      )}
    </section>
  )
}

interface Adding {
  parts: readonly AboutPart[]
  persons: readonly Person[]
  add: (part: string, text: string) => Promise<void>
}

function AddLine({ parts, persons, add }: Adding) {
  const open = parts.filter((one) => one.lines.length < lines_most).map((one) => one.part)
  const [part, setPart] = useState('called')
  const [text, setText] = useState('')
  const put = async (event: Event) => {
    event.preventDefault()
    if (!text.trim()) return
    await add(part, text.trim())
    setText('')
  }
  return (
    <form class="avoid-form off-paper" data-group="add" onSubmit={(event) => void put(event)}>
      <label>
        <span>{t('ui.about_me.about')}</span>
        <select
          value={part}
          onChange={(event) => {
            setPart(event.currentTarget.value)
            setText('')
          }}
        >
          {open.map((one) => (
            <option key={one} value={one}>
              {t(`ui.about_me.part.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <PersonOrWords label={t('ui.about_me.line')} persons={part === 'people' ? persons : null} value={text} most={70} change={setText} />
      <button type="submit" class="act">
        {t('ui.about_me.add')}
      </button>
    </form>
  )
}

export function AboutMe({ id }: { id: string }) {
  const [person, setPerson] = useState<WholePerson | null>(null)
  const [persons, setPersons] = useState<readonly Person[]>([])
  const [parts, setParts] = useState<readonly AboutPart[]>([])
  const [may, setMay] = useState(false)
  const [trouble, setTrouble] = useState('')
  const wrong = (cause: unknown) => setTrouble(sentenceOf(cause))
  useEffect(() => {
    people.one(id).then(setPerson, wrong)
    people.list({ me: id }).then((answer) => setPersons(answer.persons), wrong)
    cared.about(id).then((answer) => setParts(answer.parts), wrong)
    cared.me().then((one) => setMay(['keeper', 'owner'].includes(one.role) || one.person === id), wrong)
  }, [id, lang.value, me.value])
  const told = (answer: { parts: AboutPart[] }) => {
    setParts(answer.parts)
    setTrouble('')
  }
  const add = (part: string, text: string) => cared.sayAbout(id, part, text).then(told, wrong)
  const drop = may ? (claim: string) => void cared.takeBackAbout(id, claim).then(told, wrong) : null
  const others = persons.filter((one) => one.id !== id)
  useTitle(t('ui.about_me.title', { name: person?.name ?? '' }))
  return (
    <div class="page narrow about-me">
      {trouble && <Trouble text={trouble} />}
      <article class="about-card" data-group="card">
        <header>
          {person?.portrait && <FaceCrop face={person.portrait} high_rem={7} />}
          <div>
            <p>{t('ui.about_me.head')}</p>
            <h1 tabIndex={-1}>{person?.name ?? ''}</h1>
          </div>
        </header>
        <div class="card-parts">
          {parts.map((part) => (
            <Part key={part.part} part={part} persons={others} drop={drop} />
          ))}
        </div>
        {parts.every((part) => part.lines.length === 0) && <p class="off-paper">{t('ui.about_me.empty')}</p>}
      </article>
      {may && <AddLine parts={parts} persons={others} add={add} />}
      <p class="row off-paper">
        <button type="button" onClick={() => print()}>
          {t('ui.about_me.print')}
        </button>
        <a href={`/person/${id}`}>{t('ui.about_me.back')}</a>
      </p>
    </div>
  )
}
