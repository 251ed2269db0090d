// SPDX-License-Identifier: AGPL-3.0-or-later
// Sound, light and steadiness in plain words. Pure: numbers in, a verdict out; a verdict changes only
// after it has held for a while, so that nobody is chattered at.

export type SoundWord = 'silent' | 'quiet' | 'good' | 'loud' | 'noisy'
export type LightWord = 'dark' | 'backlit' | 'bright' | 'good'
export type SteadyWord = 'shaky' | 'good'

export interface Loudness {
  rms: number // dBFS
  peak: number // [0, 1]
}

const floor_db = -100

export function loudnessOf(samples: Float32Array): Loudness {
  let sum = 0
  let peak = 0
  for (const sample of samples) {
    sum += sample * sample
    peak = Math.max(peak, Math.abs(sample))
  }
  const rms = Math.sqrt(sum / Math.max(1, samples.length))
  return { rms: rms > 0 ? Math.max(floor_db, 20 * Math.log10(rms)) : floor_db, peak }
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0
}

// Of the last seconds, ten a second: the loud tenth is the voice, the quiet tenth what lies behind it.
export function soundWord(heard: readonly Loudness[]): SoundWord {
  const voice = percentile(heard.map((one) => one.rms), 0.9)
  const behind = percentile(heard.map((one) => one.rms), 0.1)
  const clipped = heard.filter((one) => one.peak >= 0.98).length
  if (voice < -65) return 'silent'
  if (clipped >= 2) return 'loud'
  if (voice < -42) return 'quiet'
  if (behind > -45 && voice - behind < 12) return 'noisy'
  return 'good'
}

export interface Grey {
  width: number
  height: number
  luma: Uint8Array | Uint8ClampedArray // row by row
}

export function greyOf(rgba: Uint8ClampedArray, width: number, height: number): Grey {
  const luma = new Uint8Array(width * height)
  for (let i = 0; i < luma.length; i++) {
    const [r, g, b] = [rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]] as [number, number, number]
    luma[i] = 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  return { width, height, luma }
}

function meanOf(grey: Grey, inside: (x: number, y: number) => boolean): number {
  let sum = 0
  let n = 0
  for (let y = 0; y < grey.height; y++)
    for (let x = 0; x < grey.width; x++)
      if (inside(x / grey.width, y / grey.height)) {
        sum += grey.luma[y * grey.width + x] as number
        n++
      }
  return n > 0 ? sum / n : 0
}

// Who is filmed is taken to be in the middle.
export function lightWord(grey: Grey): LightWord {
  const all = Array.from(grey.luma)
  const isMiddle = (x: number, y: number) => x > 0.3 && x < 0.7 && y > 0.2
  const middle = meanOf(grey, isMiddle)
  const around = meanOf(grey, (x, y) => !isMiddle(x, y))
  if (percentile(all, 0.9) < 60) return 'dark'
  if (around > 130 && middle < 0.55 * around) return 'backlit'
  if (percentile(all, 0.25) > 245) return 'bright'
  return 'good'
}

function sums(grey: Grey): { columns: number[]; rows: number[] } {
  const columns = new Array<number>(grey.width).fill(0)
  const rows = new Array<number>(grey.height).fill(0)
  for (let y = 0; y < grey.height; y++)
    for (let x = 0; x < grey.width; x++) {
      const value = grey.luma[y * grey.width + x] as number
      columns[x] = (columns[x] as number) + value / grey.height
      rows[y] = (rows[y] as number) + value / grey.width
    }
  return { columns, rows }
}

// By how much one row of sums must be moved to lie on the other: least mean difference, with a parabola
// through the neighbours for the part of a pixel.
export function shiftOf(before: readonly number[], after: readonly number[], most: number): number {
  const cost = (shift: number) => {
    let sum = 0
    let n = 0
    for (let i = Math.max(0, -shift); i < Math.min(before.length, after.length - shift); i++, n++)
      sum += Math.abs((before[i] as number) - (after[i + shift] as number))
    return n > 0 ? sum / n : Infinity
  }
  let best = 0
  for (let shift = -most; shift <= most; shift++) if (cost(shift) < cost(best)) best = shift
  const [left, middle, right] = [cost(best - 1), cost(best), cost(best + 1)]
  const bend = left - 2 * middle + right
  return bend > 0 && Number.isFinite(bend) ? best + (left - right) / (2 * bend) : best
}

export interface Shift {
  x: number // of the width
  y: number // of the height
}

export function movedBy(before: Grey, after: Grey): Shift {
  const a = sums(before)
  const b = sums(after)
  return {
    x: shiftOf(a.columns, b.columns, Math.round(before.width / 8)) / before.width,
    y: shiftOf(a.rows, b.rows, Math.round(before.height / 8)) / before.height,
  }
}

// A pan moves evenly; a trembling hand keeps changing its mind: what counts is the change of the shift.
export function steadyWord(shifts: readonly Shift[]): SteadyWord {
  const jolts = shifts.slice(1).map((one, i) => {
    const before = shifts[i] as Shift
    return Math.hypot(one.x - before.x, one.y - before.y)
  })
  return percentile(jolts, 0.5) > 0.012 ? 'shaky' : 'good'
}

// A word that must hold before it is said.
export class Held<Word extends string> {
  said: Word | null = null
  private next: Word | null = null
  private since = 0

  constructor(private readonly hold_ms: number) {}

  hear(word: Word, now: number): Word | null {
    if (word !== this.next) {
      this.next = word
      this.since = now
    }
    if (this.said !== word && now - this.since >= this.hold_ms) this.said = word
    return this.said
  }
}
