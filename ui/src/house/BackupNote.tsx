// SPDX-License-Identifier: AGPL-3.0-or-later
// One calm line for keepers above the line of time, when the backup wants a look.

import { useEffect } from 'preact/hooks'
import { t } from '../base/words'
import { may } from '../door/me'
import { backup, backupTrouble, readBackup } from './backups'

export function BackupNote() {
  const keeper = may('keeper')
  useEffect(() => {
    if (keeper) void readBackup()
  }, [keeper])
  const trouble = keeper && backup.value ? backupTrouble(backup.value) : ''
  if (!trouble) return null
  return (
    <div class="card note">
      <p>{trouble}</p>
      <a href="/house">{t('ui.backup.see')}</a>
    </div>
  )
}
