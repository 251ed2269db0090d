// SPDX-License-Identifier: AGPL-3.0-or-later

// Bytes as they come from a recorder: in portions of any size up to `most`.
export function* portions(bytes: Uint8Array, most: number): Generator<Uint8Array> {
  for (let at = 0, n = 1; at < bytes.length; at += n, n = 1 + ((n * 7) % most)) yield bytes.slice(at, at + n)
}
