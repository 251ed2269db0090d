// SPDX-License-Identifier: AGPL-3.0-or-later
// Light, dark, or as the system says. Kept in this browser only.

import { signal } from '@preact/signals'
import { readCookie, writeCookie } from './cookies'

export type Theme = 'system' | 'light' | 'dark'
export const themes: readonly Theme[] = ['system', 'light', 'dark']
export const theme = signal<Theme>('system')

function show(wanted: Theme): void {
  theme.value = wanted
  if (wanted === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = wanted
}

export function openTheme(): void {
  const kept = readCookie('theme')
  show(kept === 'light' || kept === 'dark' ? kept : 'system')
}

export function changeTheme(wanted: Theme): void {
  writeCookie('theme', wanted)
  show(wanted)
}
