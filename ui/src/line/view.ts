// SPDX-License-Identifier: AGPL-3.0-or-later
// Which stretch of a tall element the window shows, told at most once a frame.

import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

export interface View {
  width: number
  top: number // of the window, from the element's top, px
  height: number // of the window, px
  em: number // px in one rem
}

const step = 64 // px of scrolling that make a new view

function look(element: HTMLElement): View {
  const box = element.getBoundingClientRect()
  const em = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
  return { width: box.width, top: -box.top, height: innerHeight, em }
}

function same(a: View | null, b: View): boolean {
  return a !== null && a.width === b.width && a.height === b.height && a.em === b.em && Math.abs(a.top - b.top) < step
}

export function useView(ref: RefObject<HTMLElement | null>): View | null {
  const [view, setView] = useState<View | null>(null)
  useEffect(() => {
    let frame = 0
    const update = () => {
      frame = 0
      const element = ref.current
      if (!element) return
      setView((old) => {
        const next = look(element)
        return same(old, next) ? old : next
      })
    }
    const soon = () => {
      frame ||= requestAnimationFrame(update)
    }
    const watcher = new ResizeObserver(soon)
    if (ref.current) watcher.observe(ref.current)
    addEventListener('scroll', soon, { passive: true })
    addEventListener('resize', soon)
    update()
    return () => {
      cancelAnimationFrame(frame)
      watcher.disconnect()
      removeEventListener('scroll', soon)
      removeEventListener('resize', soon)
    }
  }, [])
  return view
}
