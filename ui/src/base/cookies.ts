// SPDX-License-Identifier: AGPL-3.0-or-later

export function readCookie(name: string): string {
  for (const pair of document.cookie.split('; ')) {
    const at = pair.indexOf('=')
    if (pair.slice(0, at) === name) return decodeURIComponent(pair.slice(at + 1))
  }
  return ''
}

export function writeCookie(name: string, value: string): void {
  const year = 365 * 24 * 3600
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${year}; samesite=lax`
}
