// SPDX-License-Identifier: AGPL-3.0-or-later
// One thing that is said of somebody: one of the persons, or words.

import { t } from '../base/words'
import type { Person } from '../net/people'

interface Props {
  label: string
  persons: readonly Person[] | null // null: words
  value: string
  most: number // characters
  change: (value: string) => void
}

export function PersonOrWords({ label, persons, value, most, change }: Props) {
  return (
    <label>
      <span>{label}</span>
      {persons ? (
        <select value={value} onChange={(event) => change(event.currentTarget.value)}>
          <option value="">{t('ui.avoid.choose')}</option>
          {persons.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      ) : (
        <input value={value} maxLength={most} onInput={(event) => change(event.currentTarget.value)} />
      )}
    </label>
  )
}
