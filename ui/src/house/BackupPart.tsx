// SPDX-License-Identifier: AGPL-3.0-or-later
// The backup on the keeper's page: where, how often, how the last one went, and one now.

import { useEffect, useState } from 'preact/hooks'
import { JobCard } from '../app/JobCard'
import { Sign } from '../app/Sign'
import { showSlip } from '../base/say'
import { lang, t } from '../base/words'
import { me } from '../door/me'
import { sentenceOf } from '../net/api'
import { house } from '../net/house'
import { follow, isOpen, jobs } from '../net/jobs'
import { backup, backupTrouble, lastBackup, readBackup } from './backups'
import { ChooseBackup } from './ChooseBackup'
import { shownPath } from './places'

const rhythms = [1, 7, 30, 0] as const

function Rhythm({ days }: { days: number }) {
  const all = (rhythms as readonly number[]).includes(days) ? rhythms : [...rhythms, days]
  const change = (wanted: number) =>
    house.settle({ 'backup.every_days': wanted }).then(
      () => {
        showSlip({ text: t('ui.edit.kept') })
        void readBackup()
      },
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  return (
    <div class="field">
      <label for="backup-days">{t('ui.backup.every')}</label>
      <select id="backup-days" value={String(days)} onChange={(event) => void change(Number(event.currentTarget.value))}>
        {all.map((one) => (
          <option key={one} value={String(one)}>
            {one === 0 ? t('ui.backup.every.0') : one === 1 ? t('ui.backup.every.1') : t('ui.backup.every.n', { n: one })}
          </option>
        ))}
      </select>
    </div>
  )
}

export function BackupPart() {
  const [choosing, setChoosing] = useState(false)
  const now = backup.value
  const job = now?.job ? (jobs.value.get(now.job.id) ?? now.job) : null
  useEffect(() => void readBackup(), [lang.value])
  useEffect(() => {
    if (now?.job && isOpen(now.job)) follow(now.job)
  }, [now?.job?.id])
  useEffect(() => {
    if (job && !isOpen(job)) void readBackup()
  }, [job?.state])
  const start = () =>
    house.backUp().then(
      (asked) => {
        follow(asked)
        void readBackup()
      },
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  const chosen = () => {
    setChoosing(false)
    void readBackup()
  }
  if (!now) return null
  const trouble = backupTrouble(now)
  const busy = job !== null && isOpen(job)
  return (
    <section class="part" aria-labelledby="backups">
      <h2 id="backups">{t('ui.backup.title')}</h2>
      {!now.place && <p>{t('ui.backup.no_place')}</p>}
      {now.place && <p>{t('ui.backup.place', { place: shownPath(now.place) })}</p>}
      {now.place && (
        <p class={now.done_ms > 0 && !now.late ? 'said added' : 'said'}>
          {now.done_ms > 0 && !now.late && <Sign name="check" />}
          <span>{lastBackup(now)}</span>
        </p>
      )}
      {trouble && !busy && <p class="card">{trouble}</p>}
      {busy && job && <JobCard job={job} />}
      {now.place && <Rhythm days={now.every_days} />}
      {choosing && <ChooseBackup chosen={chosen} />}
      <div class="row">
        {now.place && !busy && (
          <button type="button" onClick={() => void start()}>
            {t('ui.backup.now')}
          </button>
        )}
        {me.value.near && !choosing && (
          <button type="button" class={now.place ? 'plain' : 'act'} onClick={() => setChoosing(true)}>
            {t(now.place ? 'ui.backup.elsewhere' : 'ui.backup.choose')}
          </button>
        )}
      </div>
      {!me.value.near && <p class="quiet">{t('ui.house.afar')}</p>}
    </section>
  )
}
