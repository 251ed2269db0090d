// SPDX-License-Identifier: AGPL-3.0-or-later

interface Props {
  label: string
  on: boolean
  change: (on: boolean) => void
}

export function Switch({ label, on, change }: Props) {
  return (
    <button type="button" role="switch" class="switch" aria-checked={on} onClick={() => change(!on)}>
      <span>{label}</span>
      <span class="knob" aria-hidden="true" />
    </button>
  )
}
