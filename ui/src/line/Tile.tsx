// SPDX-License-Identifier: AGPL-3.0-or-later
// One picture in a row: a print on the table. Its label comes up when it is looked at.

import { clock } from '../base/show'
import { t, tn } from '../base/words'
import type { Brief } from '../net/shapes'
import { Sign } from '../app/Sign'
import { BandMark } from './BandMark'
import { choose, isChosen, picking } from './choice'
import { isExact } from './band'
import { ratioOf } from './rows'

export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export function nameOf(item: Brief): string {
  return item.caption || item.title
}

// In the order in which a card shows it, so that what is seen can also be said to a computer (WCAG 2.5.3).
export function spoken(item: Brief): string {
  const name = nameOf(item)
  const kind = t(`ui.kind.${item.kind}`)
  const damaged = item.damaged && !item.thumb ? t('ui.tile.damaged') : ''
  const length = item.duration_ms > 0 ? clock(item.duration_ms) : ''
  return [name || kind, damaged, length, name && kind, item.date.text].filter(Boolean).join(t('ui.comma'))
}

// The pictures at hand have 256, 1024 or 2048 pixels on their longest side.
function sources(item: Brief): string {
  const ratio = ratioOf(item)
  const wide = (longest: number) => Math.round(ratio >= 1 ? longest : longest * ratio)
  return [256, 1024].map((size) => `${item.thumb}${size} ${wide(size)}w`).join(', ')
}

export function Print({ item, width }: { item: Brief; width: number }) {
  if (!item.thumb) {
    return (
      <span class="card-print">
        <Sign name={item.kind === 'audio' ? 'wave' : item.kind === 'video' ? 'film' : 'stack'} />
        <span>{nameOf(item) || t(`ui.kind.${item.kind}`)}</span>{' '}
        {item.damaged && <small>{t('ui.tile.damaged')}</small>}
      </span>
    )
  }
  return (
    <>
      {item.preview && <img class="preview" src={item.preview} alt="" />}
      <img
        class="print"
        src={item.thumb + '256'}
        srcset={sources(item)}
        sizes={`${Math.round(width)}px`}
        alt=""
        decoding="async"
        onLoad={(event) => event.currentTarget.classList.add('there')}
        ref={(img) => {
          if (img?.complete && img.naturalWidth > 0) img.classList.add('there')
        }}
      />
    </>
  )
}

function Marks({ item }: { item: Brief }) {
  return (
    <span class="marks" aria-hidden="true">
      {item.favourite && (
        <span class="mark">
          <Sign name="heart" />
        </span>
      )}
      {item.stack > 1 && item.kind === 'photo' && (
        <span class="mark">
          <Sign name="stack" />
          {item.stack}
        </span>
      )}
      {item.kind !== 'photo' && (
        <span class="mark">
          <Sign name={item.kind === 'video' ? 'play' : 'wave'} />
          {clock(item.duration_ms)}
        </span>
      )}
    </span>
  )
}

function Label({ item }: { item: Brief }) {
  const name = nameOf(item)
  if (!name && !item.date.text) return null
  return (
    <span class="tile-label" aria-hidden="true">
      {name && <span class="tile-name">{name}</span>}
      <span class="tile-date">{item.date.text}</span>
      {!isExact(item.date) && <BandMark span={item.date} />}
    </span>
  )
}

// What is done with the tile at a place: chosen or not, alone or with all since the last one.
export type Take = (place: string, on: boolean, range: boolean) => void

interface Props {
  item: Brief
  box: Box
  place: string // "section:index", for the arrow keys
  choosing?: boolean
  onChoose?: Take
}

function Choice({ item, place, onChoose }: Props) {
  const on = isChosen(item.id)
  const change = (event: MouseEvent & { currentTarget: HTMLInputElement }) => {
    const wanted = event.currentTarget.checked
    if (picking.value) event.preventDefault() // looked at, not chosen
    if (event.shiftKey && onChoose) onChoose(place, wanted, true)
    else if (onChoose) onChoose(place, wanted, false)
    else choose([item], wanted)
  }
  return <input type="checkbox" checked={on} aria-label={spoken(item)} data-tile={place} onClick={change} />
}

export function Tile(props: Props) {
  const { item, box, place, choosing } = props
  const at = { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` }
  const inside = (
    <>
      <Print item={item} width={box.width} />
      <Marks item={item} />
      <Label item={item} />
    </>
  )
  if (choosing) {
    return (
      <label class={isChosen(item.id) ? 'tile choice chosen' : 'tile choice'} style={at}>
        <Choice {...props} />
        <span class="tick-box">
          <Sign name="check" />
        </span>
        {inside}
      </label>
    )
  }
  const also = item.stack > 1 ? t('ui.comma') + tn('ui.tile.stack', item.stack) : ''
  return (
    <a class="tile" href={`/item/${item.id}`} style={at} data-tile={place} aria-label={spoken(item) + also}>
      {inside}
    </a>
  )
}
