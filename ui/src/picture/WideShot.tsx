// SPDX-License-Identifier: AGPL-3.0-or-later
// What is shown of a wide shot, chosen afterwards: where, how near, and whether the picture goes there slowly.

import { t } from '../base/words'

export const places = ['middle', 'left', 'right', 'top', 'bottom', 'top-left', 'top-right', 'bottom-left', 'bottom-right'] as const
export const sizes = ['wide', 'usual', 'close'] as const
export const moves = ['still', 'in', 'out'] as const

export interface Shown {
  place: (typeof places)[number] | 'whole'
  size: (typeof sizes)[number]
  move: (typeof moves)[number]
}

export const whole: Shown = { place: 'whole', size: 'usual', move: 'still' }

// As the kit reads it: "in-left-close"; nothing for the whole picture.
export function frameOf({ place, size, move }: Shown): string | undefined {
  if (place === 'whole') return undefined
  return (move === 'still' ? '' : move + '-') + place + (size === 'usual' ? '' : '-' + size)
}

interface ChoiceProps<Name extends string> {
  label: string
  of: string
  names: readonly Name[]
  value: Name
  change: (value: Name) => void
}

function Choice<Name extends string>({ label, of, names, value, change }: ChoiceProps<Name>) {
  return (
    <label class="field">
      <span>{t(label)}</span>
      <select value={value} onChange={(event) => change(event.currentTarget.value as Name)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {t(`${of}.${name}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

export function WideShot({ shown, change }: { shown: Shown; change: (shown: Shown) => void }) {
  return (
    <div class="mends">
      <Choice label="ui.mend.frame" of="ui.mend.frame" names={['whole', ...places]} value={shown.place} change={(place) => change({ ...shown, place })} />
      {shown.place !== 'whole' && (
        <>
          <Choice label="ui.mend.frame.size" of="ui.mend.frame.size" names={sizes} value={shown.size} change={(size) => change({ ...shown, size })} />
          <Choice label="ui.mend.frame.move" of="ui.mend.frame.move" names={moves} value={shown.move} change={(move) => change({ ...shown, move })} />
        </>
      )}
    </div>
  )
}
