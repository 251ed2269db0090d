// SPDX-License-Identifier: AGPL-3.0-or-later
// What a keeper sees to: folders of the house's own machine, backups, settings.

import { read, tell } from './api'
import type { Job } from './shapes'

export interface Folder {
  name: string
  path: string
}

export interface Folders {
  path: string
  parent: string
  files: number
  free_bytes: number
  empty: boolean
  archive: boolean
  writable: boolean
  same_disk: boolean
  more: boolean
  folders: Folder[]
  places: Folder[]
}

export interface Backup {
  place: string
  every_days: number
  done_ms: number
  tried_ms: number
  trouble: string
  blobs: number
  copied: number
  missing: number
  bytes: number
  due: boolean
  late: boolean
  job: Job | null
}

export const house = {
  folders: (path: string) => read<Folders>('/folders?path=' + encodeURIComponent(path)),
  bringIn: (path: string) => tell<Job>('/jobs', { kind: 'add', path }),
  backup: () => read<Backup>('/backup'),
  backUp: () => tell<Job>('/jobs', { kind: 'backup' }),
  settle: (settings: Record<string, string | number | null>) => tell<unknown>('/settings', { settings }),
}
