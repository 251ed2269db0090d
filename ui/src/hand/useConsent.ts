// SPDX-License-Identifier: AGPL-3.0-or-later
// What holds for one person, read again whenever anybody says something new.

import { useEffect, useState } from 'preact/hooks'
import { showSlip } from '../base/say'
import { mayHaveChanged, useNews } from '../base/useNews'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { consents, type Consent, type HandSaid } from '../net/consent'
import { standing } from './table'

export interface Hand {
  person: string
  consent: Consent
  say: (predicate: string, value: unknown) => Promise<boolean>
  takeBack: (claims: readonly string[]) => Promise<boolean>
  undo: (predicate: HandSaid['predicate']) => Promise<boolean>
}

export function useConsent(person: string): { hand: Hand | null; trouble: string; again: () => void } {
  const [consent, setConsent] = useState<Consent | null>(null)
  const [trouble, setTrouble] = useState('')
  const [turn, setTurn] = useState(0)
  const again = () => setTurn((now) => now + 1)
  useEffect(() => {
    let here = true
    consents.of(person).then(
      (found) => {
        if (!here) return
        setConsent(found)
        setTrouble('')
      },
      (cause: unknown) => here && setTrouble(sentenceOf(cause)),
    )
    return () => {
      here = false
    }
  }, [person, turn])
  useNews((news) => mayHaveChanged(news) || (news.kind === 'person' && news.id === person), again)
  if (!consent) return { hand: null, trouble, again }
  const run = async (what: () => Promise<void>) => {
    try {
      await what()
      showSlip({ text: t('ui.edit.kept') })
      return true
    } catch (cause) {
      showSlip({ text: sentenceOf(cause) })
      again()
      return false
    }
  }
  const say = (predicate: string, value: unknown) => run(async () => setConsent(await consents.say(person, predicate, value)))
  const takeBack = (claims: readonly string[]) =>
    run(async () => {
      for (const claim of claims) setConsent(await consents.say(person, 'retract', claim))
    })
  const undo = (predicate: HandSaid['predicate']) => takeBack(standing(consent, predicate).map((one) => one.claim))
  return { hand: { person, consent, say, takeBack, undo }, trouble, again }
}
