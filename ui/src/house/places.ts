// SPDX-License-Identifier: AGPL-3.0-or-later
// Paths of the house's own disks, as they are shown; where backups would go in a chosen folder.

import type { Folders } from '../net/house'

// Sent and taken back with %XX; on the page a '%' is one, and only what is no text stays written so.
export function shownPath(path: string): string {
  return path.replace(/%25/g, '%')
}

// A folder with other things in it is not filled up: the copies get one of their own there.
export function backupPlace(folder: Folders): string {
  if (folder.empty || folder.archive) return folder.path
  return (folder.path === '/' ? '' : folder.path) + '/kinreel-backup'
}

export interface Step {
  name: string
  path: string
}

// From the root to here, each a place one can go back to.
export function stepsTo(path: string): Step[] {
  const parts = path.split('/').filter(Boolean)
  return [{ name: '/', path: '/' }].concat(parts.map((name, at) => ({ name: shownPath(name), path: '/' + parts.slice(0, at + 1).join('/') })))
}
