// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be done with the thing in hand, as buttons at the foot: a keyboard for a text, steps for a
// slider, a film's or a sound's own controls, the choices of a list.

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { clock } from '../base/show'
import { lang, t } from '../base/words'
import { keysIn, rowsOf, type Key } from './board'
import { finish, held, isUpright, slide, valueOf, write, type Held, type Slide } from './hand'
import { nameOf } from './names'

const letGo = () => {
  held.value = null
}

interface Shown {
  at: HTMLElement
  value: string
  arranged?: boolean
  children: ComponentChildren
}

function Shell({ at, value, arranged, children }: Shown) {
  const tray = useRef<HTMLDivElement>(null)
  // The thing in hand stays in sight above the tray.
  useLayoutEffect(() => {
    const height = tray.current?.offsetHeight ?? 0
    document.documentElement.style.setProperty('--tray', `${height}px`)
    at.scrollIntoView({ block: 'nearest', behavior: 'instant' })
    return () => document.documentElement.style.removeProperty('--tray')
  }, [at])
  return (
    <div class="reach-tray" ref={tray} role="dialog" aria-label={nameOf(at)} {...(arranged ? { 'data-arranged': '' } : {})}>
      <p class="reach-value">
        <span class="quiet">{nameOf(at)}</span> <output>{value}</output>
      </p>
      {children}
    </div>
  )
}

function Act({ word, run, again }: { word: string; run: () => void; again?: boolean }) {
  return (
    <button type="button" class={word === 'done' ? 'act' : ''} onClick={run} {...(again ? { 'data-again': '' } : {})}>
      {t(`ui.reach.act.${word}`)}
    </button>
  )
}

// The value of something that others change too.
function useTold(at: HTMLElement, read: () => string, events: readonly string[]): [string, () => void] {
  const [told, tell] = useState(read)
  const look = () => tell(read())
  useEffect(() => {
    look()
    const timer = setInterval(look, 250)
    for (const name of events) at.addEventListener(name, look)
    return () => {
      clearInterval(timer)
      for (const name of events) at.removeEventListener(name, look)
    }
  }, [at])
  return [told, look]
}

const slides: readonly Slide[] = ['more', 'less', 'much_more', 'much_less']

function Slider({ at }: { at: HTMLElement }) {
  const [told, look] = useTold(at, () => valueOf(at), ['input'])
  const words = isUpright(at) ? { less: 'up', more: 'down', much_less: 'far_up', much_more: 'far_down' } : { less: 'left', more: 'right', much_less: 'far_left', much_more: 'far_right' }
  return (
    <Shell at={at} value={told}>
      <div class="row">
        {slides.map((by) => (
          <Act
            key={by}
            word={words[by]}
            again
            run={() => {
              slide(at, by)
              look()
            }}
          />
        ))}
        <Act word="done" run={letGo} />
      </div>
    </Shell>
  )
}

const skip_s = 10

function Media({ at }: { at: HTMLMediaElement }) {
  const read = () => `${at.paused ? '' : '▸ '}${clock(at.currentTime * 1000)} / ${clock((at.duration || 0) * 1000)}`
  const [told, look] = useTold(at, read, ['play', 'pause', 'timeupdate', 'seeked'])
  const jump = (by: number) => {
    at.currentTime = Math.min(at.duration || 0, Math.max(0, at.currentTime + by))
    look()
  }
  const toggle = () => {
    if (at.paused) void at.play().catch(() => undefined)
    else at.pause()
    look()
  }
  return (
    <Shell at={at} value={told}>
      <div class="row">
        <Act word={at.paused ? 'play' : 'pause'} run={toggle} again />
        <Act word="back_10" run={() => jump(-skip_s)} again />
        <Act word="on_10" run={() => jump(skip_s)} again />
        <Act word="done" run={letGo} />
      </div>
    </Shell>
  )
}

function Pick({ at }: { at: HTMLSelectElement }) {
  const choose = (value: string) => {
    write(at, value)
    letGo()
  }
  return (
    <Shell at={at} value={at.selectedOptions[0]?.text ?? ''}>
      <ul class="reach-picks">
        {[...at.options].map((one) => (
          <li key={one.value}>
            <button type="button" aria-pressed={one.selected} disabled={one.disabled} onClick={() => choose(one.value)}>
              {one.text}
            </button>
          </li>
        ))}
        <li>
          <Act word="leave" run={letGo} />
        </li>
      </ul>
    </Shell>
  )
}

function keyLabel(key: Key): string {
  return 'char' in key ? key.char : t(`ui.reach.act.${key.act}`)
}

function Write({ at }: { at: HTMLInputElement | HTMLTextAreaElement }) {
  const [page, setPage] = useState<'letters' | 'figures'>('letters')
  const [text, look] = useTold(at, () => at.value, ['input'])
  const press = (key: Key) => {
    if ('char' in key) write(at, at.value + key.char)
    else if (key.act === 'space') write(at, at.value + ' ')
    else if (key.act === 'delete') write(at, [...at.value].slice(0, -1).join(''))
    else if (key.act === 'done') {
      letGo()
      finish(at)
    } else setPage(key.act)
    look()
  }
  return (
    <Shell at={at} value={text} arranged>
      <div class="reach-board">
        {rowsOf(keysIn(page, lang.value)).map((row, i) => (
          <div class="row" role="group" aria-label={row.map(keyLabel).join(' ')} key={i}>
            {row.map((key) => (
              <button type="button" class={'char' in key ? 'key' : 'key wide'} key={keyLabel(key)} onClick={() => press(key)}>
                {keyLabel(key)}
              </button>
            ))}
          </div>
        ))}
        <Act word="leave" run={letGo} />
      </div>
    </Shell>
  )
}

function inHand(one: Held): ComponentChildren {
  if (one.kind === 'text') return <Write key="text" at={one.at} />
  if (one.kind === 'slide') return <Slider key="slide" at={one.at} />
  if (one.kind === 'media') return <Media key="media" at={one.at} />
  return <Pick key="pick" at={one.at} />
}

export function Tray() {
  const one = held.value
  return one ? <>{inHand(one)}</> : null
}
