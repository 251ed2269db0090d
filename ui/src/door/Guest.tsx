// SPDX-License-Identifier: AGPL-3.0-or-later
// A guest sees what their card opens, and a word about everything else.

import { Page } from '../app/Page'
import { t } from '../base/words'
import { shownName } from './me'

export function Guest() {
  return (
    <Page title={t('ui.guest.title')} narrow>
      <p class="lead">{shownName.value ? t('ui.guest.hello', { name: shownName.value }) : t('ui.guest.hello.plain')}</p>
      <p>{t('ui.guest.text')}</p>
    </Page>
  )
}
