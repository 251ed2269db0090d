// SPDX-License-Identifier: AGPL-3.0-or-later
// What may be shown, for what and to whom: a plain table. A press on a place asks one question.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { dayName } from '../base/show'
import { lang, t } from '../base/words'
import { AllowForm } from './AllowForm'
import { Sayer } from './Sayer'
import { audiences, cellOf, lastDay, purposes, type Cell } from './table'
import type { Hand } from './useConsent'

const keyOf = (cell: Cell) => `allow-${cell.purpose}-${cell.audience}`

function wordsOf(cell: Cell): string {
  return cell.state === 'unsaid' || cell.state === 'ended' ? t(`ui.hand.${cell.state}.${cell.audience === 'home' ? 'home' : 'beyond'}`) : t(`ui.hand.${cell.state}`)
}

function Place({ cell, of, open, press }: { cell: Cell; of: string; open: boolean; press: () => void }) {
  const { row } = cell
  const label = t('ui.hand.cell', { what: t(`ui.hand.purpose.${cell.purpose}`), whom: t(`ui.hand.to.${cell.audience}`), answer: wordsOf(cell) })
  return (
    <td>
      <span class="hand-to" aria-hidden="true">
        {t(`ui.hand.to.${cell.audience}`)}
      </span>
      <button type="button" id={keyOf(cell)} class={`plain hand-cell ${cell.state}`} aria-expanded={open} aria-label={label} onClick={press}>
        {wordsOf(cell)}
      </button>
      {row && (
        <span class="hand-said">
          {row.until && cell.state === 'yes' && <span>{t('ui.hand.until', { day: dayName(lastDay(row.until), lang.value) })}</span>}
          {row.given && row.given !== 'self' && <span>{t(`ui.hand.given.${row.given}`)}</span>}
          {row.how && <span>{row.how}</span>}
          <Sayer said={row} of={of} />
        </span>
      )}
    </td>
  )
}

export function Allow({ hand, keeper, name }: { hand: Hand; keeper: boolean; name: string }) {
  const [open, setOpen] = useState('')
  const back = useRef('')
  const now = Date.now()
  const cells = purposes.flatMap((purpose) => audiences.map((audience) => cellOf(hand.consent, purpose, audience, now)))
  const asked = cells.find((cell) => keyOf(cell) === open)
  useLayoutEffect(() => {
    if (!open && back.current) document.getElementById(back.current)?.focus()
    back.current = open
  }, [open])
  return (
    <>
      <table class="hand-table">
        <caption class="unseen">{t('ui.hand.allow')}</caption>
        <thead>
          <tr>
            <td />
            {audiences.map((audience) => (
              <th key={audience} scope="col">
                {t(`ui.hand.to.${audience}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {purposes.map((purpose) => (
            <tr key={purpose}>
              <th scope="row">{t(`ui.hand.purpose.${purpose}`)}</th>
              {cells
                .filter((cell) => cell.purpose === purpose)
                .map((cell) => (
                  <Place key={keyOf(cell)} cell={cell} of={hand.person} open={open === keyOf(cell)} press={() => setOpen(open === keyOf(cell) ? '' : keyOf(cell))} />
                ))}
            </tr>
          ))}
        </tbody>
      </table>
      {asked && <AllowForm key={open} cell={asked} hand={hand} keeper={keeper} name={name} leave={() => setOpen('')} />}
    </>
  )
}
