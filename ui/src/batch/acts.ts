// SPDX-License-Identifier: AGPL-3.0-or-later
// Something done to all that is chosen, told in a slip that can take it back; and taking it back.

import { signal } from '@preact/signals'
import { readAbout } from '../app/about'
import { focusDrawn } from '../base/focus'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { choice, choosing, dropChoice, picking } from '../line/choice'
import { clearStage, goOn } from '../line/keep'
import { firstPlace, forgetAnchor } from '../line/selecting'
import { forgetLine, openLine } from '../line/store'
import { api, sentenceOf } from '../net/api'
import type { Done } from '../net/shapes'

export const acted = signal(0) // counts acts: pages that list items read them again
export const busy = signal(false)
let last = '' // the act that z takes back

const items_most = 1000

async function settle(done: Done, again: (act: string) => void, label: string): Promise<void> {
  forgetLine()
  acted.value++
  const act = done.act
  last = act
  showSlip({ text: done.what ?? t('ui.act.nothing'), ...(act ? { act: { label, run: () => again(act) } } : {}) })
  await openLine()
  void readAbout()
}

async function run(what: () => Promise<Done>, again: (act: string) => void, label: string): Promise<Done | null> {
  if (busy.value) return null
  busy.value = true
  try {
    const done = await what()
    await settle(done, again, label)
    return done
  } catch (cause) {
    showSlip({ text: sentenceOf(cause) })
    return null
  } finally {
    busy.value = false
  }
}

export function undo(act: string): void {
  void run(() => api.undo(act), redo, t('ui.act.redo'))
}

function redo(act: string): void {
  void run(() => api.undo(act), undo, t('ui.undo'))
}

export function undoLast(): boolean {
  if (!last || busy.value) return false
  const act = last
  last = ''
  undo(act)
  return true
}

// Throws a Refusal where a form shall say what is wrong; tells everything else in the slip.
export async function doToChosen(todo: Record<string, unknown>): Promise<boolean> {
  const items = choice.value
  if (items.length === 0 || busy.value) return false
  if (items.length > items_most) {
    showSlip({ text: t('ui.act.most') })
    return false
  }
  const place = firstPlace()
  busy.value = true
  try {
    const done = await api.doTo(items.map((item) => item.id), todo)
    dropChoice()
    forgetAnchor()
    clearStage()
    picking.value = null
    ;(document.activeElement as HTMLElement | null)?.blur()
    await settle(done, undo, t('ui.undo'))
    goOn(place)
    return true
  } finally {
    busy.value = false
  }
}

export function tryToChosen(todo: Record<string, unknown>): void {
  doToChosen(todo).catch((cause: unknown) => showSlip({ text: sentenceOf(cause) }))
}

export function endChoosing(): void {
  const at = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.tile : undefined
  picking.value = null
  dropChoice()
  forgetAnchor()
  choosing.value = false
  if (location.search === '?choose') history.replaceState(history.state, '', location.pathname)
  const tile = () => (at ? document.querySelector<HTMLElement>(`.sheet [data-tile="${CSS.escape(at)}"]`) : null)
  focusDrawn(() => tile() ?? document.getElementById('choose'))
}
