// SPDX-License-Identifier: AGPL-3.0-or-later
// A date that reached us as bare EDTF, in the words of the page. The house writes the date that is
// shown; this is for the other voices, whose claims hold EDTF alone.

import { dayName, monthName } from '../base/show'
import { lang, t } from '../base/words'

function plain(date: string): string | null {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?$/.exec(date)
  if (!parts) return null
  const [, year = '', month, day] = parts
  if (month && (Number(month) < 1 || Number(month) > 12)) return null
  if (day) return dayName(`${year}-${month}-${day}T12:00:00`, lang.value) || null
  return month ? monthName(Number(year), Number(month), lang.value) : t('ui.line.year', { year })
}

export function plainDate(text: string): string {
  const about = /[~?%]$/.test(text)
  const words = plain(about ? text.slice(0, -1) : text)
  if (!words) return text
  return about ? t('ui.fact.date.about', { when: words }) : words
}
