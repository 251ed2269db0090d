// SPDX-License-Identifier: AGPL-3.0-or-later
// An uncertain date is a band, not a point. From a date and a stretch of years comes where the band
// begins and ends, and which of its ends fade because nobody knows them.

export interface Band {
  start: number // [0,1] of the axis
  end: number // [0,1], never less than start
  softStart: boolean
  softEnd: boolean
  unsure: boolean // somebody doubts it, "?" in EDTF
}

export interface Span {
  edtf: string
  from: string
  to: string
}

export interface Axis {
  from: number // year
  to: number // year, later than from
}

const shortest = 0.02 // of the axis: thinner is not seen

export function yearOf(iso: string, end: boolean): number | null {
  const parts = /^(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?/.exec(iso)
  if (!parts) return null
  const month = parts[2] ? Number(parts[2]) : end ? 12 : 1
  const day = parts[3] ? Number(parts[3]) : end ? 31 : 1
  return Number(parts[1]) + (month - 1) / 12 + (end ? day : day - 1) / 372
}

function isOpen(edtf: string, side: 'start' | 'end'): boolean {
  const halves = edtf.split('/')
  const half = side === 'start' ? halves[0] : halves[1]
  return halves.length === 2 && (half === '..' || half === '')
}

export function isExact(span: Span): boolean {
  if (/[~?%X/\[{]/.test(span.edtf)) return false
  const from = yearOf(span.from, false)
  const to = yearOf(span.to, true)
  return from !== null && to !== null && to - from < 0.1
}

export function bandOf(span: Span, axis: Axis): Band | null {
  const openStart = isOpen(span.edtf, 'start')
  const openEnd = isOpen(span.edtf, 'end')
  const from = openStart ? axis.from : yearOf(span.from, false)
  const to = openEnd ? axis.to : yearOf(span.to, true)
  if (from === null || to === null || axis.to <= axis.from) return null
  const place = (year: number) => Math.min(1, Math.max(0, (year - axis.from) / (axis.to - axis.from)))
  const start = Math.min(place(Math.min(from, to)), 1 - shortest)
  const end = Math.max(place(Math.max(from, to)), start + shortest)
  const about = /[~%X]/.test(span.edtf)
  return { start, end, softStart: about || openStart, softEnd: about || openEnd, unsure: /[?%]/.test(span.edtf) }
}

// The decades around a date, one at least.
export function axisOf(span: Span): Axis | null {
  const from = yearOf(span.from, false) ?? yearOf(span.to, true)
  const to = yearOf(span.to, true) ?? from
  if (from === null || to === null) return null
  const first = Math.floor(Math.min(from, to) / 10) * 10
  return { from: first, to: Math.max(first + 10, Math.ceil(Math.max(from, to) / 10) * 10) }
}

export function sectionSpan(key: string, year: number): Span | null {
  if (/XX$/.test(key)) return { edtf: key, from: `${year}-01-01`, to: `${year + 99}-12-31` }
  if (/X$/.test(key)) return { edtf: key, from: `${year}-01-01`, to: `${year + 9}-12-31` }
  if (/^\d{4}$/.test(key)) return { edtf: key, from: `${key}-01-01`, to: `${key}-12-31` }
  return null
}
