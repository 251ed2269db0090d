// SPDX-License-Identifier: AGPL-3.0-or-later
// Sounds that are made for a scene.

// A second of a tone, as a telephone would send it.
export function tone(hz = 440, seconds = 1) {
  const n = 8000 * seconds
  const wav = Buffer.alloc(44 + 2 * n)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(36 + 2 * n, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(8000, 24)
  wav.writeUInt32LE(16000, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(2 * n, 40)
  for (let i = 0; i < n; i++) wav.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * hz * i) / 8000)), 44 + 2 * i)
  return wav
}
