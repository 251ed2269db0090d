// SPDX-License-Identifier: AGPL-3.0-or-later
// The files on their way, what moves or needs a look first; a long tail is counted, not drawn.

import { Sign } from '../app/Sign'
import { weight } from '../base/show'
import { hasWord, lang, t, tn } from '../base/words'
import { cancel, goOn, isBusy, parcels, pause, type Parcel, type State } from './queue'

const most_drawn = 150
const order: readonly State[] = ['trouble', 'sending', 'looking', 'lost', 'paused', 'refused', 'waiting', 'added', 'duplicate']

export function inOrder(all: readonly Parcel[]): Parcel[] {
  return [...all].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.id - b.id)
}

function reasonOf(parcel: Parcel): string {
  const reason = parcel.result?.reason ?? ''
  return hasWord(`ui.add.reason.${reason}`) ? t(`ui.add.reason.${reason}`) : reason
}

function Said({ parcel }: { parcel: Parcel }) {
  const { result, state } = parcel
  if (state === 'sending') {
    const vars = { sent: weight(parcel.sent, lang.value), size: weight(parcel.file.size, lang.value) }
    return <p class="quiet">{t('ui.add.state.sending', vars)}</p>
  }
  return (
    <p class={`said ${state}`}>
      {(state === 'added' || state === 'duplicate') && <Sign name="check" />}
      <span>{t(`ui.add.state.${state}`)}</span>
      {state === 'refused' && <span>{reasonOf(parcel)}</span>}
      {result?.damaged && <span>{t('ui.add.damaged')}</span>}
      {result?.id && <a href={`/item/${result.id}`}>{t('ui.add.open')}</a>}
    </p>
  )
}

function Buttons({ parcel }: { parcel: Parcel }) {
  const name = parcel.file.name
  const held = parcel.state === 'paused' || parcel.state === 'lost'
  return (
    <div class="order">
      {held && (
        <button type="button" class="plain round" aria-label={t('ui.add.go_on', { name })} onClick={() => goOn(parcel.id)}>
          <Sign name="play" />
        </button>
      )}
      {isBusy(parcel) && (
        <button type="button" class="plain round" aria-label={t('ui.add.pause', { name })} onClick={() => pause(parcel.id)}>
          <Sign name="pause" />
        </button>
      )}
      <button type="button" class="plain round" aria-label={t('ui.add.drop_one', { name })} onClick={() => cancel(parcel.id)}>
        <Sign name="close" />
      </button>
    </div>
  )
}

function Row({ parcel }: { parcel: Parcel }) {
  const settled = parcel.result !== null
  return (
    <li class="parcel">
      <div class="parcel-words">
        <p class="file-name" id={`parcel-${parcel.id}`}>
          {parcel.file.name}
        </p>
        <Said parcel={parcel} />
        {!settled && <progress aria-labelledby={`parcel-${parcel.id}`} max={Math.max(1, parcel.file.size)} value={parcel.sent} />}
      </div>
      <Buttons parcel={parcel} />
    </li>
  )
}

export function ParcelList() {
  const all = inOrder(parcels.value)
  const more = all.length - most_drawn
  if (all.length === 0) return null
  return (
    <>
      <ul class="parcels" aria-label={t('ui.add.list')}>
        {all.slice(0, most_drawn).map((parcel) => (
          <Row key={parcel.id} parcel={parcel} />
        ))}
      </ul>
      {more > 0 && <p class="quiet">{tn('ui.add.more', more)}</p>}
    </>
  )
}
