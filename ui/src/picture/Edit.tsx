// SPDX-License-Identifier: AGPL-3.0-or-later
// A sentence that can be changed where it stands.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Sign } from '../app/Sign'
import { useReturn } from '../base/useReturn'
import { t } from '../base/words'
import { may } from '../door/me'
import { sentenceOf } from '../net/api'

interface Props {
  id: string
  label: string // what the field asks for
  open: string // what the button offers
  value: string
  hint?: string
  long?: boolean
  shown?: boolean // the offer is written out, not only a pencil
  sure?: boolean // asks how sure it is
  keep: (text: string, certain: number) => Promise<void>
}

function Field({ id, label, value, hint, long, sure, keep, done }: Props & { done: () => void }) {
  const [text, setText] = useState(value)
  const [certain, setCertain] = useState('0.9')
  const [trouble, setTrouble] = useState('')
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  useLayoutEffect(() => field.current?.select(), [])
  const save = (event: Event) => {
    event.preventDefault()
    keep(text.trim(), Number(certain)).then(done, (cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    done()
  }
  const says = [hint && `${id}-hint`, trouble && `${id}-trouble`].filter(Boolean).join(' ')
  const shared = {
    id,
    value: text,
    'aria-describedby': says || undefined,
    'aria-invalid': trouble ? true : undefined,
    onInput: (event: InputEvent) => setText((event.currentTarget as HTMLInputElement).value),
  }
  return (
    <form class="edit" onSubmit={save} onKeyDown={escape}>
      <label for={id}>{label}</label>
      {long ? <textarea ref={field} rows={3} {...shared} /> : <input ref={field} {...shared} />}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {trouble && (
        <p class="wrong" role="alert" id={`${id}-trouble`}>
          {trouble}
        </p>
      )}
      {sure && (
        <fieldset class="row sureness">
          <legend>{t('ui.edit.sure')}</legend>
          {(['0.95', '0.75', '0.4'] as const).map((value, i) => (
            <label class="pill" key={value}>
              <input type="radio" name={`${id}-sure`} checked={certain === value || (value === '0.95' && certain === '0.9')} onChange={() => setCertain(value)} />
              <span>{t(['ui.sure.sure', 'ui.sure.fairly', 'ui.sure.guess'][i] ?? '')}</span>
            </label>
          ))}
        </fieldset>
      )}
      <div class="row">
        <button type="submit">{t('ui.edit.keep')}</button>
        <button type="button" class="plain" onClick={done}>
          {t('ui.edit.leave')}
        </button>
      </div>
    </form>
  )
}

export function Edit(props: Props) {
  const [editing, setEditing] = useState(false)
  const button = useReturn(editing)
  if (!may('teller')) return null
  if (editing) return <Field {...props} done={() => setEditing(false)} />
  return (
    <button type="button" class={props.shown ? 'plain offer' : 'plain round pencil'} ref={button} onClick={() => setEditing(true)}>
      <Sign name="pencil" />
      <span class={props.shown ? '' : 'unseen'}>{props.open}</span>
    </button>
  )
}
