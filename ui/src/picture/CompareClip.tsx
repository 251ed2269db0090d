// SPDX-License-Identifier: AGPL-3.0-or-later
// A clip before and after, in step with one another: the pictures on both sides of one line, the sound
// of whichever side is chosen.

import { useRef, useState } from 'preact/hooks'
import { Sign } from '../app/Sign'
import { clock } from '../base/show'
import { t } from '../base/words'
import { Divider, Sides } from './Divider'

type Side = 'before' | 'after'
const apart_s = 0.12 // further apart than this, the two are brought together

interface Props {
  before: string
  after: string
  poster: string
  sound: boolean // no picture
}

function usePair() {
  const before = useRef<HTMLVideoElement>(null)
  const after = useRef<HTMLVideoElement>(null)
  const [playing, setPlaying] = useState(false)
  const [now, setNow] = useState(0)
  const [length, setLength] = useState(0)
  const both = () => [before.current, after.current].filter((clip) => clip !== null)
  const toggle = () => {
    for (const clip of both()) {
      if (playing) clip.pause()
      else void clip.play().catch(() => setPlaying(false))
    }
    setPlaying(!playing)
  }
  const seek = (to: number) => {
    for (const clip of both()) clip.currentTime = to
    setNow(to)
  }
  const inStep = () => {
    const [first, second] = both()
    if (!first || !second) return
    setNow(first.currentTime)
    if (Math.abs(first.currentTime - second.currentTime) > apart_s) second.currentTime = first.currentTime
  }
  const ended = () => {
    for (const clip of both()) clip.pause()
    setPlaying(false)
  }
  return { before, after, playing, now, length, setLength, toggle, seek, inStep, ended }
}

type Pair = ReturnType<typeof usePair>

function Controls({ pair, heard, hear }: { pair: Pair; heard: Side; hear: (side: Side) => void }) {
  return (
    <div class="clip-controls">
      <button type="button" class="round" onClick={pair.toggle} aria-label={t(pair.playing ? 'ui.clip.pause' : 'ui.clip.play')}>
        <Sign name={pair.playing ? 'pause' : 'play'} />
      </button>
      <input
        type="range"
        min={0}
        max={pair.length || 1}
        step={0.1}
        value={pair.now}
        aria-label={t('ui.clip.where')}
        aria-valuetext={clock(pair.now * 1000)}
        onInput={(event) => pair.seek(Number(event.currentTarget.value))}
      />
      <span class="clock">{`${clock(pair.now * 1000)} / ${clock(pair.length * 1000)}`}</span>
      <fieldset class="hear">
        <legend>{t('ui.clip.hear')}</legend>
        {(['before', 'after'] as const).map((side) => (
          <label key={side} class="pill">
            <input type="radio" name="hear" checked={heard === side} onChange={() => hear(side)} />
            <span>{t(`ui.compare.${side}`)}</span>
          </label>
        ))}
      </fieldset>
    </div>
  )
}

export function CompareClip({ before, after, poster, sound }: Props) {
  const area = useRef<HTMLDivElement>(null)
  const [at, move] = useState(0.5)
  const [heard, hear] = useState<Side>('after')
  const pair = usePair()
  const length = (clip: HTMLVideoElement) => pair.setLength(Number.isFinite(clip.duration) ? clip.duration : 0)
  const shared = { playsInline: true, preload: 'metadata' as const, ...(poster ? { poster } : {}) }
  return (
    <div class={sound ? 'compare-clip sound' : 'compare-clip'}>
      <div class="compare" ref={area}>
        <video
          {...shared}
          ref={pair.before}
          src={before}
          muted={heard !== 'before'}
          onLoadedMetadata={(event) => length(event.currentTarget)}
          onTimeUpdate={pair.inStep}
          onEnded={pair.ended}
        />
        <video
          {...shared}
          class="over"
          ref={pair.after}
          src={after}
          muted={heard !== 'after'}
          style={{ clipPath: `inset(0 0 0 ${at * 100}%)` }}
        />
        {!sound && <Sides />}
        {!sound && <Divider at={at} area={area} move={move} />}
      </div>
      <Controls pair={pair} heard={heard} hear={hear} />
    </div>
  )
}
