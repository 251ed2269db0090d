// SPDX-License-Identifier: AGPL-3.0-or-later
// Reads the page as a scan sees it: what can be used, in document order, in the groups that the page
// itself makes. A tall list gives only what the window shows, and a way to turn to more.

import { t } from '../base/words'
import { group, things, type Group, type Stop, type Way } from './model'
import { groupName, joined, nameOf } from './names'

const usable = [
  'a[href]', 'button', 'input:not([type=hidden])', 'select', 'textarea', 'summary', 'video[controls]', 'audio[controls]',
  ...['slider', 'checkbox', 'switch', 'radio', 'option', 'tab', 'button', 'link', 'menuitem', 'spinbutton'].map((role) => `[role=${role}]`),
].join(',')
const grouping = [
  'header', 'footer', 'nav', 'main', 'aside', 'section', 'form', 'fieldset', 'article', 'figure', 'details', 'dialog', 'ul', 'ol', 'li', 'tr', 'table',
  '[data-group]', ...['group', 'region', 'toolbar', 'radiogroup', 'tablist', 'listbox', 'list', 'search', 'navigation', 'form'].map((role) => `[role=${role}]`),
].join(',')
const long_list = 24 // a list with more to use than this is gone through by the window

// What the window showed of a tall list when it was last turned to.
interface Leaf {
  scroll: number
  seen: Set<Element>
}
const leaves = new WeakMap<Element, Leaf>()

interface Found {
  stop: Stop<Element>
  rank: number // lower comes first
}

// A tick or a pill is seen as its label.
export function boxOf(element: Element): DOMRect {
  const seen = element.matches('[type=checkbox], [type=radio]') ? element.closest('label') : null
  return (seen ?? element).getBoundingClientRect()
}

function isThere(element: Element): boolean {
  if (element.getAttribute('aria-hidden') === 'true' || element.getAttribute('data-scan') === 'no') return false
  if ((element as HTMLElement).inert || (element as HTMLButtonElement).disabled) return false
  const box = element.getBoundingClientRect()
  if (element.checkVisibility?.() === false) return false
  const style = getComputedStyle(element)
  return style.visibility !== 'hidden' && style.display !== 'none' && (box.width > 0 || element.children.length > 0)
}

function isUsable(element: Element): boolean {
  return element.matches(usable) && !element.matches(':disabled, [aria-disabled=true], input[type=file]')
}

// What will not wait, as the way to take something back, is looked for more than all the rest: two
// presses lead to it on a photograph's page.
const pressing = 12
const beside = 0.3

function weightOf(element: Element, rank: number): number {
  if (element.closest('[data-pressing]')) return pressing
  return rank > 1 ? beside : 1
}

// The page itself before what stands around it.
function rankOf(element: Element, around: number): number {
  if (element.hasAttribute('data-first')) return 0
  if (element.matches('.reach-strip')) return 3
  if (element.matches('main, main *, dialog *, [aria-modal=true] *')) return around
  return element.matches('header, footer, nav') ? 2 : around
}

function collect(element: Element, rank: number, into: Found[]): void {
  for (const child of element.children) {
    if (!isThere(child)) continue
    const own = rankOf(child, rank)
    if (isUsable(child)) {
      into.push({ stop: { kind: 'thing', name: nameOf(child), at: child, weight: weightOf(child, own) }, rank: own })
      continue
    }
    if (!child.matches(grouping) || child.tagName === 'MAIN') {
      collect(child, own, into)
      continue
    }
    const inner = groupOf(child, own)
    if (inner.stops.length > 0) into.push({ stop: inner, rank: own })
  }
}

function groupOf(element: Element, rank: number): Group<Element> {
  const found: Found[] = []
  collect(element, rank, found)
  found.sort((a, b) => a.rank - b.rank)
  const whole = group(groupName(element), found.map((one) => one.stop), element, element.hasAttribute('data-arranged'))
  const all = things(whole)
  const isLong = element.hasAttribute('data-long') || (all.length > long_list && !element.closest('.reach-tray') && element.matches('ul, ol, table, [role=list], [role=listbox]'))
  if (isLong) return leafOf(whole, element)
  return named(whole)
}

function named(whole: Group<Element>): Group<Element> {
  if (whole.name) return whole
  const first = whole.stops[0]?.name ?? ''
  const last = whole.stops[whole.stops.length - 1]?.name ?? ''
  return { ...whole, name: first === last ? first : joined(first, last) }
}

export interface Room {
  top: number
  bottom: number
  left: number
  right: number
}

