// SPDX-License-Identifier: AGPL-3.0-or-later
// Work the house does for a picture or a film, followed until it settles, whichever page is shown.

import { signal } from '@preact/signals'
import { say } from '../base/say'
import { t } from '../base/words'
import { api } from './api'
import type { Job } from './shapes'

const first_ms = 400
const longest_ms = 3000

// By job id. A job stays here after it settled, so that its page can say so.
export const jobs = signal<ReadonlyMap<string, Job>>(new Map())
const followed = new Set<string>()

export function isOpen(job: Job): boolean {
  return job.state === 'waiting' || job.state === 'running'
}

function keep(job: Job): void {
  jobs.value = new Map(jobs.value).set(job.id, job)
}

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

async function followOn(first: Job): Promise<void> {
  let job = first
  let wait = first_ms
  while (isOpen(job)) {
    await sleep(wait)
    wait = Math.min(longest_ms, wait * 1.2)
    // The house may be away for a moment: the next look will tell.
    const next = await api.job(job.id).catch(() => null)
    if (!next) continue
    if (next.progress > job.progress) wait = first_ms
    job = next
    keep(job)
  }
  say(t(`ui.job.${job.state}`))
}

export function follow(job: Job): void {
  keep(job)
  if (!isOpen(job) || followed.has(job.id)) return
  followed.add(job.id)
  void followOn(job).finally(() => followed.delete(job.id))
}

// Jobs that were begun elsewhere, or before a reload.
export async function adoptJobs(): Promise<void> {
  const found = await api.jobs().catch(() => ({ jobs: [] }))
  for (const job of found.jobs) if (isOpen(job)) follow(job)
}

export function jobFor(item: string): Job | null {
  let newest: Job | null = null
  for (const job of jobs.value.values()) if (job.item === item) newest = job
  return newest
}

export function dropJob(id: string): void {
  const rest = new Map(jobs.value)
  rest.delete(id)
  jobs.value = rest
}

export async function cancelJob(job: Job): Promise<void> {
  await api.cancelJob(job.id).catch(() => undefined)
}
