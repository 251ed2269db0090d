// SPDX-License-Identifier: AGPL-3.0-or-later
// The rail of years at the edge: drag it, step it with the arrow keys, or type a year.

import { useRef, useState } from 'preact/hooks'
import { t } from '../base/words'
import { blocksHeight, firstBelow, type Block } from './blocks'
import { nearestSection, typedYear } from './chapters'
import { railMarks } from './railmarks'
import { railText } from './titles'
import type { View } from './view'

interface Props {
  blocks: readonly Block[]
  view: View
  jump: (y: number) => void
}

const typing_ms = 1500

function useTyping(found: (year: number) => void) {
  const typed = useRef({ text: '', at: 0 })
  return (key: string): boolean => {
    if (!/^\d$/.test(key)) return false
    const now = Date.now()
    const kept = now - typed.current.at < typing_ms ? typed.current.text : ''
    typed.current = { text: (kept + key).slice(-4), at: now }
    const year = typed.current.text.length === 4 ? Number(typed.current.text) : null
    if (year !== null) {
      typed.current.text = ''
      found(year)
    }
    return true
  }
}

// The next section of another decade, for the Page keys.
function otherDecade(blocks: readonly Block[], at: number, step: 1 | -1): number {
  if (step > 0) {
    for (let i = at + 1; i < blocks.length; i++) if (blocks[i]?.chapter) return i
    return blocks.length - 1
  }
  let i = at - (blocks[at]?.chapter ? 1 : 0)
  while (i > 0 && !blocks[i]?.chapter) i--
  return Math.max(0, i)
}

// The next block that does not stand on the same shelf.
function otherShelf(blocks: readonly Block[], at: number, step: 1 | -1): number {
  let i = at
  while (blocks[i + step] && blocks[i]?.top === blocks[at]?.top) i += step
  return i
}

export function railStep(blocks: readonly Block[], at: number, key: string): number | null {
  const last = blocks.length - 1
  if (key === 'ArrowDown' || key === 'ArrowRight') return otherShelf(blocks, at, 1)
  if (key === 'ArrowUp' || key === 'ArrowLeft') return otherShelf(blocks, at, -1)
  if (key === 'PageDown') return otherDecade(blocks, at, 1)
  if (key === 'PageUp') return otherDecade(blocks, at, -1)
  if (key === 'Home') return 0
  if (key === 'End') return last
  return null
}

function YearField({ found }: { found: (year: number) => void }) {
  const keep = (event: Event) => {
    event.preventDefault()
    const input = (event.currentTarget as HTMLFormElement).querySelector('input')
    const year = input ? typedYear(input.value, new Date().getFullYear()) : null
    if (year !== null) found(year)
    input?.select()
  }
  return (
    <form class="year-field" onSubmit={keep}>
      <input inputMode="numeric" maxLength={5} aria-label={t('ui.rail.type')} placeholder={t('ui.rail.year')} />
    </form>
  )
}

export function Rail({ blocks, view, jump }: Props) {
  const track = useRef<HTMLDivElement>(null)
  const [held, setHeld] = useState(false)
  const total = blocksHeight(blocks)
  const at = Math.min(blocks.length - 1, firstBelow(blocks, Math.max(0, view.top) + view.em * 2))
  const now = blocks[at]
  const toBlock = (i: number | null) => {
    const block = i === null ? undefined : blocks[i]
    if (block) jump(block.top)
  }
  const found = (year: number) => toBlock(nearestSection(blocks.map((b) => b.section), year))
  const type = useTyping(found)
  const onKeyDown = (event: KeyboardEvent) => {
    const next = railStep(blocks, at, event.key)
    if (next === null && !type(event.key)) return
    event.preventDefault()
    toBlock(next)
  }
  const drag = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect()
    if (!box || (event.type === 'pointermove' && !held)) return
    if (event.type === 'pointerdown') {
      track.current?.setPointerCapture(event.pointerId)
      setHeld(true)
    }
    const share = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height))
    jump(share * Math.max(0, total - view.height * 0.5))
  }
  if (!now) return null
  const share = Math.min(1, Math.max(0, view.top / Math.max(1, total - view.height * 0.5)))
  return (
    <aside class={held ? 'rail held' : 'rail'} aria-label={t('ui.rail.label')}>
      <YearField found={found} />
      <div
        ref={track}
        class="track"
        role="slider"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={t('ui.rail.label')}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, blocks.length - 1)}
        aria-valuenow={at}
        aria-valuetext={railText(now.section)}
        onKeyDown={onKeyDown}
        onPointerDown={drag}
        onPointerMove={drag}
        onPointerUp={() => setHeld(false)}
        onPointerCancel={() => setHeld(false)}
      >
        {railMarks(blocks, total, view.height, view.em).map((mark) => (
          <span key={mark.year} class={mark.decade ? 'rail-year decade' : 'rail-year'} style={{ top: `${mark.at * 100}%` }}>
            {mark.year}
          </span>
        ))}
        <span class="here" style={{ top: `${share * 100}%` }}>
          <span class="here-label">{railText(now.section)}</span>
        </span>
      </div>
    </aside>
  )
}
