// SPDX-License-Identifier: AGPL-3.0-or-later
// What an earlier visit left behind, and how its sending goes.

import { t } from '../base/words'
import { clock } from '../base/show'
import { dropLeft, left, type Left } from './unsent'

function wordsOf(one: Left): string {
  const time = clock(one.took_ms)
  if (one.way === 'failed') return t('ui.record.left.failed', { time, why: one.why })
  return t(one.way === 'full' ? 'ui.record.left.full' : one.way === 'waiting' ? 'ui.record.left.waiting' : 'ui.record.left', { time })
}

export function LeftList() {
  if (left.value.length === 0) return null
  return (
    <ul class="parcels" aria-label={t('ui.record.left.list')}>
      {left.value.map((one) => (
        <li class="parcel" key={one.key}>
          <p class="parcel-words">{wordsOf(one)}</p>
          {one.way === 'failed' && (
            <button type="button" class="plain" onClick={() => void dropLeft(one.key)}>
              {t('ui.record.left.drop')}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
