// SPDX-License-Identifier: AGPL-3.0-or-later
// What a browser says of itself, in a word a family has for it; and how long ago something was.

export type Device = 'phone' | 'tablet' | 'computer' | 'thing'

export function deviceOf(browser: string): Device {
  if (/iPad|Tablet|Android(?!.*Mobile)/.test(browser)) return 'tablet'
  if (/iPhone|iPod|Android|Mobile|HarmonyOS/.test(browser)) return 'phone'
  if (/Windows|Macintosh|X11|CrOS|Linux/.test(browser)) return 'computer'
  return 'thing'
}

const names: readonly [RegExp, string][] = [
  [/MicroMessenger/, 'WeChat'],
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser/, 'Samsung'],
  [/FxiOS|Firefox\//, 'Firefox'],
  [/CriOS|Chrom(?:e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

export function browserOf(browser: string): string {
  return names.find(([pattern]) => pattern.test(browser))?.[1] ?? ''
}

const steps: readonly [number, Intl.RelativeTimeFormatUnit][] = [
  [365 * 86400, 'year'],
  [30 * 86400, 'month'],
  [86400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
]

// "" within the last minute, and for a time that is still to come.
export function longAgo(then_ms: number, now_ms: number, language: string): string {
  const seconds = Math.floor((now_ms - then_ms) / 1000)
  for (const [size, unit] of steps)
    if (seconds >= size) return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.floor(seconds / size), unit)
  return ''
}
