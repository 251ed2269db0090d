// SPDX-License-Identifier: AGPL-3.0-or-later
// What is asked of a browser: the sound as the microphone hears it, in a form that loses nothing where
// it offers one.

export type Kind = 'sound' | 'film'

const types: Record<Kind, readonly string[]> = {
  sound: [
    'audio/webm;codecs=pcm', // lossless
    'audio/webm;codecs=opus',
    'audio/mp4;codecs=opus',
    'audio/mp4',
    'audio/ogg;codecs=opus',
    'audio/webm',
  ],
  film: ['video/webm;codecs=vp8,opus', 'video/webm;codecs=vp9,opus', 'video/mp4', 'video/webm'],
}

// The first that is offered; '' where none is. `light`: for a thin line, what is small comes first.
export function chooseType(kind: Kind, offered: (type: string) => boolean, light = false): string {
  const all = types[kind].filter((type) => !(light && type.includes('pcm')))
  return all.find(offered) ?? ''
}

// Filters off: what a telephone call wants takes away what a memory needs.
export function wishes(kind: Kind): MediaStreamConstraints {
  const audio: MediaTrackConstraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
  if (kind === 'sound') return { audio: { ...audio, channelCount: { ideal: 1 } } }
  return {
    audio,
    video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
  }
}

export function deviceWords(stream: MediaStream): string {
  const words = stream.getTracks().map((track) => {
    const { sampleRate, width, height, frameRate } = track.getSettings()
    const facts = [sampleRate && `${sampleRate} Hz`, width && `${width}x${height}`, frameRate && `${Math.round(frameRate)}/s`]
    return [track.label, ...facts].filter(Boolean).join(', ')
  })
  return words.join('; ').slice(0, 120)
}
