// SPDX-License-Identifier: AGPL-3.0-or-later
// Which role may what, and where somebody who has come in goes on.

import type { Role } from '../net/door'

const ranks: readonly Role[] = ['nobody', 'guest', 'viewer', 'teller', 'keeper', 'owner']

export function mayBe(role: Role, least: Role): boolean {
  return ranks.indexOf(role) >= ranks.indexOf(least)
}

// Only addresses of this house are gone back to.
export function wayBack(wanted: string | null): string {
  return wanted && /^\/(?![/\\])/.test(wanted) && !wanted.startsWith('/enter') ? wanted : '/'
}
