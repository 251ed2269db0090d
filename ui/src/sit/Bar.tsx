// SPDX-License-Identifier: AGPL-3.0-or-later
// Always at the foot, always the same: stop and talk.

import { Sign } from '../app/Sign'
import { t } from '../base/words'

export function Bar({ still, press }: { still: boolean; press: () => void }) {
  return (
    <section class="sit-foot" data-group="stop" aria-label={t('ui.sit.bar')}>
      <button type="button" class={still ? 'sit-bar on' : 'sit-bar'} aria-keyshortcuts="Escape" onClick={press}>
        <Sign name={still ? 'play' : 'pause'} />
        <span>{t(still ? 'ui.sit.go_on' : 'ui.sit.stop')}</span>
      </button>
    </section>
  )
}
