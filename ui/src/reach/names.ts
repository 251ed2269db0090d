// SPDX-License-Identifier: AGPL-3.0-or-later
// What a thing on the page is called, as a reader would say it.

import { t } from '../base/words'

const long = 60

function tidy(text: string | null | undefined): string {
  const said = (text ?? '').replace(/\s+/g, ' ').trim()
  return said.length > long ? said.slice(0, long) + '…' : said
}

// Its words without those that readers pass by, and with what pictures in it are called.
function words(element: Element): string {
  let said = ''
  for (const node of element.childNodes) {
    if (node instanceof Text) said += node.data
    if (!(node instanceof Element) || node.getAttribute('aria-hidden') === 'true') continue
    said += ' ' + (node instanceof HTMLImageElement ? node.alt : (node.getAttribute('aria-label') ?? words(node))) + ' '
  }
  return said
}

function labelled(element: Element): string {
  const ids = element.getAttribute('aria-labelledby')?.split(' ') ?? []
  const said = ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
  return tidy(said) || tidy(element.getAttribute('aria-label'))
}

function fieldLabel(element: Element): string {
  const labels = (element as HTMLInputElement).labels
  const label = labels?.[0]
  if (!label) return ''
  const own = label.querySelector('span, legend') ?? label
  return tidy(words(own))
}

export function nameOf(element: Element): string {
  const said = labelled(element) || fieldLabel(element) || tidy(words(element))
  return said || tidy(element.getAttribute('title')) || tidy(element.getAttribute('placeholder')) || t('ui.reach.thing')
}

const landmarks: Record<string, string> = { HEADER: 'top', FOOTER: 'foot', NAV: 'ways', FORM: 'form' }

// A group's own name; '' when it has none and is called after its first and last.
export function groupName(element: Element): string {
  const said = labelled(element) || tidy(element.getAttribute('data-group'))
  if (said) return said
  const heading = element.querySelector('legend, h1, h2, h3')
  if (heading) return tidy(words(heading))
  const landmark = landmarks[element.tagName]
  return landmark ? t(`ui.reach.group.${landmark}`) : ''
}

export function joined(first: string, last: string): string {
  return t('ui.reach.from_to', { first: short(first), last: short(last) })
}

function short(text: string): string {
  return text.length > 18 ? text.slice(0, 17) + '…' : text
}
