// SPDX-License-Identifier: AGPL-3.0-or-later
// A hundred thousand pictures on one sheet, of which the window's worth exists. Sections are laid out
// from their counts; when their pictures arrive the sheet is laid again, and what was at the top of the
// window stays there.

import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { takeScroll } from '../app/route'
import { t } from '../base/words'
import { EraStrip, stripMeasure } from '../era/EraStrip'
import { lineIsOn, publicYears } from '../era/publicline'
import { besideDecade, type Beside } from '../era/years'
import type { Brief, Section } from '../net/shapes'
import { anchorAt, anchorTop, blocksHeight, layBlocks, within, type Anchor, type Block, type Geometry } from './blocks'
import { chapterOf } from './chapters'
import { choosing } from './choice'
import { geometryOf } from './geometry'
import { Rail } from './Rail'
import { SectionView } from './SectionView'
import { useSelecting } from './selecting'
import { parts, version, want } from './store'
import type { Take } from './Tile'
import { chapterTitle } from './titles'
import { useView, type View } from './view'

const settle_ms = 70 // a window that rushes past does not ask for pictures

// A section wants its pictures when the window shows part of it that is not yet read.
function wants(block: Block, view: View): boolean {
  const part = parts.get(block.section.key)
  if (!part) return true
  const unread = block.top + block.body + (block.height - block.body - block.tail)
  return part.next !== null && view.top + view.height * 2 > unread
}

function useReading(blocks: readonly Block[], view: View | null, changes: number): void {
  useEffect(() => {
    if (!view) return
    const timer = setTimeout(() => {
      const near = within(blocks, view.top - view.height / 2, view.top + view.height * 1.5)
      want(near.filter((block) => wants(block, view)).map((block) => block.section.key))
    }, settle_ms)
    return () => clearTimeout(timer)
  }, [blocks, view, changes])
}

function pageTop(sheet: HTMLElement): number {
  return sheet.getBoundingClientRect().top + scrollY
}

// Keeps what is at the top of the window there while the sheet is laid anew.
function useAnchor(blocks: readonly Block[], sheet: { current: HTMLElement | null }): void {
  const anchor = useRef<Anchor | null>(null)
  const before = useRef<readonly Block[]>(blocks)
  if (before.current !== blocks && before.current.length > 0 && sheet.current) {
    const y = -sheet.current.getBoundingClientRect().top
    anchor.current = y > 0 ? anchorAt(before.current, y) : null
  }
  useLayoutEffect(() => {
    const element = sheet.current
    before.current = blocks
    if (!element || !anchor.current) return
    const top = anchorTop(blocks, anchor.current)
    anchor.current = null
    if (top === null) return
    const delta = pageTop(element) + top - scrollY
    if (Math.abs(delta) > 1) scrollTo(0, scrollY + delta)
  }, [blocks])
}

function useReturn(ready: boolean): void {
  useLayoutEffect(() => {
    if (!ready) return
    const kept = takeScroll()
    if (kept !== null) scrollTo(0, kept)
  }, [ready])
}

// The decades whose beginning is drawn; the one the window is in is named even when its title is above.
function Chapters({ shown, height }: { shown: readonly Block[]; height: number }) {
  const first = shown[0]
  return (
    <>
      {first && !first.chapter && <h2 class="unseen">{chapterTitle(first.inChapter)}</h2>}
      {shown.map(
        (block) =>
          block.chapter && (
            <h2 key={block.chapter} class="chapter" style={{ top: `${block.top}px`, height: `${height}px` }}>
              <span>{chapterTitle(block.chapter)}</span>
            </h2>
          ),
      )}
    </>
  )
}

// The public line: a few cards under each decade in which the family has pictures.
type BesideYears = ReadonlyMap<string, readonly Beside[]>

function useBesideYears(sections: readonly Section[], most: number): BesideYears {
  const on = lineIsOn.value
  const years = publicYears.value
  return useMemo(() => {
    const beside = new Map<string, readonly Beside[]>()
    for (const section of on ? sections : []) {
      const chapter = chapterOf(section.key, section.year)
      if (beside.has(chapter) || !/^\d+$/.test(chapter)) continue
      const cards = besideDecade(years, Number(chapter), most)
      if (cards.length > 0) beside.set(chapter, cards)
    }
    return beside
  }, [sections, on, years, most])
}

interface Drawn {
  take: Take
  blocks: readonly Block[]
  geometry: Geometry
  view: View
  beside: BesideYears
}

// Chapters and their sections in reading order, so that headings follow one another.
function Drawn({ take, blocks, geometry, view, beside }: Drawn) {
  const shown = within(blocks, view.top - view.height * 0.75, view.top + view.height * 1.75)
  const chapters: Block[][] = []
  for (const block of shown) {
    const last = chapters[chapters.length - 1]
    if (last && !block.chapter) last.push(block)
    else chapters.push([block])
  }
  return (
    <>
      {chapters.map((part) => [
        <Chapters key={`c${part[0]?.inChapter}`} shown={part} height={geometry.chapter} />,
        ...part.map(
          (block) =>
            block.chapter && (
              <EraStrip
                key={`e${block.chapter}`}
                chapter={block.chapter}
                cards={beside.get(block.chapter) ?? []}
                top={block.top + geometry.chapter}
                height={geometry.beside_years?.get(block.chapter) ?? 0}
              />
            ),
        ),
        ...part.map((block) => <SectionView key={block.section.key} take={take} block={block} geometry={geometry} view={view} />),
      ])}
    </>
  )
}

const itemsOf = (key: string): readonly Brief[] => parts.get(key)?.items ?? []

export function Line({ sections }: { sections: readonly Section[] }) {
  const sheet = useRef<HTMLDivElement>(null)
  const view = useView(sheet)
  const changes = version.value
  const strip = stripMeasure(view?.width ?? 0, view?.em ?? 16)
  const beside = useBesideYears(sections, strip.most)
  const geometry = useMemo(() => {
    const heights = new Map([...beside.keys()].map((chapter) => [chapter, strip.height]))
    return view ? { ...geometryOf(view.width, view.em), beside_years: heights } : null
  }, [view?.width, view?.em, beside])
  const blocks = useMemo(() => (geometry ? layBlocks(sections, parts, geometry) : []), [sections, geometry, changes])
  useAnchor(blocks, sheet)
  useReturn(blocks.length > 0)
  useReading(blocks, view, changes)
  const { take, handlers } = useSelecting(blocks, sheet, itemsOf)
  const jump = (y: number) => sheet.current && scrollTo(0, pageTop(sheet.current) + y)
  return (
    <div class={choosing.value ? 'line is-choosing' : 'line'}>
      {view && <Rail blocks={blocks} view={view} jump={jump} />}
      <div class="sheet" data-long="" data-first="" data-group={t('ui.reach.group.prints')} ref={sheet} style={{ height: `${blocksHeight(blocks)}px` }} {...handlers}>
        {geometry && view && <Drawn take={take} blocks={blocks} geometry={geometry} view={view} beside={beside} />}
      </div>
    </div>
  )
}
