// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures that stand in no section: what was found, what lies in the trash. The same rows as on the
// line of time, drawn near the window only; 'more' is called as the end comes near.

import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { t } from '../base/words'
import { within } from '../line/blocks'
import { rowsMeasure } from '../line/geometry'
import { layRows, ratioOf, rowsHeight } from '../line/rows'
import { choosing } from '../line/choice'
import { useSelecting } from '../line/selecting'
import { Tile, type Box } from '../line/Tile'
import { useView } from '../line/view'
import type { Brief } from '../net/shapes'

interface Props {
  items: readonly Brief[]
  more?: (() => void) | null
  draw?: (item: Brief, box: Box, place: string) => ComponentChildren
}

function asBlock(rows: ReturnType<typeof layRows>, count: number, height: number) {
  const section = { key: 'grid', year: 0, month: 0, count, ratio_sum: 0 }
  return [{ section, inChapter: '', chapter: '', top: 0, left: 0, width: 0, shelf: false, body: 0, rows, tail: 0, height }]
}

export function Grid({ items, more, draw }: Props) {
  const sheet = useRef<HTMLDivElement>(null)
  const view = useView(sheet)
  const rows = useMemo(
    () => (view ? layRows(items.map(ratioOf), rowsMeasure(view.width, view.em)) : []),
    [items, view?.width, view?.em],
  )
  const height = rowsHeight(rows)
  const blocks = useMemo(() => asBlock(rows, items.length, height), [rows, items.length, height])
  const { take, handlers } = useSelecting(blocks, sheet, () => items, !draw)
  const near = view !== null && view.top + view.height * 2 > height
  useEffect(() => {
    if (near && more) more()
  }, [near, more])
  const shown = view ? within(rows, view.top - view.height, view.top + view.height * 2) : []
  return (
    <div class="sheet" data-long="" data-first="" data-group={t('ui.reach.group.prints')} ref={sheet} style={{ height: `${height}px` }} {...handlers}>
      {shown.map((row) =>
        row.cells.map((cell) => {
          const item = items[cell.index]
          if (!item) return null
          const box = { left: cell.left, top: row.top, width: cell.width, height: row.height }
          const place = `grid:${cell.index}`
          return draw ? (
            draw(item, box, place)
          ) : (
            <Tile key={item.id} item={item} box={box} place={place} choosing={choosing.value} onChoose={take} />
          )
        }),
      )}
    </div>
  )
}
