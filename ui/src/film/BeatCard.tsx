// SPDX-License-Identifier: AGPL-3.0-or-later
// One print in the row of a film in the making.

import { Sign } from '../app/Sign'
import { clock } from '../base/show'
import { t } from '../base/words'
import { nameOf, Print, spoken } from '../line/Tile'
import type { Brief } from '../net/shapes'
import { secondsOf, type DraftBeat, usual_s } from './draft'

interface Props {
  beat: DraftBeat
  at: number
  last: boolean
  voices: readonly Brief[]
  change: (beat: DraftBeat) => void
  move: (by: 1 | -1) => void
  drop: () => void
}

export function soundName(item: Brief): string {
  return `${nameOf(item) || item.date.text || t('ui.kind.audio')} (${clock(item.duration_ms)})`
}

function Seconds({ beat, at, change }: Props) {
  const wrong = beat.seconds !== '' && secondsOf(beat.seconds) === null
  const clip = beat.item.duration_ms > 0
  const usual = clip || beat.narration ? t('ui.make.seconds.own') : String(usual_s)
  return (
    <label>
      <span>{t('ui.make.seconds')}</span>
      <input
        class="seconds"
        id={`seconds-${at}`}
        inputMode="decimal"
        placeholder={usual}
        value={beat.seconds}
        aria-invalid={wrong ? true : undefined}
        onInput={(event) => change({ ...beat, seconds: event.currentTarget.value })}
      />
    </label>
  )
}

function Order({ beat, at, last, move, drop }: Props) {
  const name = spoken(beat.item)
  return (
    <div class="order">
      <button
        type="button"
        class="plain round"
        id={`up-${beat.item.id}`}
        disabled={at === 0}
        aria-label={t('ui.make.earlier', { name })}
        onClick={() => move(-1)}
      >
        <Sign name="up" />
      </button>
      <button
        type="button"
        class="plain round"
        id={`down-${beat.item.id}`}
        disabled={last}
        aria-label={t('ui.make.later', { name })}
        onClick={() => move(1)}
      >
        <Sign name="down" />
      </button>
      <button type="button" class="plain round" aria-label={t('ui.make.drop', { name })} onClick={drop}>
        <Sign name="close" />
      </button>
    </div>
  )
}

export function BeatCard(props: Props) {
  const { beat, at, voices, change } = props
  return (
    <>
      <span class="beat-number" aria-hidden="true">
        {at + 1}
      </span>
      <span class="beat-print">
        <Print item={beat.item} width={160} />
      </span>
      <div class="beat-words">
        <label>
          <span>{t('ui.make.caption')}</span>
          <textarea
            rows={2}
            value={beat.caption}
            onInput={(event) => change({ ...beat, caption: event.currentTarget.value })}
          />
        </label>
        <div class="row">
          <Seconds {...props} />
          {voices.length > 0 && (
            <label>
              <span>{t('ui.make.voice')}</span>
              <select value={beat.narration} onChange={(event) => change({ ...beat, narration: event.currentTarget.value })}>
                <option value="">{t('ui.make.voice.none')}</option>
                {voices.map((voice) => (
                  <option key={voice.id} value={voice.id}>
                    {soundName(voice)}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
      </div>
      <Order {...props} />
    </>
  )
}
