// SPDX-License-Identifier: AGPL-3.0-or-later
// One question: may this be shown to these? A keeper also writes down who said so, and how.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { t } from '../base/words'
import { myWord } from '../door/word'
import { mayUndo, type Cell } from './table'
import type { Hand } from './useConsent'

const givers = ['self', 'guardian', 'proxy'] as const

interface Answer {
  allow: boolean | null
  until: string
  given: string
  how: string
}

interface Props {
  cell: Cell
  hand: Hand
  keeper: boolean
  name: string
  leave: () => void
}

function valueOf(cell: Cell, answer: Answer, keeper: boolean) {
  return {
    purpose: cell.purpose,
    audience: cell.audience,
    allow: answer.allow,
    ...(answer.allow && answer.until ? { until: answer.until } : {}),
    given: keeper ? answer.given : 'self',
    ...(keeper && answer.how.trim() ? { how: answer.how.trim() } : {}),
  }
}

function Given({ answer, change, name }: { answer: Answer; change: (answer: Answer) => void; name: string }) {
  return (
    <>
      <label class="field">
        <span>{t('ui.hand.given')}</span>
        <select value={answer.given} onChange={(event) => change({ ...answer, given: event.currentTarget.value })}>
          {givers.map((giver) => (
            <option key={giver} value={giver}>
              {t(`ui.hand.given.${giver}.who`, { name })}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('ui.hand.how')}</span>
        <input value={answer.how} maxLength={120} placeholder={t('ui.hand.how.example')} onInput={(event) => change({ ...answer, how: event.currentTarget.value })} />
      </label>
    </>
  )
}

export function AllowForm({ cell, hand, keeper, name, leave }: Props) {
  const [answer, setAnswer] = useState<Answer>({ allow: null, until: '', given: 'self', how: '' })
  const first = useRef<HTMLFormElement>(null)
  useLayoutEffect(() => {
    first.current?.querySelector('input')?.focus()
    first.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const row = cell.row
  const back = row !== null && mayUndo([row], hand.person, myWord.value)
  const keep = (event: Event) => {
    event.preventDefault()
    if (answer.allow !== null) void hand.say('consent', valueOf(cell, answer, keeper)).then((fine) => fine && leave())
  }
  const takeBack = () => row && void hand.takeBack([row.claim]).then((fine) => fine && leave())
  const choice = (allow: boolean) => (
    <label class="pill">
      <input type="radio" name="allow" required checked={answer.allow === allow} onChange={() => setAnswer({ ...answer, allow })} />
      <span>{t(allow ? 'ui.hand.yes' : 'ui.hand.no')}</span>
    </label>
  )
  const question = t(keeper ? 'ui.hand.question.of' : 'ui.hand.question', { name, what: t(`ui.hand.purpose.${cell.purpose}`), whom: t(`ui.hand.for.${cell.audience}`) })
  return (
    <form class="hand-form" ref={first} onSubmit={keep} onKeyDown={(event) => event.key === 'Escape' && leave()}>
      <fieldset>
        <legend>{question}</legend>
        <div class="row">
          {choice(true)}
          {choice(false)}
        </div>
      </fieldset>
      <p class="quiet">{t(answer.allow === false ? 'ui.hand.no.reach' : 'ui.hand.yes.reach')}</p>
      {answer.allow && cell.audience !== 'home' && (
        <label class="field">
          <span>{t('ui.hand.until.ask')}</span>
          <input type="date" value={answer.until} onInput={(event) => setAnswer({ ...answer, until: event.currentTarget.value })} />
        </label>
      )}
      {keeper && <Given answer={answer} change={setAnswer} name={name} />}
      <div class="row">
        <button type="submit">{t('ui.edit.keep')}</button>
        {back && (
          <button type="button" class="plain" onClick={takeBack}>
            {t('ui.hand.take_back')}
          </button>
        )}
        <button type="button" class="plain" onClick={leave}>
          {t('ui.edit.leave')}
        </button>
      </div>
    </form>
  )
}
