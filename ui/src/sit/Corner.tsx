// SPDX-License-Identifier: AGPL-3.0-or-later
// "Not this now": for the carer. A long press in the corner, or the key N: nobody hits it by chance,
// and it is no fourth choice, so neither Tab nor a switch comes by.

import { useLayoutEffect, useRef } from 'preact/hooks'
import { Sign } from '../app/Sign'
import { t } from '../base/words'

const hold_ms = 700

export function Corner({ skip }: { skip: () => void }) {
  const timer = useRef(0)
  const run = useRef(skip)
  run.current = skip
  useLayoutEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'n' && !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey) run.current()
    }
    addEventListener('keydown', key)
    return () => {
      removeEventListener('keydown', key)
      clearTimeout(timer.current)
    }
  }, [])
  const down = () => {
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => run.current(), hold_ms)
  }
  const up = () => clearTimeout(timer.current)
  return (
    <button
      type="button"
      class="sit-corner"
      tabIndex={-1}
      data-scan="no"
      aria-label={t('ui.sit.not_now')}
      title={t('ui.sit.not_now')}
      aria-keyshortcuts="N"
      onPointerDown={down}
      onPointerUp={up}
      onPointerLeave={up}
      onPointerCancel={up}
      onContextMenu={(event) => event.preventDefault()}
    >
      <Sign name="close" />
    </button>
  )
}
