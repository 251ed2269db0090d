// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be made better afterwards: a photograph restored; a clip made steady, lit and heard.
// The original stays as it is.

import { useState } from 'preact/hooks'
import { JobCard } from '../app/JobCard'
import { Switch } from '../app/Switch'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { api, sentenceOf } from '../net/api'
import { coach } from '../net/coach'
import { follow, isOpen, jobFor } from '../net/jobs'
import type { Item, JobOptions } from '../net/shapes'
import { MountPart } from './MountPart'
import { ScenePicker } from './Scene'
import { playableFile } from './Stage'
import { whole, WideShot } from './WideShot'
import { isNothing, mends, optionsOf, type Wish } from './wish'

async function start(kind: string, item: string, options: JobOptions): Promise<void> {
  try {
    follow(await api.startJob(kind, item, options))
  } catch (cause) {
    showSlip({ text: sentenceOf(cause) })
  }
}

function Strength({ value, change }: { value: number; change: (value: number) => void }) {
  const word = value < 40 ? 'light' : value < 75 ? 'middle' : 'strong'
  return (
    <label class="strength">
      <span>{t('ui.mend.strength')}</span>
      <span aria-hidden="true">{t(`ui.mend.strength.${word}`, { share: value })}</span>
      <input
        type="range"
        min={5}
        max={100}
        step={5}
        value={value}
        aria-label={t('ui.mend.strength')}
        aria-valuetext={t(`ui.mend.strength.${word}`, { share: value })}
        onInput={(event) => change(Number(event.currentTarget.value))}
      />
    </label>
  )
}

function MendPhoto({ item, busy }: { item: Item; busy: boolean }) {
  const [strength, setStrength] = useState(80)
  const again = item.rendition_list.some((one) => one.kind === 'restore')
  return (
    <>
      <p>{t(again ? 'ui.mend.photo.again' : 'ui.mend.photo.text')}</p>
      <Strength value={strength} change={setStrength} />
      <button
        type="button"
        class={again ? '' : 'act'}
        disabled={busy}
        onClick={() => void start('restore', item.id, { strength: strength / 100 })}
      >
        {t(again ? 'ui.mend.photo.redo' : 'ui.mend.photo.act')}
      </button>
    </>
  )
}

// What few need, out of the way of everybody else.
function More({ item, wish, change }: { item: Item; wish: Wish; change: (part: Partial<Wish>) => void }) {
  const rides = wish.mount !== '' || coach.value?.scenes.some((one) => one.scene === wish.scene && one.keep_viewpoint)
  return (
    <details class="more-ways">
      <summary>{t('ui.mend.more')}</summary>
      <div class="more-part">
        {wish.on.steady && (
          <>
            <Switch label={t('ui.mend.fill')} on={wish.fill} change={(fill) => change({ fill })} />
            <p class="quiet">{t('ui.mend.fill.does')}</p>
          </>
        )}
        {wish.on.steady && !rides && (
          <>
            <Switch label={t('ui.mend.along')} on={wish.along} change={(along) => change({ along })} />
            <p class="quiet">{t('ui.mend.along.does')}</p>
          </>
        )}
        <MountPart item={item} mount={wish.mount} change={(mount) => change({ mount })} />
      </div>
    </details>
  )
}

function MendClip({ item, busy }: { item: Item; busy: boolean }) {
  const video = item.kind === 'video'
  const [wish, setWish] = useState<Wish>({
    on: { steady: video, light: video, sound: true, footage: false }, strength: 80, scene: '', shown: whole, fill: false, along: false, mount: '',
  })
  const change = (part: Partial<Wish>) => setWish((was) => ({ ...was, ...part }))
  const again = item.rendition_list.some((one) => one.kind === 'kit')
  return (
    <>
      <p>{t(video ? 'ui.mend.clip.text' : 'ui.mend.sound.text')}</p>
      {video && (
        <div class="mends">
          {mends.map((mend) => (
            <Switch key={mend} label={t(`ui.mend.${mend}`)} on={wish.on[mend]} change={(on) => change({ on: { ...wish.on, [mend]: on } })} />
          ))}
        </div>
      )}
      {video && <ScenePicker scene={wish.scene} change={(scene) => change({ scene })} />}
      {wish.scene ? <p class="quiet">{t('ui.scene.far')}</p> : <Strength value={wish.strength} change={(strength) => change({ strength })} />}
      {video && <WideShot shown={wish.shown} change={(shown) => change({ shown })} />}
      {video && <More item={item} wish={wish} change={change} />}
      <button
        type="button"
        class={again ? '' : 'act'}
        disabled={busy || isNothing(wish)}
        onClick={() => void start('kit', item.id, optionsOf(wish))}
      >
        {t(again ? 'ui.mend.clip.redo' : video ? 'ui.mend.clip.act' : 'ui.mend.sound.act')}
      </button>
    </>
  )
}

function MakePlayable({ item, busy }: { item: Item; busy: boolean }) {
  return (
    <div class="card">
      <p>{t('ui.mend.proxy.text')}</p>
      <button type="button" class="act" disabled={busy} onClick={() => void start('proxy', item.id, {})}>
        {t('ui.mend.proxy.act')}
      </button>
    </div>
  )
}

const titles = { photo: 'ui.mend.photo', video: 'ui.mend.clip', audio: 'ui.mend.sound' } as const

export function MendPanel({ item }: { item: Item }) {
  const job = jobFor(item.id)
  const busy = job !== null && isOpen(job)
  const unseen = item.kind !== 'photo' && !playableFile(item)
  return (
    <section class="mend" aria-labelledby="mend-title">
      <h2 id="mend-title">{t(titles[item.kind])}</h2>
      {unseen && <MakePlayable item={item} busy={busy} />}
      {item.kind === 'photo' ? <MendPhoto item={item} busy={busy} /> : <MendClip item={item} busy={busy} />}
      {job && <JobCard job={job} />}
    </section>
  )
}
