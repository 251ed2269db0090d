// SPDX-License-Identifier: AGPL-3.0-or-later
// A dialog over the page, with its title and a way to put it away.

import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../base/words'
import { showSheet } from './sheets'

export function SheetDialog({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal()
  }, [])
  return (
    <dialog class="reach-sheet" ref={dialog} aria-labelledby={id} onClose={() => showSheet('')}>
      <h2 id={id}>{title}</h2>
      {children}
      <p class="row end">
        <button type="button" class="act" onClick={() => dialog.current?.close()}>
          {t('ui.reach.done')}
        </button>
      </p>
    </dialog>
  )
}
