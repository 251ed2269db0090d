// SPDX-License-Identifier: AGPL-3.0-or-later
// The photograph on the table: as large as the window allows, on a thin mat of paper.

import type { ComponentChildren } from 'preact'
import { Sign } from '../app/Sign'
import { t } from '../base/words'
import { nameOf, spoken } from '../line/Tile'
import { ratioOf } from '../line/rows'
import type { Item, Rendition } from '../net/shapes'
import { Compare } from './Compare'
import { CompareClip } from './CompareClip'
import { Faces } from './Faces'
import { ThingLabels } from './Things'

interface Props {
  item: Item
  shown: Rendition | null
  faces: boolean
  pointed: string
  over?: ComponentChildren // lies over the picture, such as a frame that is drawn
  marks?: ComponentChildren // stand on the picture, while nothing lies over it
}

function Mat({ item, children }: { item: Item; children: ComponentChildren }) {
  const most = item.width > 0 ? Math.max(item.width * 2, 480) : 960
  return (
    <div class="mat" ref={(mat) => fit(mat, ratioOf(item), most)}>
      {children}
    </div>
  )
}

function fit(mat: HTMLElement | null, ratio: number, most: number): void {
  mat?.style.setProperty('--ratio', String(ratio))
  mat?.style.setProperty('--most', `${most}px`)
}

function Photo({ item, faces, pointed, over, marks }: Props) {
  if (!item.thumb) return <Broken item={item} />
  return (
    <Mat item={item}>
      {item.preview && <img class="preview" src={item.preview} alt="" />}
      <img class="whole" key={item.id} src={item.thumb + '2048'} alt={spoken(item)} />
      {over ?? (
        <>
          <Faces item={item} all={faces} pointed={pointed} />
          <ThingLabels marks={item.marks ?? []} pointed={pointed} />
          {marks}
        </>
      )}
    </Mat>
  )
}

function Broken({ item }: { item: Item }) {
  return (
    <div class="no-picture">
      <Sign name={item.kind === 'audio' ? 'wave' : 'stack'} />
      <p>{item.damaged ? t('ui.picture.damaged') : t('ui.picture.unseen')}</p>
    </div>
  )
}

// What a browser can play of a clip: the original, or a copy made for playing.
export function playableFile(item: Item): string {
  if (item.playable) return item.original
  return item.rendition_list.some((one) => one.kind === 'proxy') ? item.play : ''
}

function Clip({ item, file }: { item: Item; file: string }) {
  const name = nameOf(item) || t(`ui.kind.${item.kind}`)
  if (item.kind === 'audio') {
    return (
      <div class="sound-card">
        <Sign name="wave" />
        <p class="lead">{name}</p>
        {file && <audio controls preload="metadata" src={file} aria-label={name} key={file} />}
      </div>
    )
  }
  if (!file) return item.thumb ? <Photo item={item} shown={null} faces={false} pointed="" /> : <Broken item={item} />
  const poster = item.thumb ? { poster: item.thumb + '1024' } : {}
  return (
    <Mat item={item}>
      <video class="whole" controls playsInline preload="metadata" src={file} {...poster} aria-label={name} key={file} />
    </Mat>
  )
}

export function Stage(props: Props) {
  const { item, shown } = props
  if (!shown) return item.kind === 'photo' ? <Photo {...props} /> : <Clip item={item} file={playableFile(item)} />
  if (item.kind === 'photo') {
    return (
      <Mat item={item}>
        <Compare key={shown.id} before={item.thumb + '2048'} after={shown.file} name={spoken(item)} />
      </Mat>
    )
  }
  const before = playableFile(item)
  if (!before) return <Clip item={item} file={shown.file} />
  const poster = item.thumb ? item.thumb + '1024' : ''
  const sound = item.kind === 'audio'
  const clip = <CompareClip key={shown.id} before={before} after={shown.file} poster={poster} sound={sound} />
  if (sound) {
    return (
      <div class="sound-card">
        <Sign name="wave" />
        <p class="lead">{nameOf(item) || t('ui.kind.audio')}</p>
        {clip}
      </div>
    )
  }
  return <Mat item={item}>{clip}</Mat>
}
