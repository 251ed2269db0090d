// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody new: a name, and what else one happens to know.

import type { Ref } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { FormEnd } from '../app/FormEnd'
import { t } from '../base/words'
import { dateValue } from '../picture/facts'
import { sentenceOf } from '../net/api'
import { people, type Sex } from '../net/people'

interface Props {
  done: (id: string) => void
  leave: () => void
}

const fields = ['name', 'pinyin', 'milk', 'born'] as const
type Field = (typeof fields)[number]
type Sheet = Record<Field, string> & { sex: Sex }

export async function addPerson(sheet: Sheet): Promise<string> {
  const body: Record<string, unknown> = { name: sheet.name }
  if (sheet.sex) body.sex = sheet.sex
  if (sheet.born) body.born = dateValue(sheet.born)
  const { id } = await people.add(body)
  for (const kind of ['pinyin', 'milk'] as const) if (sheet[kind]) await people.say(id, 'name', { text: sheet[kind], kind })
  return id
}

export function SexChoice({ value, change }: { value: Sex; change: (sex: Sex) => void }) {
  return (
    <label>
      {t('ui.person.sex')}
      <select value={value} onChange={(event) => change(event.currentTarget.value as Sex)}>
        {(['', 'f', 'm', 'x'] as const).map((sex) => (
          <option key={sex} value={sex}>
            {t(`ui.person.sex.${sex || 'unsaid'}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Line({ field, value, change, first }: { field: Field; value: string; change: (text: string) => void; first?: Ref<HTMLInputElement> }) {
  return (
    <label>
      {t(`ui.person.new.${field}`)}
      <input {...(first ? { ref: first } : {})} required={field === 'name'} autocomplete="off" value={value} onInput={(event) => change(event.currentTarget.value)} />
    </label>
  )
}

export function AddPerson({ done, leave }: Props) {
  const [sheet, setSheet] = useState<Sheet>({ name: '', pinyin: '', milk: '', born: '', sex: '' })
  const [trouble, setTrouble] = useState('')
  const first = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => first.current?.focus(), [])
  const keep = (event: Event) => {
    event.preventDefault()
    const trimmed = { ...sheet }
    for (const field of fields) trimmed[field] = sheet[field].trim()
    addPerson(trimmed).then(done, (cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  const escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') leave()
  }
  return (
    <form class="edit add-person" aria-label={t('ui.people.add')} onSubmit={keep} onKeyDown={escape}>
      {fields.map((field) => (
        <Line
          key={field}
          field={field}
          value={sheet[field]}
          change={(text) => setSheet({ ...sheet, [field]: text })}
          {...(field === 'name' ? { first } : {})}
        />
      ))}
      <SexChoice value={sheet.sex} change={(sex) => setSheet({ ...sheet, sex })} />
      <p class="hint">{t('ui.person.sex.hint')}</p>
      <FormEnd trouble={trouble} leave={leave} />
    </form>
  )
}
