// SPDX-License-Identifier: AGPL-3.0-or-later
// All albums: a cover, a title, how much is in it.

import { useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Sign } from '../app/Sign'
import { Trouble } from '../app/Trouble'
import { go } from '../app/route'
import { lang, t, tn } from '../base/words'
import { acted } from '../batch/acts'
import { api, sentenceOf } from '../net/api'
import type { Album } from '../net/shapes'
import { NameForm } from './NameForm'

function Cover({ album }: { album: Album }) {
  if (!album.cover?.thumb)
    return (
      <span class="album-cover none">
        <Sign name="stack" />
      </span>
    )
  return <img class="album-cover" src={album.cover.thumb + '1024'} alt="" width={album.cover.width} height={album.cover.height} loading="lazy" />
}

export function Albums() {
  const [albums, setAlbums] = useState<Album[] | null>(null)
  const [trouble, setTrouble] = useState('')
  const [making, make] = useState(false)
  useEffect(() => {
    api.albums().then(
      (found) => setAlbums(found.albums),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }, [lang.value, acted.value])
  const add = async (title: string) => {
    const made = await api.addAlbum(title)
    go('/album/' + made.id)
  }
  const begin = (
    <button type="button" class="act" onClick={() => make(true)}>
      {t('ui.album.add')}
    </button>
  )
  return (
    <Page title={t('ui.album.title')} beside={albums && albums.length > 0 && !making && begin}>
      {trouble && <Trouble text={trouble} />}
      {making && <NameForm id="album-new" label={t('ui.album.name')} value="" keep={add} done={() => make(false)} />}
      {albums && albums.length === 0 && !making && (
        <div class="empty">
          <p class="lead">{t('ui.album.none')}</p>
          <p>{t('ui.album.none.how')}</p>
          {begin}
        </div>
      )}
      <ul class="albums">
        {albums?.map((album) => (
          <li key={album.id}>
            <a href={'/album/' + album.id}>
              <Cover album={album} />
              <span class="album-title">{album.title}</span>
              <span class="quiet">{tn('ui.album.count', album.count)}</span>
            </a>
          </li>
        ))}
      </ul>
    </Page>
  )
}
