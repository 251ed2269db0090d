// SPDX-License-Identifier: AGPL-3.0-or-later
// Tells when the page has changed, and when it has come to rest.

import { isReading } from '../net/api'

const still_ms = 160
const patience_ms = 2500
let last = 0

const ours = (node: Node) => node instanceof Element && node.closest('.reach-frame, .reach-strip') !== null

export function watchPage(changed: () => void): () => void {
  const notice = (records: readonly MutationRecord[]) => {
    if (records.every((record) => ours(record.target))) return
    last = performance.now()
    changed()
  }
  const watcher = new MutationObserver(notice)
  watcher.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden', 'inert', 'open', 'aria-hidden', 'aria-disabled', 'role'],
  })
  return () => watcher.disconnect()
}

export async function quiet(): Promise<void> {
  const begun = performance.now()
  last = begun
  for (;;) {
    await new Promise((done) => setTimeout(done, 40))
    const at = performance.now()
    if (at - begun > patience_ms || (!isReading() && at - last >= still_ms)) return
  }
}
