// SPDX-License-Identifier: AGPL-3.0-or-later
// Takes back one thing that was said. It stays among what was said, and no longer counts. Not offered
// to who only looks.

import { showSlip } from '../base/say'
import { t } from '../base/words'
import { may } from '../door/me'
import { sentenceOf } from '../net/api'

export function TakeBack({ what, run }: { what: string; run: () => Promise<void> }) {
  if (!may('teller')) return null
  const act = () => run().catch((cause: unknown) => showSlip({ text: sentenceOf(cause) }))
  return (
    <button type="button" class="plain" aria-label={t('ui.person.take_back.of', { what })} onClick={() => void act()}>
      {t('ui.person.take_back')}
    </button>
  )
}
