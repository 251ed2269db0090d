// SPDX-License-Identifier: AGPL-3.0-or-later
// Looks at a live stream a few times a second and tells in words how it is.

import { greyOf, Held, lightWord, loudnessOf, movedBy, soundWord, steadyWord, type Grey, type LightWord, type Loudness, type Shift, type SoundWord, type SteadyWord } from './measure'

export interface Seen {
  level: number // [0, 1], of this moment
  sound: SoundWord | null
  light: LightWord | null
  steady: SteadyWord | null
}

const tick_ms = 100
const hold_ms = 2500
const sound_ticks = 40 // of the last four seconds
const shift_ticks = 20
const width = 64
const height = 48

export class Watch {
  private readonly context = new AudioContext()
  private readonly analyser = this.context.createAnalyser()
  private readonly samples = new Float32Array(4096)
  private readonly canvas = document.createElement('canvas')
  private readonly film: HTMLVideoElement | null
  private readonly timer: number
  private readonly words = { sound: new Held<SoundWord>(hold_ms), light: new Held<LightWord>(hold_ms), steady: new Held<SteadyWord>(hold_ms) }
  private level = 0
  private heard: Loudness[] = []
  private shifts: Shift[] = []
  private before: Grey | null = null

  constructor(stream: MediaStream, film: HTMLVideoElement | null, onSeen: (seen: Seen) => void) {
    this.film = film
    this.analyser.fftSize = this.samples.length
    this.context.createMediaStreamSource(stream).connect(this.analyser)
    void this.context.resume()
    Object.assign(this.canvas, { width, height })
    this.timer = window.setInterval(() => onSeen(this.look()), tick_ms)
  }

  close(): void {
    clearInterval(this.timer)
    void this.context.close()
  }

  private look(): Seen {
    const now = performance.now()
    this.analyser.getFloatTimeDomainData(this.samples)
    const loudness = loudnessOf(this.samples)
    this.heard = [...this.heard, loudness].slice(-sound_ticks)
    this.lookAtFilm()
    const sound = this.heard.length >= 10 ? this.words.sound.hear(soundWord(this.heard), now) : null
    const light = this.before ? this.words.light.hear(lightWord(this.before), now) : null
    const steady = this.shifts.length >= 10 ? this.words.steady.hear(steadyWord(this.shifts), now) : null
    this.level = Math.max(1 + loudness.rms / 60, this.level - 0.04, 0) // falls slowly, so that eyes can follow
    return { level: this.level, sound, light, steady }
  }

  private lookAtFilm(): void {
    const pen = this.canvas.getContext('2d', { willReadFrequently: true })
    if (!this.film || !pen || this.film.readyState < 2) return
    pen.drawImage(this.film, 0, 0, width, height)
    const grey = greyOf(pen.getImageData(0, 0, width, height).data, width, height)
    if (this.before) this.shifts = [...this.shifts, movedBy(this.before, grey)].slice(-shift_ticks)
    this.before = grey
  }
}
