// SPDX-License-Identifier: AGPL-3.0-or-later
// A face framed on the picture page: first where, then who.

import { showSlip } from '../base/say'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { people, type Person } from '../net/people'
import type { Item } from '../net/shapes'
import { Picker } from '../people/Picker'
import type { Box } from './framing'

export async function frameFace(item: Item, box: Box): Promise<{ item: Item; claim: string } | null> {
  try {
    const framed = await people.frame(item.id, box)
    return { item: framed, claim: framed.region }
  } catch (cause) {
    showSlip({ text: sentenceOf(cause) })
    return null
  }
}

interface Props {
  item: Item
  claim: string
  named: (item: Item) => void
  leave: () => void
}

export function NameFace({ item, claim, named, leave }: Props) {
  const choose = async (person: Person) => {
    named(await people.nameFrame(item.id, claim, person.id))
    leave()
  }
  const away = () =>
    people.dropFrame(item.id, claim).then(
      (next) => {
        named(next)
        leave()
      },
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  return (
    <div class="edit">
      <Picker id="name-face" label={t('ui.who_is.type')} focus choose={choose} leave={leave} />
      <div class="row">
        <button type="button" class="plain" onClick={leave}>
          {t('ui.who_is.skip')}
        </button>
        <button type="button" class="plain" onClick={() => void away()}>
          {t('ui.frame.away')}
        </button>
      </div>
    </div>
  )
}
