// SPDX-License-Identifier: AGPL-3.0-or-later
// What is kept of answers on this device, and the watch over it.

import { lang } from '../base/words'
import { onNews } from '../net/live'
import { Drawer, MemoryKeep, SureKeep, type Keep } from './keep'
import { tidy } from './bringing'

const burst_ms = 200

// A browser of old, or one that lets a page keep nothing.
function open(): Keep {
  const memory = new MemoryKeep()
  try {
    return globalThis.indexedDB ? new SureKeep(new Drawer(), memory) : memory
  } catch {
    return memory
  }
}

export const keep = open()
export const headers = () => ({ 'Accept-Language': lang.value })

// Once for each page, and whenever an answer may have been taken back.
export function openKept(): void {
  const look = () => void tidy({ keep, headers })
  let timer = 0
  look()
  onNews((news) => {
    if (!['ask', 'may', 'all'].includes(news.kind)) return
    clearTimeout(timer)
    timer = window.setTimeout(look, burst_ms)
  })
}
