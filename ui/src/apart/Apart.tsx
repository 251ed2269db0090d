// SPDX-License-Identifier: AGPL-3.0-or-later
// A family in two places: one question a week goes round between them.

import { useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { go } from '../app/route'
import { t } from '../base/words'
import { may } from '../door/me'
import { rounds, type Placing, type Round, type RoundPlace } from '../net/rounds'
import { RoundForm } from './RoundForm'
import { saidTurn } from './said'
import { useRounds } from './useRounds'

const nowhere = (): RoundPlace => ({ name: '', persons: [] })

export function titleOf(round: Round): string {
  return t('ui.apart.between', { a: round.places[0].name, b: round.places[1].name })
}

export function Apart() {
  const { all, trouble, again } = useRounds()
  const [making, make] = useState(false)
  const begin = async (placing: Placing) => go('/apart/' + (await rounds.begin(placing)).id)
  const button = may('teller') && !making && (
    <button type="button" class="act" onClick={() => make(true)}>
      {t('ui.apart.begin')}
    </button>
  )
  return (
    <Page title={t('ui.apart.title')} narrow beside={all && all.length > 0 && button}>
      {trouble && <Trouble text={trouble} again={again} />}
      {making && <RoundForm places={[nowhere(), nowhere()]} keep={begin} leave={() => make(false)} />}
      {all?.length === 0 && !making && (
        <div class="empty">
          <p class="lead">{t('ui.apart.none')}</p>
          <p>{t('ui.apart.none.how')}</p>
          {button}
        </div>
      )}
      <ul class="rounds">
        {all?.map((round) => (
          <li key={round.id}>
            <a class="round-card" href={'/apart/' + round.id}>
              <strong>{titleOf(round)}</strong>
              <span class="quiet">{saidTurn(round)}</span>
            </a>
          </li>
        ))}
      </ul>
    </Page>
  )
}
