// SPDX-License-Identifier: AGPL-3.0-or-later
// Finds a person as one types, by any name or by its sound, or adds a new one at once. Arrows walk, Enter takes,
// Escape leaves (WAI-ARIA 1.2, combobox with a list).

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { say } from '../base/say'
import { t, tn } from '../base/words'
import { isAbort, sentenceOf } from '../net/api'
import { people, type Person } from '../net/people'
import { me } from './me'

interface Props {
  id: string
  label: string
  start?: string // what stands there to begin with
  without?: readonly string[] // ids that are not offered
  choose: (person: Person) => Promise<void> | void
  leave?: () => void
  focus?: boolean
}

const most = 8

interface Found {
  q: string
  list: Person[]
}

// Whoever is called exactly so comes first.
async function find(q: string, without: readonly string[], stop?: AbortSignal): Promise<Found> {
  if (!q) return { q, list: [] }
  const { persons } = await people.list({ q, me: me.peek() }, stop)
  const list = persons.filter((one) => !without.includes(one.id))
  list.sort((a, b) => Number(b.name === q) - Number(a.name === q))
  return { q, list: list.slice(0, most) }
}

function useFound(q: string, without: readonly string[]): Found {
  const [found, setFound] = useState<Found>({ q: '', list: [] })
  useEffect(() => {
    const stop = new AbortController()
    find(q, without, stop.signal).then(
      (next) => {
        setFound(next)
        if (q) say(tn('ui.picker.found', next.list.length))
      },
      (cause: unknown) => !isAbort(cause) && setFound({ q, list: [] }),
    )
    return () => stop.abort()
  }, [q])
  return found
}

function optionText(person: Person): string {
  return [person.name, person.kin?.word, person.born.text].filter(Boolean).join(t('ui.comma'))
}

export function Picker({ id, label, start = '', without = [], choose, leave, focus }: Props) {
  const [text, setText] = useState(start)
  const [at, setAt] = useState(0)
  const [trouble, setTrouble] = useState('')
  const busy = useRef(false)
  const field = useRef<HTMLInputElement>(null)
  const name = text.trim()
  const shown = useFound(name, without)
  const found = shown.list
  const count = name ? found.length + 1 : 0 // the last one adds
  useLayoutEffect(() => {
    if (focus) field.current?.select()
    if (focus) field.current?.focus()
  }, [])
  const take = async (index: number) => {
    if (busy.current || !name) return
    busy.current = true
    try {
      const now = shown.q === name ? shown : await find(name, without) // fingers may be faster than the house
      await choose(now.list[index] ?? (await people.add({ name })))
      setText('')
    } catch (cause) {
      setTrouble(sentenceOf(cause))
    }
    busy.current = false
  }
  const keys = (event: KeyboardEvent) => {
    if (event.isComposing) return // the letters of a pinyin keyboard are not ours yet
    if (event.key === 'ArrowDown') setAt(Math.min(count - 1, at + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
    else if (event.key === 'Enter') void take(at)
    else if (event.key === 'Escape' && leave) leave()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const option = (index: number, words: string, extra: string) => (
    <li key={index} id={`${id}-${index}`} role="option" aria-selected={index === at} class={extra} onPointerDown={(event) => event.preventDefault()} onClick={() => void take(index)}>
      {words}
    </li>
  )
  return (
    <div class="picker">
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={field}
        role="combobox"
        aria-expanded={count > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={count > 0 ? `${id}-${Math.min(at, count - 1)}` : undefined}
        autocomplete="off"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
          setTrouble('')
        }}
        onKeyDown={keys}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={label} hidden={count === 0}>
        {found.map((person, index) => option(index, optionText(person), ''))}
        {name && option(found.length, t('ui.picker.add', { name }), 'new')}
      </ul>
      {trouble && (
        <p class="wrong" role="alert">
          {trouble}
        </p>
      )}
    </div>
  )
}
