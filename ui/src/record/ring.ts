// SPDX-License-Identifier: AGPL-3.0-or-later
// "Keep the last twenty seconds": while one listens, what was heard and seen lies in memory only, and
// only so long; nothing of it goes anywhere until somebody keeps it. Then it begins the recording, and
// all that follows is passed on.
// A film begins with a key frame, so a little more than asked for may be kept; never less of what there is.

import { FragmentReader, type Fragment } from './mp4'
import { joined, type Cutter, type Part } from './part'
import { BlockReader, type Block } from './webm'

// Whether the last seconds of a recording of this type can be held.
export function canHold(type: string): boolean {
  return type.includes('/webm') || type.includes('/mp4')
}

// What holds them; null where nothing can.
export function ringFor(type: string, seconds: number): Ring<Block> | Ring<Fragment> | null {
  if (!canHold(type)) return null
  return type.includes('/webm') ? new Ring(seconds, new BlockReader()) : new Ring(seconds, new FragmentReader())
}

export class Ring<P extends Part> {
  private held: P[] = []
  private kept = false
  private begun = false // the head went out
  private base = 0 // ms of the first part kept

  constructor(
    private readonly seconds: number,
    private readonly cutter: Cutter<P>,
  ) {}

  // What a recorder gave. While only listening nothing comes out.
  take(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
    this.held.push(...this.cutter.push(bytes))
    if (this.kept) return this.passOn(this.held.length)
    this.trim()
    return null
  }

  // The head and what is held, in portions of about a second; from now on take() passes on.
  keep(): Uint8Array<ArrayBuffer>[] {
    this.kept = true
    const out: Uint8Array<ArrayBuffer>[] = []
    while (this.held.length > 0) {
      const until = (this.held[0] as P).at + 1000
      const later = this.held.findIndex((part) => part.at >= until)
      const bytes = this.passOn(later < 0 ? this.held.length : later)
      if (!bytes) break
      out.push(bytes)
    }
    return out
  }

  get heldMs(): number {
    const last = this.held[this.held.length - 1]
    return last ? last.until - (this.held[0] as P).at : 0
  }

  // The first n held parts as they were recorded, the head before the very first.
  private passOn(n: number): Uint8Array<ArrayBuffer> | null {
    const { head } = this.cutter
    const parts = this.held.splice(0, n)
    if (!head || parts.length === 0) return null
    if (!this.begun) this.base = (parts[0] as P).at
    const written = this.cutter.written(parts, this.base)
    const first = !this.begun
    this.begun = true
    return first ? joined(head, written) : written
  }

  // Forgets what lies before the last place to begin that is old enough.
  private trim(): void {
    const last = this.held[this.held.length - 1]
    if (!last) return
    const limit = last.until - this.seconds * 1000
    let start = -1
    this.held.forEach((part, i) => {
      if (part.at <= limit && part.start) start = i
    })
    const first = start >= 0 ? start : this.held.findIndex((part) => part.start)
    if (first > 0) this.held.splice(0, first)
  }
}
