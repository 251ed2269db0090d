// SPDX-License-Identifier: AGPL-3.0-or-later
// On which kind of device somebody reads this, as far as it says so, and how many steps it takes there.

export const systems = { iphone: 3, android: 3, windows: 3, macos: 3, firefox: 2, linux: 2 } as const
export type System = keyof typeof systems

export function systemOf(agent: string, touches: number): System {
  if (/iPhone|iPad|iPod/.test(agent)) return 'iphone'
  if (/Macintosh/.test(agent) && touches > 1) return 'iphone' // an iPad that asks for the pages of a desk
  if (/Android/.test(agent)) return 'android'
  if (/Firefox\//.test(agent)) return 'firefox' // it keeps its own list on every computer
  if (/Windows/.test(agent)) return 'windows'
  return /Macintosh/.test(agent) ? 'macos' : 'linux'
}

// "AB:CD:…" as eight groups of four bytes, as one reads it aloud.
export function groups(fingerprint: string): string[] {
  const bytes = fingerprint.split(':').filter(Boolean)
  return Array.from({ length: Math.ceil(bytes.length / 4) }, (_, i) => bytes.slice(i * 4, i * 4 + 4).join(' '))
}
