// SPDX-License-Identifier: AGPL-3.0-or-later
// Frames around the faces (and other things) somebody named; all at once, or the one pointed at.

import { t } from '../base/words'
import type { Region } from '../net/shapes'

interface Props {
  regions: readonly Region[]
  all: boolean
  pointed: string
}

const share = (n: number) => `${n * 100}%`

export function Faces({ regions, all, pointed }: Props) {
  return (
    <div class={all ? 'faces all' : 'faces'}>
      {regions.map((region, i) => {
        const at = { left: share(region.x), top: share(region.y), width: share(region.w), height: share(region.h) }
        const looks = region.name && region.name === pointed ? 'face pointed' : 'face'
        return (
          <span key={i} class={looks} style={at}>
            <span class={region.y + region.h > 0.88 ? 'face-name inside' : 'face-name'}>
              {region.name || t('ui.faces.unnamed')}
            </span>
          </span>
        )
      })}
    </div>
  )
}
