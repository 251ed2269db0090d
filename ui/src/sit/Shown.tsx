// SPDX-License-Identifier: AGPL-3.0-or-later
// One thing, as large as there is room: a picture, a clip, a sound, or words where there is no picture.

import { useEffect, useRef } from 'preact/hooks'
import { Sign } from '../app/Sign'
import type { Choice } from '../net/sit'

function Words({ choice }: { choice: Choice }) {
  return (
    <div class="sit-words" aria-hidden="true">
      {choice.medium === 'audio' && <Sign name="wave" />}
      <span>{choice.title}</span>
    </div>
  )
}

export function Small({ choice }: { choice: Choice }) {
  if (!choice.image) return <Words choice={choice} />
  return <img src={choice.image} alt="" decoding="async" draggable={false} />
}

// It plays because somebody chose it; when it ends it stays as it is.
export function Large({ choice, round }: { choice: Choice; round: number }) {
  const media = useRef<HTMLVideoElement & HTMLAudioElement>(null)
  useEffect(() => {
    const element = media.current
    if (!element || document.documentElement.dataset.still !== undefined) return
    element.dataset.begun = ''
    element.currentTime = 0
    void element.play().catch(() => undefined) // a browser may want a press first: Again is one
  }, [choice.thing, round])
  if (choice.play && choice.medium === 'audio')
    return (
      <>
        <Words choice={choice} />
        <audio ref={media} src={choice.play} preload="auto" />
      </>
    )
  if (choice.play)
    return <video ref={media} src={choice.play} poster={choice.image} preload="auto" playsInline disablePictureInPicture aria-label={choice.title} />
  if (!choice.image) return <Words choice={choice} />
  return <img class="print" src={choice.image} alt={choice.title} draggable={false} />
}
