// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is here, at the head of every page, and what belongs to them.

import { useEffect, useRef, useState } from 'preact/hooks'
import { Sign } from '../app/Sign'
import { t } from '../base/words'
import { goOut, may, me, mayStart, shownName } from './me'

function Choices() {
  const here = me.value
  return (
    <ul id="who-menu" class="who-menu">
      {!here.owned && mayStart() && (
        <li>
          <a href="/start">{t('ui.here.start')}</a>
        </li>
      )}
      {may('keeper') && here.owned && (
        <li>
          <a href="/doors">{t('ui.here.doors')}</a>
        </li>
      )}
      {may('keeper') && (
        <li>
          <a href="/house">{t('ui.here.house')}</a>
        </li>
      )}
      {here.hand && (
        <li>
          <a href="/mine">{t('ui.hand.title')}</a>
        </li>
      )}
      {here.account !== '' && (
        <li>
          <a href="/me">{t('ui.here.me')}</a>
        </li>
      )}
      {here.session !== '' && (
        <li>
          <button type="button" class="plain" onClick={() => void goOut()}>
            {t('ui.here.leave')}
          </button>
        </li>
      )}
    </ul>
  )
}

export function WhoMenu({ path }: { path: string }) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const whole = useRef<HTMLDivElement>(null)
  useEffect(() => setOpen(false), [path])
  useEffect(() => {
    if (!open) return undefined
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && !whole.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', elsewhere)
    document.addEventListener('focusin', elsewhere)
    return () => {
      document.removeEventListener('pointerdown', elsewhere)
      document.removeEventListener('focusin', elsewhere)
    }
  }, [open])
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return
    event.preventDefault()
    setOpen(false)
    button.current?.focus()
  }
  if (!may('guest')) return null
  const name = shownName.value || t(me.value.owned ? `ui.role.${me.value.role}` : 'ui.here.machine')
  return (
    <div class="who-here" ref={whole} onKeyDown={escape}>
      <button type="button" class="plain" ref={button} aria-expanded={open} aria-controls="who-menu" onClick={() => setOpen(!open)}>
        <Sign name="who" />
        <span class="who-name">
          <span class="unseen">{t('ui.here.here')} </span>
          {name}
        </span>
      </button>
      {open && <Choices />}
    </div>
  )
}
