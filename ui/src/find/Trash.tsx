// SPDX-License-Identifier: AGPL-3.0-or-later
// What was put away. It lies here thirty days; until then everything can come back.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { readAbout } from '../app/about'
import { Trouble } from '../app/Trouble'
import { say, showSlip } from '../base/say'
import { lang, t, tn } from '../base/words'
import { forgetLine } from '../line/store'
import { Tile, spoken, type Box } from '../line/Tile'
import { api, sentenceOf } from '../net/api'
import type { Brief } from '../net/shapes'
import { Grid } from './Grid'

function Empty({ count, emptied }: { count: number; emptied: () => void }) {
  const [asking, ask] = useState(false)
  const stay = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => stay.current?.focus(), [asking])
  const empty = () =>
    api.emptyTrash().then(emptied, (cause: unknown) => {
      showSlip({ text: sentenceOf(cause) })
    })
  if (!asking) {
    return (
      <button type="button" onClick={() => ask(true)}>
        {t('ui.trash.empty')}
      </button>
    )
  }
  return (
    <div class="confirm" role="alertdialog" aria-labelledby="confirm-text" onKeyDown={(event) => event.key === 'Escape' && ask(false)}>
      <p id="confirm-text">{tn('ui.trash.confirm', count)}</p>
      <div class="row">
        <button type="button" ref={stay} onClick={() => ask(false)}>
          {t('ui.trash.keep')}
        </button>
        <button type="button" class="act" onClick={() => void empty()}>
          {t('ui.trash.forget')}
        </button>
      </div>
    </div>
  )
}

function Thrown({ item, box, place, back }: { item: Brief; box: Box; place: string; back: () => void }) {
  return (
    <>
      <Tile item={item} box={box} place={place} />
      <button
        type="button"
        class="bring-back"
        style={{ left: `${box.left + 6}px`, top: `${box.top + box.height - 50}px` }}
        aria-label={t('ui.trash.back.of', { name: spoken(item) })}
        onClick={back}
      >
        {t('ui.trash.back')}
      </button>
    </>
  )
}

export function Trash() {
  const [items, setItems] = useState<Brief[] | null>(null)
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    api.trash().then(
      (found) => setItems(found.items),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }, [lang.value])
  const changed = (left: Brief[]) => {
    setItems(left)
    forgetLine()
    void readAbout()
  }
  const back = (item: Brief) =>
    api.untrash(item.id).then(
      () => {
        changed((items ?? []).filter((one) => one.id !== item.id))
        say(t('ui.trash.returned'))
      },
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  const emptied = () => {
    changed([])
    say(t('ui.trash.emptied'))
  }
  return (
    <Page title={t('ui.trash.title')}>
      {trouble && <Trouble text={trouble} />}
      <p class="page-links">
        <a href="/hidden">{t('ui.hidden.link')}</a>
      </p>
      {items && items.length === 0 && <p class="lead">{t('ui.trash.none')}</p>}
      {items && items.length > 0 && (
        <>
          <div class="page-tools">
            <p>{t('ui.trash.text')}</p>
            <Empty count={items.length} emptied={emptied} />
          </div>
          <Grid
            items={items}
            draw={(item, box, place) => <Thrown key={item.id} item={item} box={box} place={place} back={() => void back(item)} />}
          />
        </>
      )}
    </Page>
  )
}
