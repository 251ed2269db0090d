// SPDX-License-Identifier: AGPL-3.0-or-later
// Prints that belong beside this one: of the same moment, and nearly the same.

import { t, tn } from '../base/words'
import { Print, spoken } from '../line/Tile'
import { ratioOf } from '../line/rows'
import type { Brief, Item } from '../net/shapes'

const height_em = 6

function Strip({ title, items, now }: { title: string; items: readonly Brief[]; now: string }) {
  if (items.length === 0) return null
  return (
    <section class="strip">
      <h2>{title}</h2>
      <ul tabIndex={0} aria-label={title}>
        {items.map((item) => {
          const width_em = Math.min(12, Math.max(3, ratioOf(item) * height_em))
          return (
            <li key={item.id}>
              <a
                class="tile"
                href={`/item/${item.id}`}
                aria-label={spoken(item)}
                aria-current={item.id === now ? 'true' : undefined}
                style={{ width: `${width_em}rem`, height: `${height_em}rem` }}
              >
                <Print item={item} width={width_em * 16} />
              </a>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

export function Strips({ item }: { item: Item }) {
  const stack = item.stack_items.length > 1 || item.stack_items.some((one) => one.id !== item.id) ? item.stack_items : []
  return (
    <>
      <Strip title={tn('ui.strip.stack', stack.length)} items={stack} now={item.id} />
      <Strip title={t('ui.strip.near')} items={item.near} now={item.id} />
    </>
  )
}
