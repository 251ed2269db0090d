// SPDX-License-Identifier: AGPL-3.0-or-later
// What one does with a picture in hand: love it, see who is in it, take a copy, put it away.

import { readAbout } from '../app/about'
import { Sign } from '../app/Sign'
import { cameFrom, go } from '../app/route'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { may } from '../door/me'
import { forgetLine } from '../line/store'
import { api, sentenceOf } from '../net/api'
import type { Item } from '../net/shapes'

interface Props {
  item: Item
  changed: (item: Item) => void
  faces: boolean
  setFaces: (on: boolean) => void
  canFaces: boolean
  frame: () => void
}

async function bringBack(id: string): Promise<void> {
  try {
    await api.untrash(id)
    forgetLine()
    void readAbout()
    go('/item/' + id)
  } catch (cause) {
    showSlip({ text: sentenceOf(cause) })
  }
}

async function putAway(item: Item): Promise<void> {
  try {
    await api.trashItem(item.id)
  } catch (cause) {
    showSlip({ text: sentenceOf(cause) })
    return
  }
  forgetLine()
  void readAbout()
  const to = item.next || item.previous
  go(to ? '/item/' + to : '/', 'replace')
  showSlip({ text: t('ui.trash.moved'), act: { label: t('ui.undo'), run: () => void bringBack(item.id) } })
}

// Out of sight and back: it stays in the house either way.
async function hide(item: Item, changed: (item: Item) => void): Promise<void> {
  try {
    const done = await api.doTo([item.id], { hidden: !item.hidden })
    forgetLine()
    void readAbout()
    changed(await api.item(item.id))
    showSlip({ text: done.what ?? t('ui.act.nothing') })
  } catch (cause) {
    showSlip({ text: sentenceOf(cause) })
  }
}

export function Tools({ item, changed, faces, setFaces, canFaces, frame }: Props) {
  const love = async () => {
    try {
      changed(await api.claim(item.id, 'favourite', !item.favourite))
    } catch (cause) {
      showSlip({ text: sentenceOf(cause) })
    }
  }
  const back = cameFrom().startsWith('/search') ? cameFrom() : '/'
  return (
    <div class="tools" role="group" aria-label={t('ui.tools.label')}>
      <a class="tool" href={back}>
        <Sign name="line" />
        <span>{t(back === '/' ? 'ui.tools.line' : 'ui.tools.search')}</span>
      </a>
      {may('teller') && (
        <button type="button" class="tool love" aria-pressed={item.favourite} onClick={() => void love()}>
          <Sign name="heart" />
          <span>{t('ui.tools.love')}</span>
        </button>
      )}
      {item.regions.length > 0 && canFaces && (
        <button type="button" class="tool" aria-pressed={faces} onClick={() => setFaces(!faces)}>
          <Sign name="faces" />
          <span>{t('ui.tools.faces')}</span>
        </button>
      )}
      {may('teller') && item.kind === 'photo' && item.thumb && canFaces && !item.trashed && (
        <button type="button" class="tool" onClick={frame}>
          <Sign name="more" />
          <span>{t('ui.tools.frame')}</span>
        </button>
      )}
      <a class="tool" href={item.original} download={item.names[0] ?? ''}>
        <Sign name="save" />
        <span>{t('ui.tools.save')}</span>
      </a>
      {!item.trashed && may('teller') && (
        <button type="button" class="tool" aria-pressed={item.hidden} onClick={() => void hide(item, changed)}>
          <Sign name="hide" />
          <span>{t(item.hidden ? 'ui.hidden.back' : 'ui.act.hide')}</span>
        </button>
      )}
      {!item.trashed && may('keeper') && (
        <button type="button" class="tool" onClick={() => void putAway(item)}>
          <Sign name="trash" />
          <span>{t('ui.tools.trash')}</span>
        </button>
      )}
    </div>
  )
}

export function Trashed({ item, changed }: { item: Item; changed: (item: Item) => void }) {
  const back = () =>
    api.untrash(item.id).then(
      (next) => {
        forgetLine()
        void readAbout()
        changed(next)
      },
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  return (
    <div class="trouble">
      <p>{t('ui.trash.here')}</p>
      {may('keeper') && (
        <button type="button" onClick={() => void back()}>
          {t('ui.trash.back')}
        </button>
      )}
    </div>
  )
}

function turn(event: MouseEvent, to: string): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  go('/item/' + to, 'replace')
}

export function Neighbours({ item }: { item: Item }) {
  return (
    <nav class="neighbours" aria-label={t('ui.neighbours.label')}>
      {item.previous && (
        <a key="previous" class="turn to-previous" data-again="" href={'/item/' + item.previous} onClick={(event) => turn(event, item.previous)}>
          <Sign name="left" />
          <span class="unseen">{t('ui.neighbours.previous')}</span>
        </a>
      )}
      {item.next && (
        <a key="next" class="turn to-next" data-again="" href={'/item/' + item.next} onClick={(event) => turn(event, item.next)}>
          <Sign name="right" />
          <span class="unseen">{t('ui.neighbours.next')}</span>
        </a>
      )}
    </nav>
  )
}
