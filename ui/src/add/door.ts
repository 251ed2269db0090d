// SPDX-License-Identifier: AGPL-3.0-or-later
// The door stands open on every page: whatever is dropped anywhere comes in, and the page of arrivals
// is shown. Leaving while something is still on its way is asked about first.

import { signal } from '@preact/signals'
import { go } from '../app/route'
import { may } from '../door/me'
import { dropped } from './collect'
import { bringIn, isSettled, parcels } from './queue'

export const hovering = signal(false)

function carriesFiles(event: DragEvent): boolean {
  return may('teller') && (event.dataTransfer?.types.includes('Files') ?? false)
}

function take(event: DragEvent): void {
  hovering.value = false
  if (!carriesFiles(event) || !event.dataTransfer) return
  event.preventDefault()
  if (location.pathname !== '/add') go('/add')
  void dropped(event.dataTransfer).then(bringIn)
}

export function openDoor(): void {
  addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    hovering.value = true
  })
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) hovering.value = false
  })
  addEventListener('drop', take)
  addEventListener('beforeunload', (event) => {
    if (parcels.peek().some((one) => !isSettled(one))) event.preventDefault()
  })
}
