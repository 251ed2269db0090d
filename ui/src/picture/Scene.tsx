// SPDX-License-Identifier: AGPL-3.0-or-later
// What a clip shows, chosen among the scenes that families film; and the card of that scene: where stand,
// lamp and microphone go, and three takes to make.

import { t } from '../base/words'
import { coach, type SceneCard } from '../net/coach'

const places = ['stand', 'lamp', 'microphone'] as const

function Card({ card }: { card: SceneCard }) {
  return (
    <section class="scene-card" aria-labelledby="scene-title">
      <h3 id="scene-title">{t(card.key)}</h3>
      <dl>
        {places.map((place) => (
          <div key={place}>
            <dt>{t(`ui.scene.${place}`)}</dt>
            <dd>{t(card[place])}</dd>
          </div>
        ))}
        <div>
          <dt>{t('ui.scene.takes')}</dt>
          <dd>
            <ol>
              {card.takes.map((take) => (
                <li key={take}>{t(take)}</li>
              ))}
            </ol>
          </dd>
        </div>
      </dl>
    </section>
  )
}

export function ScenePicker({ scene, change }: { scene: string; change: (scene: string) => void }) {
  const cards = coach.value?.scenes ?? []
  const card = cards.find((one) => one.scene === scene)
  if (cards.length === 0) return null
  return (
    <>
      <label class="field">
        <span>{t('ui.scene.choose')}</span>
        <select value={scene} onChange={(event) => change(event.currentTarget.value)}>
          <option value="">{t('ui.scene.none')}</option>
          {cards.map((one) => (
            <option key={one.scene} value={one.scene}>
              {t(one.key)}
            </option>
          ))}
        </select>
      </label>
      {card && <Card card={card} />}
    </>
  )
}
