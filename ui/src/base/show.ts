// SPDX-License-Identifier: AGPL-3.0-or-later
// Numbers as people read them.

export function clock(ms: number): string {
  const all = Math.max(0, Math.round(ms / 1000))
  const hours = Math.floor(all / 3600)
  const minutes = Math.floor((all % 3600) / 60)
  const seconds = String(all % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

export function weight(bytes: number, language: string): string {
  let rank = 0
  let amount = bytes
  while (amount >= 1000 && rank < units.length - 1) {
    amount /= 1000
    rank++
  }
  const unit = units[rank] ?? 'byte'
  const digits = amount < 10 && rank > 0 ? 1 : 0
  const style = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits } as const
  return new Intl.NumberFormat(language, style).format(amount)
}

export function monthName(year: number, month: number, language: string): string {
  const day = new Date(Date.UTC(2000, month - 1, 1))
  day.setUTCFullYear(year)
  return new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(day)
}

export function monthOnly(month: number, language: string): string {
  return new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2000, month - 1, 1))
}

export function dayName(iso: string, language: string): string {
  const day = new Date(iso)
  if (Number.isNaN(day.getTime())) return ''
  return new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(day)
}

const han = '〇一二三四五六七八九'

export function hanDigits(n: number): string {
  return String(n).replace(/\d/g, (digit) => han[Number(digit)] ?? digit)
}
