// SPDX-License-Identifier: AGPL-3.0-or-later
// The band of an uncertain date on a line of years. It says in drawing what the words beside it say,
// so that readers may pass it by.

import { axisOf, bandOf, isExact, type Span } from './band'

export function BandMark({ span, years }: { span: Span; years?: boolean }) {
  const axis = axisOf(span)
  const band = axis && !isExact(span) ? bandOf(span, axis) : null
  if (!axis || !band) return null
  const looks = ['band', band.softStart && 'soft-start', band.softEnd && 'soft-end', band.unsure && 'unsure']
  const at = { left: `${band.start * 100}%`, width: `${(band.end - band.start) * 100}%` }
  const decades = Math.min(20, (axis.to - axis.from) / 10)
  return (
    <span class="axis" aria-hidden="true">
      <span class="axis-line">
        <span class={looks.filter(Boolean).join(' ')} style={at} />
        {Array.from({ length: decades + 1 }, (_, i) => (
          <span key={i} class="tick" style={{ left: `${(i / decades) * 100}%` }} />
        ))}
      </span>
      {years && (
        <span class="axis-years">
          <span>{axis.from}</span>
          <span>{axis.to}</span>
        </span>
      )}
    </span>
  )
}
