// SPDX-License-Identifier: AGPL-3.0-or-later
// How far a piece of work has come.

import { hasWord, t } from '../base/words'
import { cancelJob, dropJob, isOpen } from '../net/jobs'
import type { Job } from '../net/shapes'

// In the words of its code, of this kind of work before those of any; what the machine itself said stands
// in where there are none.
function causeOf(job: Job): string {
  const code = job.result?.code ?? ''
  const words = [`ui.job.${code}.${job.kind}`, `error.${code}`].find(hasWord)
  return words ? t(words) : job.error
}

export function JobCard({ job }: { job: Job }) {
  if (isOpen(job)) {
    const share = Math.round(job.progress * 100)
    const text = job.state === 'waiting' ? t('ui.job.waiting') : t(`ui.job.running.${job.kind}`, { share })
    return (
      <div class="job">
        <p id={`job-${job.id}`}>{text}</p>
        <progress aria-labelledby={`job-${job.id}`} max={100} value={share} />
        <button type="button" class="plain offer" onClick={() => void cancelJob(job)}>
          {t('ui.job.stop')}
        </button>
      </div>
    )
  }
  if (job.state !== 'failed') return null
  return (
    <div class="job trouble" role="alert">
      <p>
        {t('ui.job.failed')} {causeOf(job)}
      </p>
      <button type="button" class="plain" onClick={() => dropJob(job.id)}>
        {t('ui.job.seen')}
      </button>
    </div>
  )
}
