// SPDX-License-Identifier: AGPL-3.0-or-later
// One line for a title.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { FormEnd } from '../app/FormEnd'
import { sentenceOf } from '../net/api'

interface Props {
  id: string
  label: string
  value: string
  keep: (text: string) => Promise<void>
  done: () => void
  beside?: boolean // a small thing on a page that is for another
}

export function NameForm({ id, label, value, keep, done, beside = false }: Props) {
  const [text, setText] = useState(value)
  const [trouble, setTrouble] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  const save = (event: Event) => {
    event.preventDefault()
    if (text.trim()) keep(text.trim()).then(done, (cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  return (
    <form class="edit name-form" onSubmit={save} onKeyDown={(event) => event.key === 'Escape' && done()}>
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={field}
        value={text}
        maxLength={60}
        aria-describedby={trouble ? `${id}-trouble` : undefined}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <FormEnd trouble={trouble} id={`${id}-trouble`} beside={beside} leave={done} />
    </form>
  )
}
