// SPDX-License-Identifier: AGPL-3.0-or-later
// "Not now": nothing of somebody's is shown, at once, until they take it back.

import { dayName } from '../base/show'
import { lang, t } from '../base/words'
import { myWord } from '../door/word'
import { Sayer } from './Sayer'
import { mayUndo, standing } from './table'
import type { Hand } from './useConsent'

function Since({ hand }: { hand: Hand }) {
  const first = standing(hand.consent, 'rest')[0]
  if (!first) return null
  return (
    <p class="hand-since">
      {t('ui.hand.rest.since', { day: dayName(first.at, lang.value) })} <Sayer said={first} of={hand.person} />
    </p>
  )
}

// One's own: a large switch.
export function MyRest({ hand }: { hand: Hand }) {
  const on = hand.consent.rest
  const own = standing(hand.consent, 'rest').some((one) => one.who === hand.person)
  return (
    <section class={on ? 'hand-rest resting' : 'hand-rest'} aria-labelledby="rest-title">
      <button
        type="button"
        role="switch"
        class="hand-switch"
        aria-checked={on}
        aria-describedby="rest-does"
        onClick={() => void (on ? hand.undo('rest') : hand.say('rest', true))}
      >
        <span id="rest-title">{t('ui.hand.rest')}</span>
        <span class="knob" aria-hidden="true" />
      </button>
      <p id="rest-does">{t(!on ? 'ui.hand.rest.does' : own ? 'ui.hand.rest.on' : 'ui.hand.rest.on.down')}</p>
      {on && <Since hand={hand} />}
    </section>
  )
}

// For somebody, by a keeper: what they said themselves a keeper only sees.
export function TheirRest({ hand, name }: { hand: Hand; name: string }) {
  const on = hand.consent.rest
  const undo = on && mayUndo(standing(hand.consent, 'rest'), hand.person, myWord.value)
  if (!on) {
    return (
      <div class="hand-their">
        <p>{t('ui.hand.their.rest', { name })}</p>
        <button type="button" onClick={() => void hand.say('rest', true)}>
          {t('ui.hand.their.rest.say')}
        </button>
      </div>
    )
  }
  return (
    <div class="hand-their resting">
      <p>
        <strong>{t('ui.hand.their.resting', { name })}</strong>
      </p>
      <Since hand={hand} />
      {undo ? (
        <button type="button" onClick={() => void hand.undo('rest')}>
          {t('ui.hand.their.rest.back')}
        </button>
      ) : (
        <p class="quiet">{t('ui.hand.their.rest.own', { name })}</p>
      )}
    </div>
  )
}
