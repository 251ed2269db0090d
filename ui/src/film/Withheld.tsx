// SPDX-License-Identifier: AGPL-3.0-or-later
// Films that hold what may not be shown now, told quietly to those who look after the home.

import { useState } from 'preact/hooks'
import { showSlip } from '../base/say'
import { t, tn } from '../base/words'
import { api, sentenceOf } from '../net/api'
import { follow } from '../net/jobs'
import type { Withheld as One } from '../net/shapes'

function WithheldFilm({ film }: { film: One }) {
  const [begun, setBegun] = useState(false)
  const again = () => {
    setBegun(true)
    api.filmWithout(film.id).then(follow, (cause: unknown) => {
      setBegun(false)
      showSlip({ text: sentenceOf(cause) })
    })
  }
  return (
    <li>
      <p>
        <strong>{film.title}</strong> <span class="quiet">{tn('ui.withheld.way', film.in_the_way)}</span>
      </p>
      {film.tellable ? (
        <button type="button" disabled={begun} onClick={again} aria-label={t('ui.withheld.without.of', { title: film.title })}>
          {t('ui.withheld.without')}
        </button>
      ) : (
        <p class="quiet">{t('film.nothing_left')}</p>
      )}
    </li>
  )
}

export function Withheld({ films }: { films: readonly One[] }) {
  if (films.length === 0) return null
  return (
    <section class="withheld" aria-labelledby="withheld-title">
      <h2 id="withheld-title">{t('ui.withheld')}</h2>
      <p>{t('ui.withheld.does')}</p>
      <ul>
        {films.map((film) => (
          <WithheldFilm key={film.id} film={film} />
        ))}
      </ul>
    </section>
  )
}
