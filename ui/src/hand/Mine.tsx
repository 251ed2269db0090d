// SPDX-License-Identifier: AGPL-3.0-or-later
// My own hand on the tap: what of mine is shown, to whom, from when on. Nothing here is guessed from what I do.

import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { t } from '../base/words'
import { may, me, shownName } from '../door/me'
import { Allow } from './Allow'
import { AskFirst, Delay } from './Before'
import { MyRest } from './Rest'
import { useConsent, type Hand } from './useConsent'

function Farther({ hand }: { hand: Hand }) {
  return (
    <>
      <Delay hand={hand} />
      <AskFirst hand={hand} />
      <section class="hand-part" aria-labelledby="allow-title">
        <h2 id="allow-title">{t('ui.hand.allow')}</h2>
        <p>{t('ui.hand.allow.does')}</p>
        <Allow hand={hand} keeper={false} name={shownName.value} />
      </section>
    </>
  )
}

// By the link to a question alone there is "not now" and its end: a link may have been handed on.
function Own({ person }: { person: string }) {
  const { hand, trouble, again } = useConsent(person)
  return (
    <>
      {trouble && <Trouble text={trouble} again={again} />}
      {hand && (
        <div class="hand">
          <MyRest hand={hand} />
          {may('viewer') && <Farther hand={hand} />}
        </div>
      )}
    </>
  )
}

function Nobody() {
  return (
    <div class="empty">
      <p class="lead">{t('ui.hand.nobody')}</p>
      {may('keeper') && me.value.owned && (
        <p>
          <a class="button" href="/doors">
            {t('ui.here.doors')}
          </a>
        </p>
      )}
    </div>
  )
}

export function Mine() {
  const { person, hand } = me.value
  return (
    <Page title={t('ui.hand.title')} narrow>
      {hand ? <Own person={person} /> : <Nobody />}
    </Page>
  )
}
