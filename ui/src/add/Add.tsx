// SPDX-License-Identifier: AGPL-3.0-or-later
// Bring in: drop a folder on the table, or choose.

import { useEffect, useRef } from 'preact/hooks'
import { Page } from '../app/Page'
import { Sign } from '../app/Sign'
import { t, tn } from '../base/words'
import { chosen } from './collect'
import { hovering } from './door'
import { ParcelList } from './ParcelList'
import { bringIn, clearSettled, goOnAll, isBusy, isSettled, parcels, pauseAll } from './queue'

function Choosers() {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (folder.current) folder.current.webkitdirectory = true
  }, [])
  const take = (event: Event & { currentTarget: HTMLInputElement }) => {
    bringIn(chosen(event.currentTarget.files))
    event.currentTarget.value = ''
  }
  return (
    <div class="row">
      <button type="button" class="act" onClick={() => files.current?.click()}>
        {t('ui.add.files')}
      </button>
      <button type="button" onClick={() => folder.current?.click()}>
        {t('ui.add.folder')}
      </button>
      <input ref={files} type="file" multiple hidden onChange={take} aria-label={t('ui.add.files')} />
      <input ref={folder} type="file" multiple hidden onChange={take} aria-label={t('ui.add.folder')} />
    </div>
  )
}

function Summary() {
  const all = parcels.value
  const count = (state: string) => all.filter((one) => one.state === state).length
  const settled = all.filter(isSettled).length
  const size = all.reduce((sum, one) => sum + one.file.size, 0)
  const sent = all.reduce((sum, one) => sum + (isSettled(one) ? one.file.size : one.sent), 0)
  const stopped = all.some((one) => one.state === 'paused' || one.state === 'lost')
  const moving = all.some((one) => isBusy(one) || one.state === 'waiting')
  const said = [
    count('added') > 0 && tn('ui.add.sum.added', count('added')),
    count('duplicate') > 0 && tn('ui.add.sum.duplicate', count('duplicate')),
    count('refused') > 0 && tn('ui.add.sum.refused', count('refused')),
  ].filter(Boolean)
  return (
    <div class="summary">
      <p id="add-progress">{t('ui.add.progress', { done: settled, all: all.length })}</p>
      <progress aria-labelledby="add-progress" max={Math.max(1, size)} value={settled === all.length ? Math.max(1, size) : sent} />
      {said.length > 0 && <p>{said.join(t('ui.comma'))}</p>}
      <div class="row">
        {moving && (
          <button type="button" onClick={pauseAll}>
            {t('ui.add.pause_all')}
          </button>
        )}
        {stopped && (
          <button type="button" onClick={goOnAll}>
            {t('ui.add.go_on_all')}
          </button>
        )}
        {count('added') > 0 && !moving && (
          <a class="button" href="/">
            {t('ui.add.see')}
          </a>
        )}
        {settled > 0 && (
          <button type="button" class="plain" onClick={clearSettled}>
            {t('ui.add.clear')}
          </button>
        )}
      </div>
    </div>
  )
}

export function Add() {
  const over = hovering.value
  return (
    <Page title={t('ui.add.title')} narrow>
      <div class={over ? 'drop over' : 'drop'}>
        <Sign name="add" />
        <p class="lead">{t(over ? 'ui.add.drop.now' : 'ui.add.drop')}</p>
        <Choosers />
        <p class="quiet">{t('ui.add.promise')}</p>
      </div>
      <p class="record-other">
        <a class="button" href="/record">
          <Sign name="wave" />
          {t('ui.record.sound')}
        </a>
        <a class="button" href="/record?film">
          <Sign name="film" />
          {t('ui.record.film')}
        </a>
      </p>
      {parcels.value.length > 0 && <Summary />}
      <ParcelList />
    </Page>
  )
}
