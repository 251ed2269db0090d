// SPDX-License-Identifier: AGPL-3.0-or-later

import { useEffect, useRef } from 'preact/hooks'
import { onNews, type News } from '../net/live'

// Calls `again` once, a moment after news that concern it: a burst is one reading.
export function useNews(concerns: (news: News) => boolean, again: () => void): void {
  const call = useRef(again)
  call.current = again
  const asks = useRef(concerns)
  asks.current = concerns
  useEffect(() => {
    let timer = 0
    const stop = onNews((news) => {
      if (!asks.current(news)) return
      clearTimeout(timer)
      timer = window.setTimeout(() => call.current(), 60)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [])
}

// What may be shown has changed, or anything may have.
export const mayHaveChanged = (news: News) => news.kind === 'may' || news.kind === 'all'
