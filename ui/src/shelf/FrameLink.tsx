// SPDX-License-Identifier: AGPL-3.0-or-later
// A keeper makes a link for a tablet on a shelf: an invitation that only looks.

import { useState } from 'preact/hooks'
import { Trouble } from '../app/Trouble'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { cared } from '../net/sit'

const paces = [1, 3, 10, 60]

export function FrameLink({ id, name }: { id: string; name: string }) {
  const [minutes, setMinutes] = useState(3)
  const [made, setMade] = useState<{ link: string; qr_size: number; qr_path: string } | null>(null)
  const [trouble, setTrouble] = useState('')
  const make = () =>
    cared.link(t('ui.shelf.label', { name }), `/frame/${id}/${minutes}`).then(setMade, (cause: unknown) => setTrouble(sentenceOf(cause)))
  return (
    <div class="frame-link" data-group="frame">
      <p>{t('ui.shelf.lead')}</p>
      {trouble && <Trouble text={trouble} />}
      <div class="row">
        <label>
          <span>{t('ui.shelf.pace')}</span>
          <select value={minutes} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>
            {paces.map((one) => (
              <option key={one} value={one}>
                {t('ui.shelf.minutes', { n: one })}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => void make()}>
          {t('ui.shelf.make')}
        </button>
        <a href={`/frame/${id}/${minutes}`}>{t('ui.shelf.here')}</a>
      </div>
      {made && (
        <div class="frame-made" role="status">
          <svg viewBox={`-4 -4 ${made.qr_size} ${made.qr_size}`} width="200" height="200" role="img" aria-label={t('ui.shelf.code')}>
            <rect x="-4" y="-4" width={made.qr_size} height={made.qr_size} fill="#fff" />
            <path d={made.qr_path} fill="#000" />
          </svg>
          <p>{t('ui.shelf.once')}</p>
          <p class="frame-address">{made.link}</p>
        </div>
      )}
    </div>
  )
}
