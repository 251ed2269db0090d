// SPDX-License-Identifier: AGPL-3.0-or-later
// How the house's backup stands, in sentences; read anew while one is being made.

import { signal } from '@preact/signals'
import { dayName } from '../base/show'
import { lang, t, tn } from '../base/words'
import { house, type Backup } from '../net/house'
import { shownPath } from './places'

export const backup = signal<Backup | null>(null)

export async function readBackup(): Promise<void> {
  const now = await house.backup().catch(() => null)
  if (now) backup.value = now
}

const day = (ms: number) => dayName(new Date(ms).toISOString(), lang.value)

// What stands in the way, and what to do about it.
export function backupTrouble(now: Backup): string {
  if (!now.late) return ''
  if (now.trouble === 'not_found' && now.every_days > 0) return t('ui.backup.away', { place: shownPath(now.place) })
  if (now.trouble === 'conflict') return t('ui.backup.conflict', { place: shownPath(now.place) })
  if (now.trouble === 'full') return t('ui.backup.full')
  if (now.trouble) return t('ui.backup.failed')
  if (now.missing > 0) return tn('ui.backup.missing', now.missing)
  return t('ui.backup.late')
}

export function lastBackup(now: Backup): string {
  return now.done_ms > 0 ? tn('ui.backup.last', now.blobs, { day: day(now.done_ms) }) : t('ui.backup.never')
}
