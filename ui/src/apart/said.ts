// SPDX-License-Identifier: AGPL-3.0-or-later

import { dayName } from '../base/show'
import { lang, t } from '../base/words'
import type { Round } from '../net/rounds'

// Whose turn it is, and from when: said once, and nobody is counted up to.
export function saidTurn(round: Round): string {
  if (round.turn === null) return t(round.latest ? 'ui.apart.turn.either' : 'ui.apart.turn.first')
  const name = round.places[round.turn].name
  return round.now ? t('ui.apart.turn', { name }) : t('ui.apart.turn.from', { name, day: dayName(round.from, lang.value) })
}
