// SPDX-License-Identifier: AGPL-3.0-or-later
// Nobody has a picture of her at that age: a question to send on, a picture of those years to choose, or one to bring in.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { bringIn, parcels } from '../add/queue'
import { Print, spoken } from '../line/Tile'
import { ratioOf } from '../line/rows'
import { api, isAbort, sentenceOf } from '../net/api'
import { people, type Person } from '../net/people'
import type { Brief } from '../net/shapes'

interface Props {
  person: Person
  age: number
  year: number // about when it would have been
  filled: () => void
  leave: () => void
}

const high_rem = 6

// Pictures of that year and the one after: she turned that old in it.
function useThatTime(year: number) {
  const [items, setItems] = useState<readonly Brief[] | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    const of = (one: number) => api.search({ q: `year:${one}`, limit: 24 }, stop.signal)
    Promise.all([of(year), of(year + 1)]).then(
      (leaves) => {
        const all = leaves.flatMap((leaf) => leaf.items).filter((item) => item.thumb)
        setItems([...new Map(all.map((item) => [item.id, item])).values()])
      },
      (cause: unknown) => !isAbort(cause) && setItems([]),
    )
    return () => stop.abort()
  }, [year])
  return items
}

// A picture brought in for this gap: she is in it, and unless it says so itself, it is about of that year.
function useBroughtIn(file: File | null, { person, year, filled }: Props): void {
  const parcel = parcels.value.find((one) => one.file === file)
  const id = parcel?.result?.id
  useEffect(() => {
    if (!file || !id) return
    const keep = async () => {
      const item = await people.isIn(id, person.id)
      if (!item.date.edtf) await api.claim(id, 'date', { edtf: `${year}~` })
      showSlip({ text: t('ui.ages.filled') })
      filled()
    }
    keep().catch((cause: unknown) => showSlip({ text: sentenceOf(cause) }))
  }, [id])
}

function Choice({ item, choose }: { item: Brief; choose: () => void }) {
  const wide_rem = Math.min(12, Math.max(3, ratioOf(item) * high_rem))
  return (
    <li>
      <button type="button" class="tile" aria-label={spoken(item)} style={{ width: `${wide_rem}rem`, height: `${high_rem}rem` }} onClick={choose}>
        <Print item={item} width={wide_rem * 16} />
      </button>
    </li>
  )
}

export function Gap(props: Props) {
  const { person, age, year, filled, leave } = props
  const [file, setFile] = useState<File | null>(null)
  const items = useThatTime(year)
  const panel = useRef<HTMLDivElement>(null)
  useBroughtIn(file, props)
  useLayoutEffect(() => panel.current?.focus(), [])
  const choose = (item: Brief) =>
    people.isIn(item.id, person.id).then(
      () => {
        showSlip({ text: t('ui.ages.filled'), act: { label: t('ui.undo'), run: () => void people.isIn(item.id, person.id, false).then(filled) } })
        filled()
      },
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  const bring = (list: FileList | null) => {
    const one = list?.[0] ?? null
    setFile(one)
    if (one) bringIn([one])
  }
  const title = t('ui.ages.nobody', { name: person.name, n: age })
  return (
    <div class="card gap-panel" ref={panel} tabIndex={-1} role="group" aria-label={title} onKeyDown={(event) => event.key === 'Escape' && leave()}>
      <p class="lead">{title}</p>
      <label>
        {t('ui.ages.ask')}
        <input readOnly value={t('ui.ages.question', { name: person.name, n: age, year: String(year) })} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <label class="gap-file">
        {t('ui.ages.bring')}
        <input type="file" accept="image/*" onChange={(event) => bring(event.currentTarget.files)} />
      </label>
      {items && items.length > 0 && (
        <div class="strip">
          <p>{t('ui.ages.choose', { year: String(year) })}</p>
          <ul tabIndex={0} aria-label={t('ui.ages.choose', { year: String(year) })}>
            {items.map((item) => (
              <Choice key={item.id} item={item} choose={() => void choose(item)} />
            ))}
          </ul>
        </div>
      )}
      {items && items.length === 0 && <p class="quiet">{t('ui.ages.none_then', { year: String(year) })}</p>}
      <div class="row">
        <button type="button" class="plain" onClick={leave}>
          {t('ui.close')}
        </button>
      </div>
    </div>
  )
}
