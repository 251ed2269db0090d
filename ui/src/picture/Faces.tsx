// SPDX-License-Identifier: AGPL-3.0-or-later
// Frames around the faces (and other things) somebody named; all at once, or the one pointed at. A named face leads
// to the person, a face without a name to the bench where it gets one.

import { t } from '../base/words'
import type { Item, Region } from '../net/shapes'
import { placeOf } from './Frame'

interface Props {
  item: Item
  all: boolean
  pointed: string
}

function ageIn(item: Item, region: Region): string {
  return item.persons?.find((one) => one.id === region.person)?.age ?? ''
}

function leadsTo(item: Item, region: Region): string {
  if (region.person) return `/person/${region.person}`
  return region.kind === 'face' && region.claim ? `/who?item=${item.id}&region=${region.claim}` : ''
}

export function Faces({ item, all, pointed }: Props) {
  return (
    <div class={all ? 'faces all' : 'faces'}>
      {item.regions.map((region) => {
        const looks = region.name && region.name === pointed ? 'face pointed' : 'face'
        const words = [region.name || t('ui.faces.unnamed'), ageIn(item, region)].filter(Boolean).join(t('ui.comma'))
        const label = <span class={region.y + region.h > 0.88 ? 'face-name inside' : 'face-name'}>{words}</span>
        const key = region.claim ?? `${region.x}-${region.y}`
        const href = leadsTo(item, region)
        return href ? (
          <a key={key} class={looks} style={placeOf(region)} href={href}>
            {label}
          </a>
        ) : (
          <span key={key} class={looks} style={placeOf(region)}>
            {label}
          </span>
        )
      })}
    </div>
  )
}
