// SPDX-License-Identifier: AGPL-3.0-or-later
// A strip of ages: a column for each year of a life, and gaps where no picture is.

import type { Portrait } from '../net/people'

export interface Column {
  age: number
  portraits: readonly Portrait[] // the best first; none: a gap
}

const most = 110

// From birth to the last picture, the death, or today, whichever is known to be last.
export function columnsOf(portraits: readonly Portrait[], born_edtf: string, died_edtf: string, this_year: number): Column[] {
  const born = yearOf(born_edtf)
  if (born === null) return []
  const died = yearOf(died_edtf)
  const last = Math.max((died ?? this_year) - born, ...portraits.map((one) => one.at))
  const count = Math.min(most, Math.max(0, last)) + 1
  return Array.from({ length: count }, (_, age) => ({ age, portraits: portraits.filter((one) => one.at === age) }))
}

// The year of a date as unsure as it is: "1932~", "1932-05", "193X" (its middle); null where it tells none.
export function yearOf(edtf: string): number | null {
  const found = /^(-?\d{2,3})(\d|X)(\d|X)?/.exec(edtf)
  if (!found) return null
  const digits = edtf.slice(0, 4)
  if (!/^\d{1,4}X{0,2}$/.test(digits)) return null
  return Number(digits.replace(/X$/, '5').replace('X', '5'))
}