export function windowRoom(): Room {
  const head = document.querySelector('.reach-strip')?.getBoundingClientRect()
  const strip = head && head.top > innerHeight / 2 ? head.height + 16 : 0
  return { top: 0, bottom: innerHeight - strip, left: 0, right: innerWidth }
}

function isSeen(element: Element, room: Room): boolean {
  const box = boxOf(element)
  const y = box.top + box.height / 2
  const x = box.left + box.width / 2
  return y > room.top && y < room.bottom && x > room.left && x < room.right
}

function sideways(list: Element): boolean {
  return list.scrollWidth > list.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(list).overflowX)
}

function roomOf(list: Element): Room {
  const room = windowRoom()
  if (!sideways(list)) return room
  const box = list.getBoundingClientRect()
  return { ...room, left: Math.max(room.left, box.left), right: Math.min(room.right, box.right) }
}

const offset = (list: Element) => (sideways(list) ? list.scrollLeft : scrollY)

// What one leaf of a tall list holds: what was seen when it was turned to, as far as it is still drawn.
function seenOf(list: Element, all: Element[]): Set<Element> {
  const room = roomOf(list)
  const kept = leaves.get(list)
  const still = kept ? all.filter((one) => kept.seen.has(one)) : []
  const fresh = !kept || kept.scroll === offset(list) || still.length === 0
  const seen = fresh ? all.filter((one) => isSeen(one, room)) : []
  const leaf = new Set([...still, ...seen])
  if (leaf.size === 0) return new Set(all.slice(0, long_list / 2))
  leaves.set(list, { scroll: kept && !fresh ? kept.scroll : offset(list), seen: leaf })
  return leaf
}

export function forgetLeaves(root: Element): void {
  for (const list of root.querySelectorAll('*')) leaves.delete(list)
}

function leafOf(whole: Group<Element>, list: Element): Group<Element> {
  const all = things(whole)
  const seen = seenOf(list, all.map((one) => one.at))
  const kept = all.filter((one) => seen.has(one.at))
  const inside = list.hasAttribute('data-long') ? rows(kept) : only(whole, seen)
  const ways = (['further', 'earlier'] as const).filter((to) => canTurn(list, to))
  const stops = [...inside, ...ways.map((to): Way => ({ kind: 'way', to, name: t(`ui.reach.way.${to}`) }))]
  return named({ ...whole, stops })
}

function only(whole: Group<Element>, seen: Set<Element>): Stop<Element>[] {
  return whole.stops.flatMap((stop): Stop<Element>[] => {
    if (stop.kind === 'thing') return seen.has(stop.at) ? [stop] : []
    return stop.kind === 'group' ? [{ ...stop, stops: only(stop, seen) }] : [stop]
  })
}

// Things that stand side by side are one group: a row of prints.
function rows(all: ReturnType<typeof things<Element>>): Stop<Element>[] {
  const made: { bottom: number; stops: Stop<Element>[] }[] = []
  for (const thing of all) {
    const box = boxOf(thing.at)
    const last = made[made.length - 1]
    if (last && box.top + box.height / 2 < last.bottom) last.stops.push(thing)
    else made.push({ bottom: box.bottom, stops: [thing] })
  }
  return made.map((row) => named(group('', row.stops)))
}

export function canTurn(list: Element, to: 'further' | 'earlier'): boolean {
  if (sideways(list)) return to === 'earlier' ? list.scrollLeft > 1 : list.scrollLeft + list.clientWidth < list.scrollWidth - 1
  const box = list.getBoundingClientRect()
  const room = windowRoom()
  return to === 'earlier' ? box.top < room.top - 8 && scrollY > 0 : box.bottom > room.bottom + 8
}

// Most of a window on; a little of what was seen stays in sight.
export function turn(list: Element, to: 'further' | 'earlier'): void {
  const sign = to === 'further' ? 1 : -1
  const room = roomOf(list)
  if (sideways(list)) list.scrollBy({ left: sign * list.clientWidth * 0.85, behavior: 'instant' })
  else scrollBy({ top: sign * (room.bottom - room.top) * 0.85, behavior: 'instant' })
  leaves.delete(list)
}

// Where the scan is now: what lies in the hand, a question that waits for its answer, or the page.
export function rootOf(): Element {
  const tray = document.querySelector('.reach-tray')
  if (tray) return tray
  return modal() ?? document.body
}

export function modal(): Element | null {
  const open = document.querySelectorAll('dialog:modal, [aria-modal=true], [role=alertdialog]')
  return [...open].filter((one) => isThere(one)).pop() ?? null
}

export function readPage(): Group<Element> {
  const root = rootOf()
  return { ...groupOf(root, 1), key: root }
}
