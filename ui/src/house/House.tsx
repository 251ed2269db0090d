// SPDX-License-Identifier: AGPL-3.0-or-later
// The house itself, for its keepers: its backup, and folders of its own machine that come in.

import { useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { go } from '../app/route'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { me } from '../door/me'
import { sentenceOf } from '../net/api'
import { house, type Folders } from '../net/house'
import { follow } from '../net/jobs'
import { Arrivals } from './Arrivals'
import { BackupPart } from './BackupPart'
import { FolderPicker } from './FolderPicker'

function FolderPart() {
  const [choosing, setChoosing] = useState(false)
  const take = (folder: Folders) =>
    house.bringIn(folder.path).then(
      (job) => {
        follow(job)
        setChoosing(false)
        go('/')
      },
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  return (
    <section class="part" aria-labelledby="folder-part">
      <h2 id="folder-part">{t('ui.house.folder')}</h2>
      <p>{t('ui.house.folder.text')}</p>
      <Arrivals />
      {choosing && <FolderPicker take={t('ui.start.pictures.take')} taken={(folder) => void take(folder)} />}
      {me.value.near && !choosing && (
        <button type="button" onClick={() => setChoosing(true)}>
          {t('ui.house.folder.choose')}
        </button>
      )}
      {!me.value.near && <p class="quiet">{t('ui.house.afar')}</p>}
    </section>
  )
}

export function House() {
  return (
    <Page title={t('ui.house.title')} narrow>
      <BackupPart />
      <FolderPart />
    </Page>
  )
}
