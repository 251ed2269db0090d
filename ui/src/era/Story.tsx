// SPDX-License-Identifier: AGPL-3.0-or-later
// What a card tells, and where that can be read.

import { lang, t } from '../base/words'
import type { EraCard } from '../net/era'

export function Sources({ card }: { card: EraCard }) {
  return (
    <details class="era-sources">
      <summary>{t('ui.era.sources')}</summary>
      <ul>
        {card.sources.map((source) => (
          <li key={source}>{source}</li>
        ))}
        <li>{t('ui.era.licence', { licence: card.licence })}</li>
      </ul>
    </details>
  )
}

// In Chinese one "date · kind" needs no capital; in English the sentence begins with one.
export function when(card: EraCard): string {
  const text = card.date.text
  return lang.value === 'en' ? text.charAt(0).toUpperCase() + text.slice(1) : text
}

export function Story({ card }: { card: EraCard }) {
  return (
    <div class="era-story">
      <p class="era-when">{when(card)}</p>
      {card.media && <img src={card.media} alt={card.title} loading="lazy" />}
      <p>{card.text}</p>
      <Sources card={card} />
    </div>
  )
}
