// SPDX-License-Identifier: AGPL-3.0-or-later
// Which page is shown. Plain links lead from page to page; this listens for them, keeps how far each
// page was scrolled, and leaves everything else to the browser.

import { signal } from '@preact/signals'

export interface Place {
  path: string
  query: URLSearchParams
}

interface Kept {
  scroll?: number
  back?: string // path of the page one came from
}

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) }
}

// Pages for whoever was sent a link: nothing stands around them.
export const isBare = (path: string) => path === '/a' || path.startsWith('/answer/')

export const place = signal<Place>(here())
export const moves = signal(0) // counts page changes, so that the first page does not steal focus
let restoring: number | null = null

function keepScroll(): void {
  history.replaceState({ ...(history.state as Kept | null), scroll: scrollY }, '')
}

function arrive(): void {
  place.value = here()
  moves.value++
}

export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  keepScroll()
  const kept: Kept = { back: location.pathname + location.search }
  if (how === 'push') history.pushState(kept, '', to)
  else history.replaceState({ ...(history.state as Kept | null), scroll: 0 }, '', to)
  restoring = null
  const before = place.value.path
  arrive()
  if (before !== place.value.path) scrollTo(0, 0)
}

// A page that lays itself out late asks here where it stood, once.
export function takeScroll(): number | null {
  const kept = restoring
  restoring = null
  return kept
}

export function cameFrom(): string {
  return (history.state as Kept | null)?.back ?? ''
}

function linkOf(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.button !== 0) return null
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!(link instanceof HTMLAnchorElement) || link.target || link.rel.includes('external') || link.hasAttribute('download')) return null
  const inside = link.origin === location.origin && !link.pathname.startsWith('/api/')
  return inside ? link : null
}

function follow(event: MouseEvent): void {
  const link = linkOf(event)
  if (!link) return
  const onlyHash = link.hash && link.pathname === location.pathname && link.search === location.search
  if (onlyHash) return
  event.preventDefault()
  go(link.pathname + link.search)
}

export function openRoutes(): void {
  history.scrollRestoration = 'manual'
  restoring = (history.state as Kept | null)?.scroll ?? null
  document.addEventListener('click', follow)
  addEventListener('pagehide', keepScroll)
  addEventListener('popstate', () => {
    if (location.pathname === place.value.path && location.search === '?' + place.value.query) return
    restoring = (history.state as Kept | null)?.scroll ?? 0
    arrive()
  })
  let timer = 0
  addEventListener('scroll', () => {
    clearTimeout(timer)
    timer = window.setTimeout(keepScroll, 150)
  })
}
