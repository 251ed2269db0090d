// SPDX-License-Identifier: AGPL-3.0-or-later
// What was put out of sight: still in the house, and back in one press.

import { useCallback, useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { lang, t, tn } from '../base/words'
import { acted, tryToChosen } from '../batch/acts'
import { ActionSlip, ChooseButton, useChoosing } from '../batch/ActionSlip'
import { api, sentenceOf } from '../net/api'
import type { Leaf } from '../net/shapes'
import { Grid } from './Grid'

export function Hidden() {
  const [leaf, setLeaf] = useState<Leaf | null>(null)
  const [trouble, setTrouble] = useState('')
  useChoosing()
  const failed = (cause: unknown) => setTrouble(sentenceOf(cause))
  useEffect(() => {
    api.hidden('').then(setLeaf, failed)
  }, [lang.value, acted.value])
  const more = useCallback(() => {
    if (!leaf?.next) return
    const cursor = leaf.next
    setLeaf({ ...leaf, next: '' }) // asked once
    api.hidden(cursor).then((next) => setLeaf({ ...next, items: leaf.items.concat(next.items) }), failed)
  }, [leaf])
  const some = leaf !== null && leaf.items.length > 0
  return (
    <Page title={t('ui.hidden.title')} beside={some && <ChooseButton />}>
      {trouble && <Trouble text={trouble} />}
      {leaf && !some && <p class="lead">{t('ui.hidden.none')}</p>}
      {some && (
        <>
          <p>{t('ui.hidden.text')}</p>
          <p class="quiet">{tn('ui.search.found', leaf.total)}</p>
          <Grid items={leaf.items} more={leaf.next ? more : null} />
        </>
      )}
      <ActionSlip also={{ label: t('ui.hidden.back'), run: () => tryToChosen({ hidden: false }) }} />
    </Page>
  )
}
