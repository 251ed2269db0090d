// SPDX-License-Identifier: AGPL-3.0-or-later
// Prints that belong beside this one: of the same moment, and nearly the same.

import { t } from '../base/words'
import { Print, spoken } from '../line/Tile'
import { ratioOf } from '../line/rows'
import type { Brief, Item } from '../net/shapes'

const height_em = 6

function Strip({ title, items }: { title: string; items: readonly Brief[] }) {
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
  const stack = item.stack_items.filter((one) => one.id !== item.id)
  const near = item.near.filter((one) => one.id !== item.id)
  return (
    <>
      <Strip title={t('ui.strip.stack', { n: stack.length + 1 })} items={stack} />
      <Strip title={t('ui.strip.near')} items={near} />
    </>
  )
}
