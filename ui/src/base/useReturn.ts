// SPDX-License-Identifier: AGPL-3.0-or-later
// The keys go back to what opened something, once that has closed.

import { useLayoutEffect, useRef } from 'preact/hooks'

export function useReturn(opened: boolean) {
  const opener = useRef<HTMLButtonElement>(null)
  const was = useRef(false)
  useLayoutEffect(() => {
    if (was.current && !opened) opener.current?.focus()
    was.current = opened
  }, [opened])
  return opener
}
