// SPDX-License-Identifier: AGPL-3.0-or-later
// At the foot while pictures are chosen: how many, and what can be done to all of them.

import { may } from '../door/me'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { Sign, type SignName } from '../app/Sign'
import { go } from '../app/route'
import { closeSlip } from '../base/say'
import { t, tn } from '../base/words'
import { choice, choosing, picking } from '../line/choice'
import { busy, endChoosing, tryToChosen, undoLast } from './acts'
import { DatePart } from './DatePart'
import { AlbumPart, PeoplePart, PlacePart } from './NamedParts'

type Part = '' | 'date' | 'place' | 'people' | 'album'

const parts: readonly { part: Part; key: string; sign: SignName }[] = [
  { part: 'date', key: 'd', sign: 'line' },
  { part: 'place', key: 'p', sign: 'place' },
  { part: 'people', key: 'w', sign: 'faces' },
  { part: 'album', key: 'a', sign: 'stack' },
]

const doings: readonly { name: string; key: string; sign: SignName; todo: Record<string, unknown> }[] = [
  { name: 'favourite', key: 'f', sign: 'heart', todo: { favourite: true } },
  { name: 'hide', key: 'h', sign: 'hide', todo: { hidden: true } },
  { name: 'trash', key: 'Delete', sign: 'trash', todo: { trashed: true } },
]

// Single keys work while the keys are with a picture or the slip, never while something is typed.
function isFree(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return true
  if (target.matches('input:not([type=checkbox]), select, textarea')) return false
  return target === document.body || target.closest('.sheet, .action-slip, .slip, h1') !== null
}

function useKeys(open: (part: Part) => void, part: Part): void {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
      if (event.key === 'Escape') {
        event.preventDefault()
        if (picking.value) picking.value = null
        else if (part) open('')
        else endChoosing()
        return
      }
      if (!isFree(event.target) || choice.value.length === 0) return
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
      const wanted = parts.find((one) => one.key === key)
      const doing = doings.find((one) => one.key === key)
      if (!wanted && !doing) return
      event.preventDefault()
      if (wanted) open(wanted.part)
      else if (doing) tryToChosen(doing.todo)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [part])
}

// z takes the last act back, wherever the keys are, as long as nothing is typed.
export function useUndoKey(): void {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'z') return
      if (isFree(event.target) && undoLast()) event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

function Picking() {
  return (
    <div class="action-slip" role="group" aria-label={t('ui.choose.label')}>
      <p role="status">{t('ui.act.pick')}</p>
      <button type="button" onClick={() => (picking.value = null)}>
        {t('ui.act.pick.leave')}
      </button>
    </div>
  )
}

function Shown({ part }: { part: Part }) {
  if (part === 'date') return <DatePart />
  if (part === 'place') return <PlacePart />
  if (part === 'people') return <PeoplePart />
  return part === 'album' ? <AlbumPart /> : null
}

function Slip({ also }: { also?: { label: string; run: () => void } | undefined }) {
  const [part, setPart] = useState<Part>('')
  const open = (wanted: Part) => {
    if (wanted) closeSlip() // what was done last makes room; z still takes it back
    setPart(wanted)
  }
  const n = choice.value.length
  useKeys(open, part)
  useEffect(() => {
    if (n === 0) setPart('')
  }, [n])
  if (picking.value) return <Picking />
  return (
    <div class="action-slip" role="group" aria-label={t('ui.choose.label')} aria-busy={busy.value}>
      {part && n > 0 && (
        <>
          <button type="button" class="plain round close-part" aria-label={t('ui.close')} onClick={() => open('')}>
            <Sign name="close" />
          </button>
          <Shown key={part} part={part} />
        </>
      )}
      <div class="action-row">
        <p role="status">{n > 0 ? tn('ui.choose.count', n) : t('ui.choose.none')}</p>
        {n > 0 &&
          parts.map((one) => (
            <button type="button" key={one.part} class="tool" aria-expanded={part === one.part} aria-keyshortcuts={one.key} onClick={() => open(part === one.part ? '' : one.part)}>
              <Sign name={one.sign} />
              <span>{t(`ui.act.${one.part}`)}</span>
            </button>
          ))}
        {n > 0 &&
          doings.map((one) => (
            <button type="button" key={one.name} class="tool" aria-keyshortcuts={one.key} onClick={() => tryToChosen(one.todo)}>
              <Sign name={one.sign} />
              <span>{t(`ui.act.${one.name}`)}</span>
            </button>
          ))}
        {n > 0 && also && (
          <button type="button" class="tool" onClick={also.run}>
            <Sign name="close" />
            <span>{also.label}</span>
          </button>
        )}
        {n > 0 && (
          <button type="button" class="tool" onClick={() => go('/film/new')}>
            <Sign name="film" />
            <span>{t('ui.choose.film')}</span>
          </button>
        )}
        <button type="button" onClick={endChoosing}>
          {t('ui.choose.drop')}
        </button>
      </div>
    </div>
  )
}

// `also` is one thing more that a page can do to what is chosen.
export function ActionSlip({ also }: { also?: { label: string; run: () => void } }) {
  return choosing.value && may('teller') ? <Slip also={also} /> : null
}

export function ChooseButton() {
  const toggle = () => {
    picking.value = null
    choosing.value = !choosing.value
  }
  return (
    <button type="button" id="choose" class="tool" aria-pressed={choosing.value} onClick={toggle}>
      {t('ui.choose.start')}
    </button>
  )
}

// A page with pictures to choose from begins and leaves without choosing.
export function useChoosing(): void {
  useEffect(() => {
    choosing.value = false
    return () => {
      choosing.value = false
      picking.value = null
    }
  }, [])
}
