// SPDX-License-Identifier: AGPL-3.0-or-later
// Roles in plain words, chosen one below the other with what each may do beside it.

import { t } from '../base/words'
import type { Role, Someone } from '../net/door'

interface Props {
  name: string
  roles: readonly Role[]
  role: Role
  change: (role: Role) => void
}

export function RoleChoice({ name, roles, role, change }: Props) {
  return (
    <fieldset class="roles">
      <legend>{t('ui.role.legend')}</legend>
      {roles.map((one) => (
        <label key={one} class="role">
          <input type="radio" name={name} value={one} checked={one === role} onChange={() => change(one)} />
          <span>
            <strong>{t(`ui.role.${one}`)}</strong> <span class="quiet">{t(`ui.role.${one}.may`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

export function PersonChoice({ id, persons, person, change }: { id: string; persons: readonly Someone[]; person: string; change: (id: string) => void }) {
  if (persons.length === 0) return null
  return (
    <div class="field">
      <label for={id}>{t('ui.doors.person')}</label>
      <select id={id} value={person} onChange={(event) => change(event.currentTarget.value)}>
        <option value="">{t('ui.doors.person.none')}</option>
        {persons.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  )
}
