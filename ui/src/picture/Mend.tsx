// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be made better afterwards: a photograph restored; a clip made steady, lit and heard.
// The original stays as it is.

import { useState } from 'preact/hooks'
import { JobCard } from '../app/JobCard'
import { Switch } from '../app/Switch'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { api, sentenceOf } from '../net/api'
import { follow, isOpen, jobFor } from '../net/jobs'
import type { Item, JobOptions } from '../net/shapes'
import { ScenePicker } from './Scene'
import { playableFile } from './Stage'
import { frameOf, whole, WideShot } from './WideShot'

const mends = ['steady', 'light', 'sound', 'footage'] as const
type Mend = (typeof mends)[number]

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
      <input
        type="range"
        min={5}
        max={100}
        step={5}
        value={value}
        aria-valuetext={t(`ui.mend.strength.${word}`, { share: value })}
        onInput={(event) => change(Number(event.currentTarget.value))}
      />
      <span class="quiet" aria-hidden="true">
        {t(`ui.mend.strength.${word}`, { share: value })}
      </span>
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

function MendClip({ item, busy }: { item: Item; busy: boolean }) {
  const video = item.kind === 'video'
  const [on, setOn] = useState<Record<Mend, boolean>>({ steady: video, light: video, sound: true, footage: false })
  const [strength, setStrength] = useState(80)
  const [shown, setShown] = useState(whole)
  const [scene, setScene] = useState('')
  const far: JobOptions = scene ? { scene } : { strength: strength / 100 } // a card knows how far to go
  const again = item.rendition_list.some((one) => one.kind === 'kit')
  const frame = video ? frameOf(shown) : undefined
  const none = !frame && !mends.some((mend) => on[mend])
  return (
    <>
      <p>{t(video ? 'ui.mend.clip.text' : 'ui.mend.sound.text')}</p>
      {video && (
        <div class="mends">
          {mends.map((mend) => (
            <Switch key={mend} label={t(`ui.mend.${mend}`)} on={on[mend]} change={(next) => setOn({ ...on, [mend]: next })} />
          ))}
        </div>
      )}
      {video && <ScenePicker scene={scene} change={setScene} />}
      {scene ? <p class="quiet">{t('ui.scene.far')}</p> : <Strength value={strength} change={setStrength} />}
      {video && <WideShot shown={shown} change={setShown} />}
      <button
        type="button"
        class={again ? '' : 'act'}
        disabled={busy || none}
        onClick={() => void start('kit', item.id, { ...on, ...far, ...(frame && { frame }) })}
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
