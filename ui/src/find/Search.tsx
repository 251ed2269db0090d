// SPDX-License-Identifier: AGPL-3.0-or-later

import { useCallback, useEffect, useState } from 'preact/hooks'
import { SearchField } from '../app/Header'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { say } from '../base/say'
import { mayHaveChanged, useNews } from '../base/useNews'
import { lang, t, tn } from '../base/words'
import { api, isAbort, sentenceOf } from '../net/api'
import { acted } from '../batch/acts'
import { ActionSlip, ChooseButton, useChoosing } from '../batch/ActionSlip'
import type { Brief } from '../net/shapes'
import { Grid } from './Grid'

interface Found {
  items: Brief[]
  next: string
  total: number
}

const page_size = 200
let kept: { q: string; lang: string; turn: number; found: Found } | null = null // coming back finds the same page

function isKept(q: string): boolean {
  return kept?.q === q && kept.lang === lang.value && kept.turn === acted.value
}

function useSearch(q: string) {
  const [found, setFound] = useState<Found | null>(isKept(q) && kept ? kept.found : null)
  const [trouble, setTrouble] = useState('')
  const keep = (next: Found) => {
    kept = { q, lang: lang.value, turn: acted.value, found: next }
    setFound(next)
    setTrouble('')
  }
  const failed = (cause: unknown) => {
    if (!isAbort(cause)) setTrouble(sentenceOf(cause))
  }
  useEffect(() => {
    if (!q) setFound(null)
    if (!q || (isKept(q) && kept?.found === found)) return
    const stop = new AbortController()
    api.search({ q, limit: page_size }, stop.signal).then((leaf) => {
      keep(leaf)
      say(tn('ui.search.found', leaf.total))
    }, failed)
    return () => stop.abort()
  }, [q, acted.value])
  useNews(mayHaveChanged, () => {
    if (q) api.search({ q, limit: page_size }).then(keep, failed)
  })
  const more = useCallback(() => {
    if (!found?.next) return
    const cursor = found.next
    setFound({ ...found, next: '' }) // asked once
    api.search({ q, cursor, limit: page_size }).then(
      (leaf) => keep({ items: found.items.concat(leaf.items), next: leaf.next, total: leaf.total }),
      failed,
    )
  }, [found, q])
  return { found, trouble, more: found?.next ? more : null }
}

const hints = ['words', 'person', 'place', 'year', 'type']

function Hints() {
  return (
    <div class="hints">
      <p>{t('ui.search.hints')}</p>
      <ul class="chips">
        {hints.map((key) => (
          <li key={key}>
            <a class="chip hint-chip" href={`/search?q=${encodeURIComponent(t(`ui.search.hint.${key}`))}`}>
              <span>{t(`ui.search.say.${key}`)}</span>
              <code>{t(`ui.search.hint.${key}`)}</code>
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

export function Search({ q }: { q: string }) {
  const { found, trouble, more } = useSearch(q)
  useChoosing()
  return (
    <Page title={q ? t('ui.search.title.of', { q }) : t('ui.search.title')} quiet>
      <SearchField q={q} big />
      {trouble && <Trouble text={trouble} />}
      {!q && <Hints />}
      {q && found && found.items.length === 0 && (
        <div class="empty">
          <p class="lead">{t('ui.search.none', { q })}</p>
          <Hints />
        </div>
      )}
      {q && found && found.items.length > 0 && (
        <>
          <div class="page-tools">
            <p class="quiet">{tn('ui.search.found', found.total)}</p>
            <ChooseButton />
          </div>
          <Grid items={found.items} more={more} />
        </>
      )}
      <ActionSlip />
    </Page>
  )
}
