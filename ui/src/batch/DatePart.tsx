// SPDX-License-Identifier: AGPL-3.0-or-later
// A date for all that is chosen: a decade in one press, a year in two, as another picture, in words.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { t } from '../base/words'
import { picking } from '../line/choice'
import { chapterTitle } from '../line/titles'
import { sentenceOf } from '../net/api'
import { doToChosen, tryToChosen } from './acts'
import { decadeDate, decadeOfKey, decades, typedDate, yearsOf } from './dates'

let kept = 1980 // the decade last used: the box in hand is mostly of one time

function setDecade(decade: number): void {
  kept = decade
  tryToChosen({ date: decadeDate(decade) })
}

function Years({ decade, setShown }: { decade: number; setShown: (decade: number) => void }) {
  return (
    <fieldset class="years">
      <legend class="unseen">{t('ui.act.years')}</legend>
      <ul class="chips">
        <li>
          <select
            aria-label={t('ui.act.years.of')}
            value={String(decade)}
            onChange={(event) => setShown(Number(event.currentTarget.value))}
          >
            {decades.map((one) => (
              <option key={one} value={String(one)}>
                {chapterTitle(String(one))}
              </option>
            ))}
          </select>
        </li>
        {yearsOf(decade).map((year) => (
          <li key={year}>
            <button type="button" class="chip" onClick={() => tryToChosen({ date: { edtf: String(year) } })}>
              {year}
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

function InWords() {
  const [text, setText] = useState('')
  const [trouble, setTrouble] = useState('')
  const keep = (event: Event) => {
    event.preventDefault()
    if (!text.trim()) return
    doToChosen({ date: typedDate(text) }).catch((cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  return (
    <form class="in-words" onSubmit={keep}>
      <label for="act-date">{t('ui.act.date.words')}</label>
      <div class="row">
        <input
          id="act-date"
          value={text}
          aria-describedby={trouble ? 'act-date-hint act-date-trouble' : 'act-date-hint'}
          aria-invalid={trouble ? true : undefined}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">{t('ui.act.keep')}</button>
      </div>
      <p class="hint" id="act-date-hint">
        {t('ui.act.date.hint')}
      </p>
      {trouble && (
        <p class="wrong" role="alert" id="act-date-trouble">
          {trouble}
        </p>
      )}
    </form>
  )
}

export function DatePart() {
  const [shown, setShown] = useState(kept)
  const first = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => first.current?.focus({ preventScroll: true }), [])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const decade = decadeOfKey(event.key)
    if (decade === null) return
    event.preventDefault()
    setDecade(decade)
  }
  const pick = () => {
    picking.value = (item) => tryToChosen({ date: { like: item.id } })
  }
  return (
    <div class="act-part" onKeyDown={onKeyDown}>
      <fieldset>
        <legend class="unseen">{t('ui.act.decades')}</legend>
        <ul class="chips">
          {decades.map((decade) => (
            <li key={decade}>
              <button type="button" class="chip" ref={decade === kept ? first : null} onClick={() => setDecade(decade)}>
                {chapterTitle(String(decade))}
                <kbd aria-hidden="true">{(decade / 10) % 10}</kbd>
              </button>
            </li>
          ))}
        </ul>
      </fieldset>
      <Years decade={shown} setShown={setShown} />
      <ul class="chips">
        <li>
          <button type="button" class="chip" onClick={pick}>
            {t('ui.act.same')}
          </button>
        </li>
        <li>
          <button type="button" class="chip" onClick={() => tryToChosen({ date: { step: -1 } })}>
            {t('ui.act.earlier')}
          </button>
        </li>
        <li>
          <button type="button" class="chip" onClick={() => tryToChosen({ date: { step: 1 } })}>
            {t('ui.act.later')}
          </button>
        </li>
      </ul>
      <InWords />
    </div>
  )
}
