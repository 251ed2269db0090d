// SPDX-License-Identifier: AGPL-3.0-or-later
// One album: its pictures in its order; another title, another order, less in it.

import { useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Sign } from '../app/Sign'
import { Trouble } from '../app/Trouble'
import { go } from '../app/route'
import { say, showSlip } from '../base/say'
import { lang, t, tn } from '../base/words'
import { acted, tryToChosen, undo } from '../batch/acts'
import { ActionSlip, ChooseButton, useChoosing } from '../batch/ActionSlip'
import { Grid } from '../find/Grid'
import { choosing } from '../line/choice'
import { api, Refusal, sentenceOf } from '../net/api'
import type { Album, Brief } from '../net/shapes'
import { Arrange } from './Arrange'
import { NameForm } from './NameForm'

interface Shown {
  album: Album
  tag: string
  items: Brief[]
}

async function readAll(id: string): Promise<Shown> {
  const { thing, tag } = await api.album(id)
  const items: Brief[] = []
  let next = ''
  do {
    const leaf = await api.albumItems(id, next)
    items.push(...leaf.items)
    next = leaf.next
  } while (next)
  return { album: thing, tag, items }
}

function useAlbum(id: string) {
  const [shown, setShown] = useState<Shown | null>(null)
  const [trouble, setTrouble] = useState('')
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let late = false
    readAll(id).then(
      (found) => !late && setShown(found),
      (cause: unknown) => !late && setTrouble(sentenceOf(cause)),
    )
    return () => {
      late = true
    }
  }, [id, turn, lang.value, acted.value])
  return { shown, trouble, again: () => setTurn((now) => now + 1) }
}

// Whoever changed it meanwhile is not written over: the album is read again, and that is said.
async function change(shown: Shown, what: { title?: string; order?: string[] }, again: () => void): Promise<void> {
  try {
    await api.changeAlbum(shown.album.id, what, shown.tag)
  } catch (cause) {
    const other = cause instanceof Refusal && cause.status === 412
    showSlip({ text: other ? t('ui.album.changed') : sentenceOf(cause) })
  }
  again()
}

function takeApart(album: Album): void {
  api.dropAlbum(album.id).then(
    ({ act }) => {
      go('/albums')
      showSlip({ text: t('ui.album.ended', { title: album.title }), act: { label: t('ui.undo'), run: () => undo(act) } })
    },
    (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
  )
}

function Ordering({ shown, done, again }: { shown: Shown; done: () => void; again: () => void }) {
  const [items, setItems] = useState<Brief[]>(shown.items)
  const keep = async () => {
    await change(shown, { order: items.map((item) => item.id) }, again)
    done()
  }
  return (
    <>
      <p class="quiet">{t('ui.album.arrange.how')}</p>
      <Arrange items={items} change={setItems} />
      <div class="row arrange-row">
        <button type="button" class="act" onClick={() => void keep()}>
          {t('ui.album.arrange.keep')}
        </button>
        <button type="button" class="plain" onClick={done}>
          {t('ui.edit.leave')}
        </button>
      </div>
    </>
  )
}

type Doing = '' | 'name' | 'order'

function AlbumTools({ shown, doing, begin }: { shown: Shown; doing: Doing; begin: (doing: Doing) => void }) {
  if (doing || choosing.value) return null
  return (
    <div class="tools" role="group" aria-label={t('ui.album.tools')}>
      <button type="button" class="tool" onClick={() => begin('name')}>
        <Sign name="pencil" />
        <span>{t('ui.album.rename')}</span>
      </button>
      {shown.items.length > 1 && (
        <button type="button" class="tool" onClick={() => begin('order')}>
          <Sign name="stack" />
          <span>{t('ui.album.arrange')}</span>
        </button>
      )}
      <button type="button" class="tool" onClick={() => takeApart(shown.album)}>
        <Sign name="close" />
        <span>{t('ui.album.end')}</span>
      </button>
    </div>
  )
}

export function AlbumPage({ id }: { id: string }) {
  const { shown, trouble, again } = useAlbum(id)
  const [doing, begin] = useState<Doing>('')
  useChoosing()
  const rename = async (title: string) => {
    if (shown) await change(shown, { title }, again)
    say(t('ui.edit.kept'))
  }
  const out = { label: t('ui.album.out'), run: () => tryToChosen({ album: '-' + id }) }
  const some = shown !== null && shown.items.length > 0
  return (
    <Page title={shown ? shown.album.title : t('ui.album.title')} beside={some && !doing && <ChooseButton />}>
      {trouble && <Trouble text={trouble} again={again} />}
      {shown && (
        <>
          {doing === 'name' && (
            <NameForm id="album-name" label={t('ui.album.name')} value={shown.album.title} keep={rename} done={() => begin('')} />
          )}
          <p class="quiet">{tn('ui.album.count', shown.album.count)}</p>
          <AlbumTools shown={shown} doing={doing} begin={begin} />
          {!some && <p class="lead">{t('ui.album.empty')}</p>}
          {doing === 'order' && <Ordering shown={shown} again={again} done={() => begin('')} />}
          {some && doing !== 'order' && <Grid items={shown.items} />}
        </>
      )}
      <ActionSlip also={out} />
    </Page>
  )
}
