// SPDX-License-Identifier: AGPL-3.0-or-later
// The album as prints on a table: each can be dragged, or lifted with the keyboard, walked with the
// arrows and laid down; or, with a finger or one switch, pressed, and then the place where it goes.

import { useRef, useState } from 'preact/hooks'
import { focusDrawn } from '../base/focus'
import { say } from '../base/say'
import { t } from '../base/words'
import { moved } from '../film/draft'
import { Print, spoken } from '../line/Tile'
import type { Brief } from '../net/shapes'

interface Props {
  items: readonly Brief[]
  change: (items: Brief[]) => void
}

function stepOf(key: string, at: number, count: number): number | null {
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(0, at - 1)
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(count - 1, at + 1)
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}

export function Arrange({ items, change }: Props) {
  const [lifted, lift] = useState('')
  const before = useRef<readonly Brief[]>(items)
  const dragged = useRef('')
  const list = useRef<HTMLOListElement>(null)
  const focus = (id: string) =>
    focusDrawn(() => list.current?.querySelector<HTMLElement>(`[data-print="${CSS.escape(id)}"]`))
  const tell = (item: Brief, at: number) => say(t('ui.album.place', { name: spoken(item), n: at + 1, of: items.length }))

  const press = (event: KeyboardEvent, item: Brief, at: number) => {
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault()
      before.current = items
      lift(lifted === item.id ? '' : item.id)
      say(t(lifted === item.id ? 'ui.album.laid' : 'ui.album.lifted', { name: spoken(item) }))
      return
    }
    if (event.key === 'Escape' && lifted) {
      event.preventDefault()
      lift('')
      change([...before.current])
      focus(item.id)
      return
    }
    const to = stepOf(event.key, at, items.length)
    if (to === null) return
    event.preventDefault()
    if (lifted !== item.id) {
      focus(items[to]?.id ?? item.id)
      return
    }
    change(moved([...items], at, to))
    tell(item, to)
    focus(item.id)
  }

  const tap = (item: Brief, at: number) => {
    const from = items.findIndex((one) => one.id === lifted)
    const held = items[from]
    if (!held || held === item) {
      before.current = items
      lift(held ? '' : item.id)
      return say(t(held ? 'ui.album.laid' : 'ui.album.lifted', { name: spoken(item) }))
    }
    lift('')
    change(moved([...items], from, at))
    tell(held, at)
  }

  const drop = (event: DragEvent, at: number) => {
    event.preventDefault()
    const from = items.findIndex((item) => item.id === dragged.current)
    dragged.current = ''
    if (from >= 0 && from !== at) change(moved([...items], from, at))
  }

  return (
    <ol class="arrange" ref={list} aria-label={t('ui.album.arrange')}>
      {items.map((item, at) => (
        <li key={item.id} onDragOver={(event) => event.preventDefault()} onDrop={(event) => drop(event, at)}>
          <button
            type="button"
            class="arrange-print"
            data-print={item.id}
            draggable
            aria-pressed={lifted === item.id}
            aria-label={t('ui.album.place', { name: spoken(item), n: at + 1, of: items.length })}
            onClick={() => tap(item, at)}
            onKeyDown={(event) => press(event, item, at)}
            onDragStart={(event) => {
              dragged.current = item.id
              event.dataTransfer?.setData('text/plain', item.id)
            }}
          >
            <span class="arrange-box">
              <Print item={item} width={180} />
            </span>
            <span aria-hidden="true">{at + 1}</span>
          </button>
        </li>
      ))}
    </ol>
  )
}
