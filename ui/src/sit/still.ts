// SPDX-License-Identifier: AGPL-3.0-or-later
// Everything stands still at once: sound, pictures that move, and the page itself. No waiting for
// a drawing or an answer: this runs inside the press.

function playing(): HTMLMediaElement[] {
  return [...document.querySelectorAll<HTMLMediaElement>('audio, video')]
}

export function holdStill(): void {
  for (const media of playing()) media.pause()
  document.documentElement.dataset.still = ''
}

// On from where it stood; only what had not come to its end.
export function goOn(): void {
  delete document.documentElement.dataset.still
  for (const media of playing())
    if (media.dataset.begun !== undefined && !media.ended) void media.play().catch(() => undefined)
}
