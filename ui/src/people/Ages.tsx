// SPDX-License-Identifier: AGPL-3.0-or-later
// One person by age, 0, 1, 2 …: a face in each column, or a gap that somebody can fill.

import { useEffect, useState } from 'preact/hooks'
import { Trouble } from '../app/Trouble'
import { lang, t } from '../base/words'
import { spoken } from '../line/Tile'
import { isAbort, sentenceOf } from '../net/api'
import { people, type Portrait, type WholePerson } from '../net/people'
import { columnsOf, yearOf, type Column } from './columns'
import { PortraitCrop } from './Crop'
import { Gap } from './Gap'

function usePortraits(id: string, born: string) {
  const [portraits, setPortraits] = useState<readonly Portrait[] | null>(null)
  const [trouble, setTrouble] = useState('')
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    people.portraits(id, {}, stop.signal).then(
      (answer) => setPortraits(answer.portraits),
      (cause: unknown) => !isAbort(cause) && setTrouble(sentenceOf(cause)),
    )
    return () => stop.abort()
  }, [id, born, lang.value, turn])
  return { portraits, trouble, again: () => setTurn(turn + 1) }
}

interface ColumnProps {
  column: Column
  open: boolean
  choose: (age: number) => void
}

function AgeColumn({ column, open, choose }: ColumnProps) {
  const best = column.portraits[0]
  if (!best) {
    return (
      <li class="age missing">
        <button type="button" aria-expanded={open} aria-label={t('ui.ages.gap', { n: column.age })} onClick={() => choose(column.age)}>
          {column.age}
        </button>
      </li>
    )
  }
  const more = column.portraits.length > 1 ? t('ui.ages.more', { n: column.portraits.length - 1 }) : ''
  return (
    <li class="age">
      <a href={`/item/${best.item.id}`} aria-label={[best.age.text, spoken(best.item)].join(t('ui.comma'))}>
        <PortraitCrop portrait={best} high_rem={8} />
        <span class="age-words">{best.age.text}</span>
        {more && <span class="quiet">{more}</span>}
      </a>
    </li>
  )
}

export function Ages({ person }: { person: WholePerson }) {
  const { portraits, trouble, again } = usePortraits(person.id, person.born.edtf)
  const [open, choose] = useState<number | null>(null)
  const born = yearOf(person.born.edtf)
  const columns = portraits ? columnsOf(portraits, person.born.edtf, person.died.edtf, new Date().getFullYear()) : []
  const filled = () => {
    choose(null)
    again()
  }
  return (
    <section class="ages">
      <h2>{t('ui.ages.title', { name: person.name })}</h2>
      {trouble && <Trouble text={trouble} again={again} />}
      {portraits && born === null && <p>{t('ui.ages.no_birth', { name: person.name })}</p>}
      {columns.length > 0 && (
        <ul class="ages-strip" tabIndex={0} aria-label={t('ui.ages.title', { name: person.name })}>
          {columns.map((column) => (
            <AgeColumn key={column.age} column={column} open={open === column.age} choose={(age) => choose(age === open ? null : age)} />
          ))}
        </ul>
      )}
      {open !== null && born !== null && <Gap key={open} person={person} age={open} year={born + open} filled={filled} leave={() => choose(null)} />}
    </section>
  )
}
