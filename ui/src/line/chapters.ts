// SPDX-License-Identifier: AGPL-3.0-or-later
// Which chapter a section stands in: a decade ("1980"), a century ("1900c") or none.

export function chapterOf(key: string, year: number): string {
  if (key === 'none') return 'none'
  if (/XX$/.test(key)) return `${Math.floor(year / 100) * 100}c`
  return String(Math.floor(year / 10) * 10)
}

// A year as typed: "1985", "85年" and "85" mean 1985; two digits beyond this year's mean the last century.
export function typedYear(text: string, now: number): number | null {
  const digits = /\d{2,4}/.exec(text)?.[0] ?? ''
  if (digits.length === 4) return Number(digits)
  if (digits.length !== 2) return null
  const century = Math.floor(now / 100) * 100
  const year = century + Number(digits)
  return year > now ? year - 100 : year
}

// Sections run from new to old; the one nearest a year, undated ones aside.
export function nearestSection(sections: readonly { key: string; year: number }[], year: number): number {
  let best = -1
  let far = Infinity
  sections.forEach((section, i) => {
    if (section.key === 'none') return
    const away = Math.abs(section.year - year)
    if (away < far) {
      far = away
      best = i
    }
  })
  return best
}
