// SPDX-License-Identifier: AGPL-3.0-or-later
// The place for backups: a folder is taken, what would lie where is said, and then it is so.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { t } from '../base/words'
import { Wrong } from '../door/Field'
import { sentenceOf } from '../net/api'
import { house, type Folders } from '../net/house'
import { FolderPicker } from './FolderPicker'
import { backupPlace, shownPath } from './places'

function Sure({ folder, chosen, back }: { folder: Folders; chosen: () => void; back: () => void }) {
  const [trouble, setTrouble] = useState('')
  const [busy, setBusy] = useState(false)
  const yes = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => yes.current?.focus(), [])
  const place = backupPlace(folder)
  const settle = async () => {
    setBusy(true)
    try {
      await house.settle({ 'backup.place': place })
      await house.backUp()
    } catch (cause) {
      setTrouble(sentenceOf(cause))
      setBusy(false)
      return
    }
    chosen()
  }
  return (
    <div class="sheet-of-paper">
      <p class="lead">{t('ui.backup.goes', { place: shownPath(place) })}</p>
      {folder.same_disk && <p class="said-lamp">{t('ui.backup.same_disk')}</p>}
      {trouble && <Wrong text={trouble} />}
      <div class="row">
        <button type="button" class="act" ref={yes} disabled={busy} onClick={() => void settle()}>
          {t('ui.backup.yes')}
        </button>
        <button type="button" class="plain" onClick={back}>
          {t('ui.backup.other')}
        </button>
      </div>
    </div>
  )
}

export function ChooseBackup({ chosen }: { chosen: () => void }) {
  const [folder, setFolder] = useState<Folders | null>(null)
  if (folder) return <Sure folder={folder} chosen={chosen} back={() => setFolder(null)} />
  return <FolderPicker take={t('ui.backup.take')} room taken={setFolder} />
}
