// SPDX-License-Identifier: AGPL-3.0-or-later
// A page with its title. Arriving, it names itself to the browser and takes the focus, so that a
// keyboard or a reader starts at its top.

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../base/words'
import { moves } from './route'

interface Props {
  title: string
  narrow?: boolean
  quiet?: boolean // the title is heard but not seen
  beside?: ComponentChildren
  children: ComponentChildren
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? t('ui.title', { page: title }) : t('app.name')
  }, [title])
}

export function Page({ title, narrow, quiet, beside, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useTitle(title)
  useLayoutEffect(() => {
    if (moves.peek() > 0) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div class={narrow ? 'page narrow' : 'page'}>
      <div class={quiet ? 'unseen' : 'page-head'}>
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {beside}
      </div>
      {children}
    </div>
  )
}
