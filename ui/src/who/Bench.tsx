// SPDX-License-Identifier: AGPL-3.0-or-later
// One face on the bench. Keys: 1 to 9 and 0 for the last ten people; Enter or / to type a name; N not now, X no face,
// F another face here, M the frame elsewhere, Z undo. Each is a button too.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { t, tn } from '../base/words'
import type { OpenFace, Person } from '../net/people'
import { Crop, FaceCrop } from '../people/Crop'
import { Picker } from '../people/Picker'
import { placeOf } from '../picture/Frame'
import { spoken } from '../line/Tile'
import type { Done } from './desk'
import { keyOf, slotOf } from './slots'

export interface Doings {
  name: (person: Person) => Promise<void>
  skip: () => void
  drop: () => void
  undo: () => void
  frame: () => void
  move: () => void
}

interface Props {
  face: OpenFace
  recent: readonly Person[]
  left: number
  done: number // how many this bench has seen to
  last: Done | undefined
  doings: Doings
}

function useKeys({ recent, doings }: Props, typing: boolean, type: () => void): void {
  useLayoutEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || typing) return
      const at = event.target
      if (at instanceof HTMLElement && at.closest('input, select, textarea, [role=dialog]')) return
      const slot = slotOf(event.key)
      const person = slot === null ? undefined : recent[slot]
      const on_button = at instanceof HTMLElement && at.closest('a, button')
      const named: Record<string, () => void> = { n: doings.skip, x: doings.drop, z: doings.undo, f: doings.frame, m: doings.move, '/': type }
      if (!on_button) named.Enter = type
      const act = person ? () => void doings.name(person) : named[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', keys)
    return () => removeEventListener('keydown', keys)
  })
}

function Whole({ face }: { face: OpenFace }) {
  const { item } = face
  const ratio = item.height > 0 ? item.width / item.height : 1.5
  return (
    <a class="who-whole" href={`/item/${item.id}`} style={{ aspectRatio: String(ratio), '--ratio': String(ratio) }} aria-label={t('ui.who_is.whole', { picture: spoken(item) })}>
      <img src={item.thumb + '1024'} alt="" decoding="async" />
      <span class="face pointed" style={placeOf(face)} />
    </a>
  )
}

function Key({ name }: { name: string }) {
  return <kbd aria-hidden="true">{name}</kbd>
}

function Recent({ recent, name }: { recent: readonly Person[]; name: Doings['name'] }) {
  if (recent.length === 0) return null
  return (
    <ul class="who-recent" aria-label={t('ui.who_is.recent')}>
      {recent.map((person, index) => (
        <li key={person.id}>
          <button type="button" aria-keyshortcuts={keyOf(index)} onClick={() => void name(person)}>
            <Key name={keyOf(index)} />
            {person.portrait && <FaceCrop face={person.portrait} high_rem={2.25} />}
            <span>{person.name}</span>
            {person.kin?.word && <span class="quiet">{person.kin.word}</span>}
          </button>
        </li>
      ))}
    </ul>
  )
}

function Others({ doings, last }: { doings: Doings; last: Done | undefined }) {
  const act = (key: string, label: string, run: () => void) => (
    <button type="button" aria-keyshortcuts={key} onClick={run}>
      <Key name={key} />
      {label}
    </button>
  )
  return (
    <div class="who-others" role="group" aria-label={t('ui.who_is.others')}>
      {act('N', t('ui.who_is.skip'), doings.skip)}
      {act('X', t('ui.who_is.no_face'), doings.drop)}
      {act('F', t('ui.who_is.another'), doings.frame)}
      {act('M', t('ui.who_is.move'), doings.move)}
      {last && act('Z', t(`ui.who_is.undo.${last.what}`), doings.undo)}
    </div>
  )
}

export function Bench(props: Props) {
  const { face, recent, left, done, last, doings } = props
  const [typing, setTyping] = useState(false)
  const bench = useRef<HTMLDivElement>(null)
  useKeys(props, typing, () => setTyping(true))
  useLayoutEffect(() => {
    if (!typing) bench.current?.focus({ preventScroll: true })
  }, [typing])
  return (
    <div class="bench" ref={bench} tabIndex={-1} role="group" aria-label={t('ui.who_is.title')}>
      <div class="who-face">
        <Crop thumb={face.item.thumb} shape={face.item} spot={face} high_rem={24} alt={t('ui.who_is.face', { picture: spoken(face.item) })} />
      </div>
      <div class="who-side" data-done={done}>
        <Whole face={face} />
        <p class="quiet">{[face.item.date.text, face.item.caption].filter(Boolean).join(t('ui.comma'))}</p>
        {face.name && <p>{t('ui.who_is.file_says', { name: face.name })}</p>}
        {left > 1 && <p class="quiet">{tn(left >= 1000 ? 'ui.who_is.many' : 'ui.who_is.left', left)}</p>}
      </div>
      <div class="who-names">
        {typing ? (
          <Picker id="who-name" label={t('ui.who_is.type')} start={face.name} focus choose={(person) => doings.name(person)} leave={() => setTyping(false)} />
        ) : (
          <>
            <Recent recent={recent} name={doings.name} />
            <button type="button" class="act" aria-keyshortcuts="/" onClick={() => setTyping(true)}>
              <Key name="/" />
              {t(recent.length > 0 ? 'ui.who_is.someone_else' : 'ui.who_is.say')}
            </button>
          </>
        )}
        <Others doings={doings} last={last} />
      </div>
    </div>
  )
}
