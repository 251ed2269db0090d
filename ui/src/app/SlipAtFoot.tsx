// SPDX-License-Identifier: AGPL-3.0-or-later

import { closeSlip, holdSlip, slip } from '../base/say'
import { t } from '../base/words'
import { Sign } from './Sign'

export function SlipAtFoot() {
  const shown = slip.value
  if (!shown) return null
  const act = shown.act
  const run = () => {
    closeSlip()
    act?.run()
  }
  return (
    <div class="slip" role="region" data-first="" data-pressing="" aria-label={t('ui.slip.label')} onFocusIn={holdSlip} onPointerEnter={holdSlip}>
      <p>{shown.text}</p>
      {act && (
        <button type="button" onClick={run}>
          {act.label}
        </button>
      )}
      <button type="button" class="plain round" aria-label={t('ui.close')} onClick={closeSlip}>
        <Sign name="close" />
      </button>
    </div>
  )
}
