// SPDX-License-Identifier: AGPL-3.0-or-later
// A line to write on, with its name above and what is wrong below; a password that can be looked at.

import { useState } from 'preact/hooks'
import { t } from '../base/words'

interface Props {
  id: string
  label: string
  value: string
  change: (text: string) => void
  complete?: string // what the browser may fill in
  hint?: string
  wrong?: boolean
  required?: boolean
  spaced?: boolean // letters apart, as a code is read
}

export function Field({ id, label, value, change, complete, hint, wrong, required, spaced }: Props) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={id}
        class={spaced ? 'spaced' : ''}
        value={value}
        required={required}
        autocomplete={complete ?? 'off'}
        autocapitalize={spaced ? 'characters' : 'none'}
        spellcheck={false}
        aria-invalid={wrong || undefined}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => change(event.currentTarget.value)}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export function Password({ id, label, value, change, complete, hint, wrong, required }: Props) {
  const [seen, setSeen] = useState(false)
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="secret">
        <input
          id={id}
          name={id}
          {...(seen ? { type: 'text' as const } : { type: 'password' as const })}
          value={value}
          required={required}
          autocomplete={complete ?? 'off'}
          autocapitalize="none"
          spellcheck={false}
          aria-invalid={wrong || undefined}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onInput={(event) => change(event.currentTarget.value)}
        />
        <button type="button" class="plain" aria-pressed={seen} aria-controls={id} onClick={() => setSeen(!seen)}>
          {t('ui.door.look')}
        </button>
      </div>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export function Wrong({ text }: { text: string }) {
  return (
    <p class="wrong" role="alert">
      {text}
    </p>
  )
}
