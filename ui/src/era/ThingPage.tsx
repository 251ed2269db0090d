// SPDX-License-Identifier: AGPL-3.0-or-later
// One thing through the years: all its pictures in one row, what its card tells beside them, and
// pictures of those years in which it may be found.

import { useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { lang, t } from '../base/words'
import { Print, spoken } from '../line/Tile'
import { ratioOf } from '../line/rows'
import { api, isAbort, sentenceOf } from '../net/api'
import { eraApi, type EraCard, type ThingRow } from '../net/era'
import type { Brief, Mark } from '../net/shapes'
import { Story } from './Story'
import { isCardId, spanOfYears } from './years'

const row_em = 15 // height of a picture, where there is room
const look_em = 9
const look_most = 24

function useRow(id: string) {
  const [row, setRow] = useState<ThingRow | null>(null)
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    const stop = new AbortController()
    eraApi.row(isCardId(id) ? { card: id } : { thing: id }, stop.signal).then(setRow, (cause: unknown) => {
      if (!isAbort(cause)) setTrouble(sentenceOf(cause))
    })
    return () => stop.abort()
  }, [id, lang.value])
  return { row, trouble }
}

const share = (n: number) => `${n * 100}%`

function Where({ mark }: { mark: Mark }) {
  if (!mark.region) return null
  const { x, y, w, h } = mark.region
  return <span class="thing-frame" style={{ left: share(x), top: share(y), width: share(w), height: share(h) }} />
}

// As wide as its shape wants at that height, and never so wide that the next one is not seen.
function shapeOf(item: Brief, height_em: number, most_vw: number) {
  const ratio = Math.min(2.4, Math.max(0.4, ratioOf(item)))
  return { width: `min(${(ratio * height_em).toFixed(2)}rem, ${most_vw}vw)`, aspectRatio: String(ratio) }
}

function Told({ item, mark }: { item: Brief; mark: Mark }) {
  const shape = shapeOf(item, row_em, 78)
  const years = mark.date.text || spanOfYears(mark.from, mark.to)
  return (
    <li style={{ width: shape.width }}>
      <a
        class="tile"
        href={`/item/${item.id}`}
        aria-label={[mark.thing, spoken(item)].join(t('ui.comma'))}
        style={shape}
      >
        <Print item={item} width={ratioOf(item) * row_em * 16} />
        <Where mark={mark} />
      </a>
      <p class="thing-years">{years || t('ui.thing.undated')}</p>
      {mark.sentence && <p class="thing-sentence">{mark.sentence}</p>}
      {mark.voice && <audio controls preload="none" src={`/api/v1/items/${mark.voice}/original`} aria-label={t('ui.mark.voice')} />}
    </li>
  )
}

function Row({ row, title }: { row: ThingRow; title: string }) {
  const byId = new Map(row.items.map((item) => [item.id, item]))
  return (
    <ul class="thing-row" tabIndex={0} aria-label={t('ui.thing.row', { thing: title })}>
      {row.marks.map((mark) => {
        const item = byId.get(mark.item ?? '')
        return item && <Told key={mark.claim} item={item} mark={mark} />
      })}
    </ul>
  )
}

// Pictures of the card's years, to look for the thing in; each opens ready to mark it.
function useYears(card: EraCard | null) {
  const [items, setItems] = useState<Brief[] | null>(null)
  useEffect(() => {
    if (!card) return
    const years = `${card.date.from.slice(0, 4)}-${card.date.to.slice(0, 4)}`
    api.search({ q: `year:${years} type:photo`, limit: look_most }).then(
      (leaf) => setItems(leaf.items),
      () => setItems([]),
    )
  }, [card?.id])
  return items
}

function Look({ card }: { card: EraCard }) {
  const items = useYears(card)
  if (!items) return null
  return (
    <section class="thing-look">
      <h2>{t('ui.thing.look')}</h2>
      <p>{t(items.length > 0 ? 'ui.thing.look.how' : 'ui.thing.look.none')}</p>
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <a class="tile" href={`/item/${item.id}?mark=${card.id}`} aria-label={spoken(item)} style={shapeOf(item, look_em, 43)}>
              <Print item={item} width={ratioOf(item) * look_em * 16} />
            </a>
          </li>
        ))}
      </ul>
      <a class="quiet-link" href="/">
        {t('ui.thing.look.line')}
      </a>
    </section>
  )
}

export function ThingPage({ id }: { id: string }) {
  const { row, trouble } = useRow(id)
  const named = row?.card?.title ?? row?.marks[0]?.thing ?? (isCardId(id) ? '' : id)
  const none = row !== null && row.marks.length === 0
  return (
    <Page title={named || t('ui.thing.title')}>
      {trouble && <Trouble text={trouble} />}
      {row && (
        <div class="thing-page">
          <div class="thing-ours">
            {none ? <p class="lead">{t('ui.thing.none')}</p> : <Row row={row} title={named} />}
          </div>
          {row.card && (
            <aside class="era-aside" aria-label={row.card.title}>
              <Story card={row.card} />
            </aside>
          )}
        </div>
      )}
      {row?.card && <Look card={row.card} />}
      <p>
        <a class="quiet-link" href={row?.card ? `/era?decade=${Math.floor(row.card.year / 10) * 10}` : '/era'}>
          {t('ui.thing.era')}
        </a>
      </p>
    </Page>
  )
}
