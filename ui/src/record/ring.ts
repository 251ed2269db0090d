// SPDX-License-Identifier: AGPL-3.0-or-later
// "Keep the last twenty seconds": while one listens, what was heard and seen lies in memory only, and
// only so long; nothing of it goes anywhere until somebody keeps it. Then it begins the recording, and
// all that follows is passed on.
// A film begins with a key frame, so a little more than asked for may be kept; never less of what there is.

import { BlockReader, clusterOf, joined, type Block } from './webm'

export class Ring {
  private readonly reader = new BlockReader()
  private held: Block[] = []
  private kept = false
  private begun = false // the head went out
  private base = 0 // ms of the first block kept

  constructor(private readonly seconds: number) {}

  // What a recorder gave. While only listening nothing comes out.
  take(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
    this.held.push(...this.reader.push(bytes))
    if (this.kept) return this.passOn(this.held.length)
    this.trim()
    return null
  }

  // The head and what is held, in portions of about a second; from now on take() passes on.
  keep(): Uint8Array<ArrayBuffer>[] {
    this.kept = true
    const out: Uint8Array<ArrayBuffer>[] = []
    while (this.held.length > 0) {
      const until = (this.held[0] as Block).at + 1000
      const later = this.held.findIndex((block) => block.at >= until)
      const bytes = this.passOn(later < 0 ? this.held.length : later)
      if (!bytes) break
      out.push(bytes)
    }
    return out
  }

  get heldMs(): number {
    const last = this.held[this.held.length - 1]
    return last ? last.at - (this.held[0] as Block).at : 0
  }

  // The first n held blocks as a cluster, the head before the very first.
  private passOn(n: number): Uint8Array<ArrayBuffer> | null {
    const blocks = this.held.splice(0, n)
    if (!this.reader.head || blocks.length === 0) return null
    if (!this.begun) this.base = (blocks[0] as Block).at
    const cluster = clusterOf(blocks, this.base, this.reader.ticksPerMs)
    const first = !this.begun
    this.begun = true
    return first ? joined(this.reader.head, cluster) : cluster
  }

  private isStart(block: Block): boolean {
    return this.reader.hasVideo ? block.video && block.key : true
  }

  // Forgets what lies before the last place to begin that is old enough.
  private trim(): void {
    const last = this.held[this.held.length - 1]
    if (!last) return
    const limit = last.at - this.seconds * 1000
    let start = -1
    this.held.forEach((block, i) => {
      if (block.at <= limit && this.isStart(block)) start = i
    })
    const first = start >= 0 ? start : this.held.findIndex((block) => this.isStart(block))
    if (first > 0) this.held.splice(0, first)
  }
}
