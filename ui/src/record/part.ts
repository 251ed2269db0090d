// SPDX-License-Identifier: AGPL-3.0-or-later
// What a recorder writes, taken apart at places where it can be cut. Bytes come in any portions; whole
// parts come out, with their time. And back: parts as a recorder would have written them from there.
// Damage is not repaired: what cannot be understood ends the reading, and says so.

export interface Part {
  at: number // ms since the recorder began
  until: number
  start: boolean // one may begin here
}

export interface Cutter<P extends Part = Part> {
  readonly head: Uint8Array<ArrayBuffer> | null // what comes before all parts, once it is whole
  push: (bytes: Uint8Array) => P[]
  written: (parts: readonly P[], base: number) => Uint8Array<ArrayBuffer> // their times counted from `base` ms
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
