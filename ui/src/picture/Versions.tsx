// SPDX-License-Identifier: AGPL-3.0-or-later
// The picture as it came, and what was made of it since.

import { dayName } from '../base/show'
import { lang, t } from '../base/words'
import type { Item, Rendition } from '../net/shapes'

interface Props {
  item: Item
  shown: Rendition | null
  show: (rendition: Rendition | null) => void
}

export function Versions({ item, shown, show }: Props) {
  const made = item.rendition_list.filter((one) => one.kind !== 'proxy').reverse() // the house tells the newest first
  if (made.length === 0) return null
  return (
    <fieldset class="versions">
      <legend class="unseen">{t('ui.versions.label')}</legend>
      <label class="pill">
        <input type="radio" name="version" checked={shown === null} onChange={() => show(null)} />
        <span>{t('ui.versions.original')}</span>
      </label>
      {made.map((one, i) => (
        <label class="pill" key={one.id}>
          <input type="radio" name="version" checked={shown?.id === one.id} onChange={() => show(one)} />
          <span>{t(made.length > 1 ? 'ui.versions.one_of' : `ui.versions.${one.kind}`, { n: i + 1, day: dayName(one.at, lang.value) })}</span>
        </label>
      ))}
      {shown && (
        <a class="quiet-link" href={shown.file} download>
          {t('ui.versions.save')}
        </a>
      )}
    </fieldset>
  )
}
