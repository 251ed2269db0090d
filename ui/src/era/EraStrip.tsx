// SPDX-License-Identifier: AGPL-3.0-or-later
// A few quiet lines under a decade's name: what the years around the pictures were like.

import { t } from '../base/words'
import { chapterTitle } from '../line/titles'
import { type Beside } from './years'

export interface StripMeasure {
  most: number // cards of one decade
  height: number // of all of them, px
}

// In one row where there is room for three, under one another on a phone.
export function stripMeasure(width: number, em: number): StripMeasure {
  return width < 48 * em ? { most: 2, height: 5.75 * em } : { most: 3, height: 3.25 * em }
}

interface Props {
  chapter: string
  cards: readonly Beside[]
  top: number
  height: number
}

export function EraStrip({ chapter, cards, top, height }: Props) {
  if (cards.length === 0) return null
  return (
    <ul
      class="era-strip"
      aria-label={t('ui.era.beside', { decade: chapterTitle(chapter) })}
      style={{ top: `${top}px`, height: `${height}px` }}
    >
      {cards.map((card) => (
        <li key={card.id}>
          <a href={'/thing/' + card.id}>
            <span class="era-year">{card.year}</span>
            <span class="era-dot" aria-hidden="true">
              ·
            </span>
            <span class="era-title">{card.title}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
