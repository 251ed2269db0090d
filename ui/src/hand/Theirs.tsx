// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody lets be shown, on their page: for whoever looks after the home, to write down what they said.

import { Trouble } from '../app/Trouble'
import { dayName } from '../base/show'
import { lang, t } from '../base/words'
import { may, me } from '../door/me'
import { Allow } from './Allow'
import { TheirBefore } from './Before'
import { TheirRest } from './Rest'
import { childUntil } from './table'
import { useConsent, type Hand } from './useConsent'

function Child({ hand, name }: { hand: Hand; name: string }) {
  const until = childUntil(hand.consent, Date.now())
  return until ? <p class="hand-child">{t('ui.hand.child', { name, day: dayName(until, lang.value) })}</p> : null
}

function Part({ id, name }: { id: string; name: string }) {
  const { hand, trouble, again } = useConsent(id)
  return (
    <section class="hand hand-theirs" id="shown" aria-labelledby="shown-title">
      <h2 id="shown-title">{t('ui.hand.their')}</h2>
      {trouble && <Trouble text={trouble} again={again} />}
      {hand && (
        <>
          <Child hand={hand} name={name} />
          <TheirRest hand={hand} name={name} />
          <TheirBefore hand={hand} name={name} />
          <p>{t('ui.hand.their.allow', { name })}</p>
          <Allow hand={hand} keeper name={name} />
        </>
      )}
    </section>
  )
}

export function Theirs({ id, name }: { id: string; name: string }) {
  if (me.value.person === id) {
    return (
      <p>
        <a class="button" href="/mine">
          {t('ui.hand.title')}
        </a>
      </p>
    )
  }
  return may('keeper') ? <Part key={id} id={id} name={name} /> : null
}
