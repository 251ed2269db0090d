// SPDX-License-Identifier: AGPL-3.0-or-later
// When no face waits: those set aside, and pictures in which nobody is framed yet, one after the other.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { t, tn } from '../base/words'
import { isAbort } from '../net/api'
import { people } from '../net/people'
import type { Brief } from '../net/shapes'
import { spoken } from '../line/Tile'
import { ratioOf } from '../line/rows'
import type { Desk } from './desk'

interface Props {
  desk: Desk
  undo: () => void
  again: () => void
  frame: (item: Brief) => void
}

function useUnframed() {
  const [items, setItems] = useState<readonly Brief[]>([])
  const [cursor, setCursor] = useState<string | null>(null)
  const need = items.length < 3 && cursor !== ''
  useEffect(() => {
    if (!need) return
    const stop = new AbortController()
    people.unframed({ cursor: cursor ?? '', limit: 24 }, stop.signal).then(
      (leaf) => {
        setItems((now) => [...now, ...leaf.items])
        setCursor(leaf.next)
      },
      (cause: unknown) => !isAbort(cause) && setCursor(''),
    )
    return () => stop.abort()
  }, [need, cursor])
  return { item: items[0], next: () => setItems(items.slice(1)) }
}

function Unframed({ item, frame, next }: { item: Brief; frame: () => void; next: () => void }) {
  useLayoutEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
      const act = { f: frame, n: next }[event.key.toLowerCase()]
      if (!act || (event.target instanceof HTMLElement && event.target.closest('input, textarea'))) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', keys)
    return () => removeEventListener('keydown', keys)
  })
  return (
    <section class="who-unframed">
      <h2>{t('ui.who_is.unframed')}</h2>
      <div class="who-framing" style={{ '--ratio': String(ratioOf(item)) }}>
        <img src={item.thumb + '1024'} alt={spoken(item)} />
      </div>
      <div class="row">
        <button type="button" class="act" aria-keyshortcuts="F" onClick={frame}>
          <kbd aria-hidden="true">F</kbd>
          {t('ui.who_is.frame')}
        </button>
        <button type="button" aria-keyshortcuts="N" onClick={next}>
          <kbd aria-hidden="true">N</kbd>
          {t('ui.who_is.nobody')}
        </button>
      </div>
    </section>
  )
}

export function Over({ desk, undo, again, frame }: Props) {
  const { item, next } = useUnframed()
  const top = useRef<HTMLParagraphElement>(null)
  useLayoutEffect(() => {
    if (desk.done.length > 0) top.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div class="who-over">
      <p class="lead" ref={top} tabIndex={-1}>
        {t(desk.done.length > 0 ? 'ui.who_is.over' : 'ui.who_is.none')}
      </p>
      <div class="row">
        {desk.skipped > 0 && (
          <button type="button" onClick={again}>
            {tn('ui.who_is.again', desk.skipped)}
          </button>
        )}
        {desk.done.length > 0 && (
          <button type="button" onClick={undo}>
            {t('ui.undo')}
          </button>
        )}
        <a class="button" href="/people">
          {t('ui.who_is.to_people')}
        </a>
      </div>
      {item && <Unframed item={item} frame={() => frame(item)} next={next} />}
    </div>
  )
}
