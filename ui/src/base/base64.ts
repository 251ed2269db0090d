// SPDX-License-Identifier: AGPL-3.0-or-later
// Bytes as text and back (RFC 4648); what comes may be of the kind for addresses too, without padding.

export function toBase64(bytes: Uint8Array): string {
  let raw = ''
  for (const byte of bytes) raw += String.fromCharCode(byte)
  return btoa(raw)
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const plain = text.replace(/-/g, '+').replace(/_/g, '/')
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0))
}
