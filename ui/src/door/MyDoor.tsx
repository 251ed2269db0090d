// SPDX-License-Identifier: AGPL-3.0-or-later
// One's own door: where one is signed in, the devices that open it, and one's password.

import { useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { door } from '../net/door'
import { Password, Wrong } from './Field'
import { goOut, me } from './me'
import { Passkeys } from './Passkeys'
import { SessionList } from './SessionList'

function NewPassword({ changed }: { changed: () => void }) {
  const [before, setBefore] = useState('')
  const [fresh, setFresh] = useState('')
  const [trouble, setTrouble] = useState('')
  const submit = async (event: Event) => {
    event.preventDefault()
    setTrouble('')
    try {
      await door.password(before, fresh)
    } catch (cause) {
      setTrouble(sentenceOf(cause))
      document.getElementById('before')?.focus()
      return
    }
    setBefore('')
    setFresh('')
    showSlip({ text: t('ui.me.password.done') })
    changed()
  }
  return (
    <form class="sheet-of-paper" onSubmit={(event) => void submit(event)} aria-labelledby="new-password">
      <h2 id="new-password">{t('ui.me.password')}</h2>
      <input type="text" name="name" value={me.value.name} autocomplete="username" hidden readOnly />
      <Password id="before" label={t('ui.me.password.before')} value={before} change={setBefore} complete="current-password" wrong={trouble !== ''} />
      <Password
        id="fresh"
        label={t('ui.me.password.fresh')}
        hint={t('ui.door.password.hint')}
        value={fresh}
        change={setFresh}
        complete="new-password"
        required
      />
      {trouble && <Wrong text={trouble} />}
      <button type="submit">{t('ui.me.password.act')}</button>
      <p class="quiet">{t('ui.me.password.others')}</p>
    </form>
  )
}

export function MyDoor() {
  const [turn, setTurn] = useState(0)
  const leave = (
    <button type="button" onClick={() => void goOut()}>
      {t('ui.here.leave')}
    </button>
  )
  return (
    <Page title={t('ui.me.title')} narrow beside={me.value.session ? leave : null}>
      {me.value.account && (
        <section class="part" aria-labelledby="my-sessions">
          <h2 id="my-sessions">{t('ui.me.sessions')}</h2>
          <SessionList turn={turn} />
        </section>
      )}
      {me.value.account && <Passkeys />}
      {me.value.account ? <NewPassword changed={() => setTurn(turn + 1)} /> : <p>{t('ui.me.card')}</p>}
    </Page>
  )
}
