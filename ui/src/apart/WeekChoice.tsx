// SPDX-License-Identifier: AGPL-3.0-or-later
// While somebody asks: whether it is this week's question of a family apart.

import { useEffect } from 'preact/hooks'
import { Sign } from '../app/Sign'
import { t } from '../base/words'
import { offersOf, wished, type Offer } from './turns'
import { useRounds } from './useRounds'

interface Props {
  offer: Offer | null
  choose: (offer: Offer | null) => void
}

export function WeekChoice({ offer, choose }: Props) {
  const { all } = useRounds()
  const offers = offersOf(all ?? [])
  const same = (one: Offer) => offer?.round === one.round && offer.place === one.place
  useEffect(() => {
    const meant = offers.find((one) => one.round === wished.value)
    if (meant && !offer) choose(meant)
  }, [all])
  const press = (one: Offer) => {
    wished.value = '' // somebody has chosen by hand: news shall not choose again
    choose(same(one) ? null : one)
  }
  if (offers.length === 0) return null
  return (
    <div class="row">
      {offers.map((one) => (
        <button key={one.round + one.place} type="button" class="plain" aria-pressed={same(one)} onClick={() => press(one)}>
          {same(one) && <Sign name="check" />}
          {t('ui.apart.as_weeks', { from: one.from, to: one.to })}
        </button>
      ))}
    </div>
  )
}
