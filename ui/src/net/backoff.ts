// SPDX-License-Identifier: AGPL-3.0-or-later
// How long to rest before the next attempt: longer each time, and never over half a minute.

const longest_wait_ms = 30_000

export function backoff(attempt: number): number {
  return Math.min(longest_wait_ms, 500 * 2 ** attempt)
}
