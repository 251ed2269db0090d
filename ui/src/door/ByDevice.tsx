// SPDX-License-Identifier: AGPL-3.0-or-later
// In with one press, on a device that the house knows; offered where a browser can do it at all.

import { useState } from 'preact/hooks'
import { focusDrawn } from '../base/focus'
import { t } from '../base/words'
import type { Me } from '../net/door'
import { Wrong } from './Field'
import { canKnow, enterByDevice, sentenceOfDevice } from './passkey'

export function ByDevice({ come }: { come: (here: Me) => void }) {
  const [trouble, setTrouble] = useState('')
  const [busy, setBusy] = useState(false)
  if (!canKnow()) return null
  const enter = () => {
    setBusy(true)
    setTrouble('')
    enterByDevice().then(come, (cause: unknown) => {
      setTrouble(sentenceOfDevice(cause, t('ui.enter.device.stopped')))
      setBusy(false)
      focusDrawn(() => document.getElementById('by-device'))
    })
  }
  return (
    <div class="sheet-of-paper">
      <button type="button" id="by-device" aria-describedby="by-device-hint" aria-busy={busy} onClick={() => !busy && enter()}>
        {t('ui.enter.device')}
      </button>
      <p class="hint" id="by-device-hint">
        {t('ui.enter.device.hint')}
      </p>
      {trouble && <Wrong text={trouble} />}
    </div>
  )
}
