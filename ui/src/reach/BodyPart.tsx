// SPDX-License-Identifier: AGPL-3.0-or-later
// What one's own body cannot do while filming, so that no advice asks it. The house keeps it, for whoever
// comes in by this door alone.

import { useEffect, useState } from 'preact/hooks'
import { Switch } from '../app/Switch'
import { hasWord, t } from '../base/words'
import { coach, readCoach, sayBody } from '../net/coach'
import { sentenceOf } from '../net/api'

export function BodyPart() {
  const [trouble, setTrouble] = useState('')
  useEffect(() => void readCoach(), [])
  const known = coach.value
  if (!known) return null
  const turn = (word: string, on: boolean) => {
    const body = known.body.filter((one) => one !== word).concat(on ? word : [])
    sayBody(body).then(
      () => setTrouble(''),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }
  return (
    <section class="reach-body" aria-labelledby="reach-body">
      <h3 id="reach-body">{t('ui.body.title')}</h3>
      <p class="quiet">{t('ui.body.text')}</p>
      {known.bodies
        .filter((word) => hasWord(`coach.body.${word}`))
        .map((word) => (
          <Switch key={word} label={t(`coach.body.${word}`)} on={known.body.includes(word)} change={(on) => turn(word, on)} />
        ))}
      {trouble && <p role="alert">{trouble}</p>}
    </section>
  )
}
