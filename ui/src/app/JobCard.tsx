// SPDX-License-Identifier: AGPL-3.0-or-later
// How far a piece of work has come.

import { t } from '../base/words'
import { cancelJob, dropJob, isOpen } from '../net/jobs'
import type { Job } from '../net/shapes'

export function JobCard({ job }: { job: Job }) {
  if (isOpen(job)) {
    const share = Math.round(job.progress * 100)
    const text = job.state === 'waiting' ? t('ui.job.waiting') : t(`ui.job.running.${job.kind}`, { share })
    return (
      <div class="job">
        <p id={`job-${job.id}`}>{text}</p>
        <progress aria-labelledby={`job-${job.id}`} max={100} value={share} />
        <button type="button" class="plain" onClick={() => void cancelJob(job)}>
          {t('ui.job.stop')}
        </button>
      </div>
    )
  }
  if (job.state !== 'failed') return null
  return (
    <div class="job trouble" role="alert">
      <p>
        {t('ui.job.failed')} {job.error}
      </p>
      <button type="button" class="plain" onClick={() => dropJob(job.id)}>
        {t('ui.job.seen')}
      </button>
    </div>
  )
}
