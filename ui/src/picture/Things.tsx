// SPDX-License-Identifier: AGPL-3.0-or-later
// The things somebody marked: as quiet labels on the picture, and among what is known of it.

import { Sign } from '../app/Sign'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { thingPath } from '../era/years'
import { sentenceOf } from '../net/api'
import { eraApi, type Marking } from '../net/era'
import type { Item, Mark } from '../net/shapes'

const share = (n: number) => `${n * 100}%`

export function ThingLabels({ marks, pointed }: { marks: readonly Mark[]; pointed: string }) {
  return (
    <div class="things" aria-hidden="true">
      {marks.map((mark) => {
        if (!mark.region) return null
        const { x, y, w, h } = mark.region
        const at = { left: share(x), top: share(y), width: share(w), height: share(h) }
        return (
          <span key={mark.claim} class={mark.claim === pointed ? 'thing-mark pointed' : 'thing-mark'} style={at}>
            <span class="thing-label">{mark.thing}</span>
          </span>
        )
      })}
    </div>
  )
}

function markingOf(mark: Mark): Marking {
  const said: Marking = { thing: mark.thing, card: mark.card }
  if (mark.region) said.region = mark.region
  if (mark.date.edtf) said.date = mark.date.edtf
  if (mark.sentence) said.sentence = mark.sentence
  if (mark.voice) said.voice = mark.voice
  return said
}

interface Props {
  item: Item
  changed: (item: Item) => void
  point: (claim: string) => void
}

export function ThingFacts({ item, changed, point }: Props) {
  const marks = item.marks ?? []
  const failed = (cause: unknown) => showSlip({ text: sentenceOf(cause) })
  const back = (mark: Mark) => eraApi.mark(item.id, markingOf(mark)).then(changed, failed)
  const takeBack = (mark: Mark) =>
    eraApi.takeBack(item.id, mark.claim).then((next) => {
      changed(next)
      showSlip({ text: t('ui.mark.gone'), act: { label: t('ui.undo'), run: () => void back(mark) } })
    }, failed)
  if (marks.length === 0) return null
  return (
    <div class="thing-facts">
      <p>{t('ui.mark.here')}</p>
      <ul>
        {marks.map((mark) => (
          <li key={mark.claim} onPointerEnter={() => point(mark.claim)} onPointerLeave={() => point('')}>
            <a class="chip" href={thingPath(mark)} onFocus={() => point(mark.claim)} onBlur={() => point('')}>
              {[mark.thing, mark.date.text].filter(Boolean).join(' · ')}
            </a>
            <button
              type="button"
              class="plain round"
              aria-label={t('ui.mark.take_back', { thing: mark.thing })}
              onClick={() => void takeBack(mark)}
            >
              <Sign name="close" />
            </button>
            {mark.sentence && <p class="thing-sentence">{mark.sentence}</p>}
            {mark.voice && (
              <audio controls preload="none" src={`/api/v1/items/${mark.voice}/original`} aria-label={t('ui.mark.voice')} />
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
