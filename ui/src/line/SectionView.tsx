// SPDX-License-Identifier: AGPL-3.0-or-later
// One month (or year, or decade) with its pictures; only the rows near the window are drawn.

import { t, tn } from '../base/words'
import type { Brief, Section } from '../net/shapes'
import { BandMark } from './BandMark'
import { sectionSpan } from './band'
import { within, type Block, type Geometry } from './blocks'
import { choosing } from './choice'
import { bodyLeft } from './geometry'
import { parts } from './store'
import { Tile, type Take } from './Tile'
import { sectionMonth, sectionTitle } from './titles'
import type { View } from './view'

function Ghost({ top, height, width, g }: { top: number; height: number; width: number; g: Geometry }) {
  const rows = Math.max(1, Math.round((height + g.gap) / (g.target + g.gap)))
  const shape = { top: `${top}px`, height: `${height}px`, width: `${width}px` }
  return <div class="ghost" style={{ ...shape, backgroundSize: `100% ${(height + g.gap) / rows}px` }} aria-hidden="true" />
}

function Title({ section, short }: { section: Section; short: boolean }) {
  const month = sectionMonth(section)
  if (section.key === 'none') return <span class="unseen">{t('ui.line.undated')}</span>
  if (!month) return <span class="month">{sectionTitle(section)}</span>
  return (
    <>
      <span aria-hidden="true" class="month">
        {month}
      </span>
      <span aria-hidden="true" class={short ? 'year short' : 'year'}>
        {section.year}
      </span>
      <span class="unseen">{sectionTitle(section)}</span>
    </>
  )
}

function Heading({ block, id, height }: { block: Block; id: string; height: number }) {
  const { section, shelf } = block
  const span = sectionSpan(section.key, section.year)
  return (
    <div class="section-head" style={height > 0 ? { height: `${height}px` } : {}}>
      <h3 id={id}>
        <Title section={section} short={shelf} />
      </h3>
      {!shelf && <p class="count">{tn('ui.line.count', section.count)}</p>}
      {span && <BandMark span={span} years={!shelf} />}
    </div>
  )
}

interface Props {
  take: Take
  block: Block
  geometry: Geometry
  view: View
}

export function SectionView({ take, block, geometry: g, view }: Props) {
  const { section } = block
  const items: readonly Brief[] = parts.get(section.key)?.items ?? []
  const left = bodyLeft(g, view.em)
  const from = view.top - block.top - block.body
  const rows = within(block.rows, from - view.height * 0.6, from + view.height * 1.6)
  const rowsEnd = block.rows.length > 0 ? block.rows[block.rows.length - 1] : undefined
  const tailTop = rowsEnd ? rowsEnd.top + rowsEnd.height + g.gap : 0
  const id = `s-${section.key}`
  const heading = block.shelf ? g.shelfHeading : g.beside ? 0 : g.heading
  const at = block.shelf ? { left: `${left + block.left}px`, width: `${block.width}px` } : {}
  const looks = ['section', block.shelf ? 'shelf' : g.beside ? 'beside' : 'above']
  return (
    <section class={looks.join(' ')} style={{ top: `${block.top + block.body - heading}px`, ...at }} aria-labelledby={id}>
      <Heading block={block} id={id} height={heading} />
      <div class="prints" style={{ top: `${heading}px`, left: `${block.shelf ? 0 : left}px` }}>
        {rows.map((row) =>
          row.cells.map((cell) => {
            const item = items[cell.index]
            if (!item) return null
            const box = { left: cell.left, top: row.top, width: cell.width, height: row.height }
            const place = `${section.key}:${cell.index}`
            return <Tile key={item.id} item={item} box={box} place={place} choosing={choosing.value} onChoose={take} />
          }),
        )}
        {block.tail > 0 && <Ghost top={tailTop} height={Math.max(g.target / 2, block.tail - g.gap)} width={block.width} g={g} />}
      </div>
    </section>
  )
}
