// SPDX-License-Identifier: AGPL-3.0-or-later
// The recorder that the telephone itself has: its file comes in like any other.

import { useRef } from 'preact/hooks'
import { bringIn } from '../add/queue'
import { chosen } from '../add/collect'
import { t } from '../base/words'
import type { Kind } from './choose'

export function OwnRecorder({ kind, why }: { kind: Kind; why?: string }) {
  const input = useRef<HTMLInputElement>(null)
  const capture = kind === 'film' ? 'environment' : 'user'
  return (
    <div class="own-recorder">
      {why && <p>{why}</p>}
      <button type="button" class={why ? 'act' : ''} onClick={() => input.current?.click()}>
        {t(`ui.record.own.${kind}`)}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={kind === 'film' ? 'video/*' : 'audio/*'}
        capture={capture}
        aria-label={t(`ui.record.own.${kind}`)}
        onChange={(event) => {
          bringIn(chosen(event.currentTarget.files))
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
