// SPDX-License-Identifier: AGPL-3.0-or-later
// What carries a camera here, learnt once (docs/formats/api.md).

import { signal } from '@preact/signals'
import { one, read, remove, tell } from './api'
import type { Job } from './shapes'

export interface Mount {
  name: string
}

export const mounts = signal<readonly Mount[] | null>(null)

export async function readMounts(): Promise<void> {
  try {
    mounts.value = (await read<{ mounts: Mount[] }>('/mounts')).mounts
  } catch {
    // Without the list none is offered.
  }
}

export function learnMount(item: string, name: string): Promise<Job> {
  return tell<Job>('/mounts', { item, name })
}

export async function forgetMount(name: string): Promise<void> {
  await remove('/mounts/' + one(name))
  await readMounts()
}
