// SPDX-License-Identifier: AGPL-3.0-or-later
// An answer at the end of a thin line: it says how far it has come, and plays once it lies whole on this device.

import { useEffect, useId, useState } from 'preact/hooks'
import { nameOf } from '../ask/Replies'
import { t } from '../base/words'
import { mediaOf, smallOf, type Reply } from '../net/asks'
import { headers, keep } from './kept'
import { Bringing, type Way } from './bringing'

interface Props {
  ask: string
  reply: Reply
}

function useWay(at: string): Way {
  const [way, setWay] = useState<Way>({ state: 'asked' })
  useEffect(() => {
    const bringing = new Bringing(at, { keep, headers, onWay: setWay })
    const nudge = () => bringing.nudge()
    void bringing.run()
    addEventListener('online', nudge)
    return () => {
      removeEventListener('online', nudge)
      bringing.stop()
    }
  }, [at])
  return way
}

function useAddress(file: Blob): string {
  const [address, setAddress] = useState('')
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return address
}

function Player({ kind, src, label }: { kind: Reply['kind']; src: string; label: string }) {
  if (!src) return null
  if (kind === 'film') return <video class="reply-film" controls playsInline preload="metadata" src={src} aria-label={label} />
  return <audio controls preload="metadata" src={src} aria-label={label} />
}

function Here({ file, reply, label }: { file: Blob; reply: Reply; label: string }) {
  return (
    <>
      <Player kind={reply.kind} src={useAddress(file)} label={label} />
      <p class="quiet">{t('ui.apart.whole')}</p>
    </>
  )
}

type Underway = Extract<Way, { state: 'asked' | 'making' | 'coming' }>

function sentenceOf(way: Underway): string {
  if (way.state === 'asked') return t('ui.apart.asked')
  if (way.state === 'making') return t('ui.apart.making')
  return t(way.waits ? 'ui.apart.waits' : 'ui.apart.coming', { here: way.here, parts: way.parts })
}

function shareOf(way: Underway): number {
  return way.state === 'making' ? way.share : way.state === 'coming' ? way.here / way.parts : 0
}

function Coming({ way }: { way: Underway }) {
  const id = useId()
  return (
    <div class="apart-coming">
      <p id={id} class="quiet">
        {sentenceOf(way)}
      </p>
      <progress aria-labelledby={id} max={1} value={shareOf(way)} />
    </div>
  )
}

export function Whole({ ask, reply }: Props) {
  const way = useWay(smallOf(ask, reply.claim))
  const label = t('ui.ask.answer_of', { name: nameOf(reply) })
  switch (way.state) {
    case 'whole':
      return <Here file={way.file} reply={reply} label={label} />
    case 'gone':
      return <p class="quiet">{t('ui.apart.gone')}</p>
    case 'never':
      return (
        <>
          <p class="quiet">{t('ui.apart.never')}</p>
          <Player kind={reply.kind} src={mediaOf(ask, reply.claim)} label={label} />
        </>
      )
    default:
      return <Coming way={way} />
  }
}
