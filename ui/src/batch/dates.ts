// SPDX-License-Identifier: AGPL-3.0-or-later
// What is typed or pressed as a date for many, as the house takes it. Pure.

import { dateValue } from '../picture/facts'

export const decades = [1930, 1940, 1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020] as const

// 8 is the 1980s, 2 the 2020s: one digit stands for one decade between 1930 and 2029.
export function decadeOfKey(key: string): number | null {
  return /^\d$/.test(key) ? (decades.find((decade) => (decade / 10) % 10 === Number(key)) ?? null) : null
}

export function decadeDate(decade: number): { edtf: string } {
  return { edtf: `${decade / 10}X` }
}

export function yearsOf(decade: number): number[] {
  return Array.from({ length: 10 }, (_, i) => decade + i)
}

// "+8h" and "-1 天" move the clock; everything else is a date in words or in EDTF.
export function typedDate(text: string): Record<string, unknown> {
  const plain = text.trim()
  return /^[+\-−]\s*\d/.test(plain) ? { shift: plain } : dateValue(plain)
}
