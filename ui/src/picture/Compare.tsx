// SPDX-License-Identifier: AGPL-3.0-or-later
// A photograph before and after, one over the other.

import { useRef, useState } from 'preact/hooks'
import { t } from '../base/words'
import { Divider, Sides } from './Divider'

interface Props {
  before: string
  after: string
  name: string
}

export function Compare({ before, after, name }: Props) {
  const area = useRef<HTMLDivElement>(null)
  const [at, move] = useState(0.5)
  return (
    <div class="compare" ref={area}>
      <img src={before} alt={t('ui.compare.before.of', { name })} draggable={false} />
      <img
        class="over"
        src={after}
        alt={t('ui.compare.after.of', { name })}
        draggable={false}
        style={{ clipPath: `inset(0 0 0 ${at * 100}%)` }}
      />
      <Sides />
      <Divider at={at} area={area} move={move} />
    </div>
  )
}
