// SPDX-License-Identifier: AGPL-3.0-or-later
// A folder that comes in by itself: how far it is, while its first pictures are seen already; and what
// became of it, with every file that was turned away by name and reason.

import { useEffect, useRef } from 'preact/hooks'
import { JobCard } from '../app/JobCard'
import { readAbout } from '../app/about'
import { hasWord, t, tn } from '../base/words'
import { may } from '../door/me'
import { refreshLine } from '../line/store'
import { adoptJobs, dropJob, isOpen, jobs } from '../net/jobs'
import type { Job, Refused } from '../net/shapes'
import { shownPath } from './places'

const look_ms = 1500
const slow_ms = 6000

// The line grows while a folder comes in: quickly at first, then at leisure.
function useGrowing(busy: boolean): void {
  const since = useRef(0)
  useEffect(() => {
    if (!busy) return undefined
    let timer = 0
    since.current = Date.now()
    const look = () => {
      void refreshLine()
      timer = window.setTimeout(look, Date.now() - since.current < 60_000 ? look_ms : slow_ms)
    }
    look()
    return () => {
      clearTimeout(timer)
      void refreshLine()
      void readAbout()
    }
  }, [busy])
}

function reasonOf(one: Refused): string {
  const own = `ui.arrived.reason.${one.code}`
  return hasWord(own) ? t(own) : t(`error.${one.code}`)
}

function Refusals({ job }: { job: Job }) {
  const all = job.result?.refusals ?? []
  const more = job.result?.more ?? 0
  if (all.length === 0) return null
  return (
    <details>
      <summary>{t('ui.arrived.which')}</summary>
      <ul class="refusals">
        {all.map((one) => (
          <li key={one.path}>
            <span class="file-name">{shownPath(one.path)}</span> <span class="quiet">{reasonOf(one)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="quiet">{tn('ui.add.more', more)}</p>}
    </details>
  )
}

function Arrived({ job }: { job: Job }) {
  const result = job.result ?? {}
  const said = [
    (result.added ?? 0) > 0 && tn('ui.add.sum.added', result.added ?? 0),
    (result.duplicates ?? 0) > 0 && tn('ui.add.sum.duplicate', result.duplicates ?? 0),
    (result.refused ?? 0) > 0 && tn('ui.add.sum.refused', result.refused ?? 0),
  ].filter(Boolean)
  return (
    <div class="job card" role="status">
      <p>{said.length > 0 ? said.join(t('ui.comma')) : t('ui.arrived.nothing')}</p>
      <Refusals job={job} />
      <button type="button" class="plain" onClick={() => dropJob(job.id)}>
        {t('ui.job.seen')}
      </button>
    </div>
  )
}

export function Arrivals() {
  const all = [...jobs.value.values()].filter((job) => job.kind === 'add')
  const keeper = may('keeper')
  useEffect(() => {
    if (keeper) void adoptJobs()
  }, [keeper])
  useGrowing(all.some(isOpen))
  if (all.length === 0) return null
  return (
    <div class="arrivals">
      {all.map((job) => (job.state === 'done' ? <Arrived key={job.id} job={job} /> : <JobCard key={job.id} job={job} />))}
    </div>
  )
}
