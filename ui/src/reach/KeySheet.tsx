// SPDX-License-Identifier: AGPL-3.0-or-later
// The keys of the page one is on.

import { Switch } from '../app/Switch'
import { place } from '../app/route'
import { t } from '../base/words'
import { SheetDialog } from './Sheet'
import { keysOn } from './pagekeys'
import { keepSettings, settings } from './settings'
import { showSheet } from './sheets'

export function KeySheet() {
  const rows = keysOn(place.value.path)
  return (
    <SheetDialog id="keys-title" title={t('ui.keys.title')}>
      <dl class="reach-keys">
        {rows.map((row) => (
          <div key={row.does}>
            <dt>
              {row.keys.map((key) => (
                <kbd key={key}>{t(`ui.keys.key.${key}`)}</kbd>
              ))}
            </dt>
            <dd>{t(`ui.keys.${row.does}`)}</dd>
          </div>
        ))}
      </dl>
      <Switch label={t('ui.keys.help')} on={settings.value.help} change={(help) => keepSettings({ ...settings.value, help })} />
      <p>
        <button type="button" class="plain" onClick={() => showSheet('switch')}>
          {t('ui.reach.open')}
        </button>
      </p>
    </SheetDialog>
  )
}
