// SPDX-License-Identifier: AGPL-3.0-or-later
// The years around the family: cards of one decade at a time, each with the way to its pictures.

import { useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { lang, t, tn } from '../base/words'
import { isAbort, sentenceOf } from '../net/api'
import { eraApi, type EraCard, type MarkedThing } from '../net/era'
import { Story } from './Story'
import { decadeName, decades, first_decade, thingPath } from './years'

function useDecade(decade: number) {
  const [cards, setCards] = useState<EraCard[] | null>(null)
  const [things, setThings] = useState<MarkedThing[]>([])
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    const stop = new AbortController()
    const failed = (cause: unknown) => !isAbort(cause) && setTrouble(sentenceOf(cause))
    eraApi.cards({ from: decade, to: decade + 9 }, stop.signal).then((found) => {
      setCards(inOrder(found.cards, decade))
      setTrouble('')
    }, failed)
    eraApi.things().then((found) => setThings(found.things), failed)
    return () => stop.abort()
  }, [decade, lang.value])
  return { cards, things, trouble }
}

// What began in these years first, then what had long been there.
function inOrder(cards: readonly EraCard[], decade: number): EraCard[] {
  const rank = (card: EraCard) => (card.year >= decade ? card.year : 3000 + card.year)
  return [...cards].sort((a, b) => rank(a) - rank(b))
}

function Decades({ at }: { at: number }) {
  return (
    <nav class="decades" aria-label={t('ui.era.decades')}>
      <ul class="chips">
        {decades.map((decade) => (
          <li key={decade}>
            <a class="chip" href={`/era?decade=${decade}`} aria-current={decade === at ? 'page' : undefined}>
              {decadeName(decade)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Card({ card, marked }: { card: EraCard; marked: MarkedThing | undefined }) {
  return (
    <li class="era-card">
      <h2>{card.title}</h2>
      <Story card={card} />
      <a class="button" href={'/thing/' + card.id}>
        {marked ? tn('ui.era.have', marked.count) : t('ui.era.do_we')}
        <span class="unseen">{t('ui.comma') + card.title}</span>
      </a>
    </li>
  )
}

// What the family has marked, cards or not: the quick way back to "all our bicycles".
function Marked({ things }: { things: readonly MarkedThing[] }) {
  if (things.length === 0) return null
  return (
    <section class="era-marked">
      <h2>{t('ui.era.marked')}</h2>
      <ul class="chips">
        {things.map((thing) => (
          <li key={thing.card || thing.thing}>
            <a class="chip" href={thingPath(thing)}>
              {thing.thing}
              <span class="quiet">{thing.count}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function EraPage({ decade: wished }: { decade: number }) {
  const decade = decades.includes(wished) ? wished : first_decade
  const { cards, things, trouble } = useDecade(decade)
  return (
    <Page title={t('ui.era.title')}>
      <p class="era-lead">{t('ui.era.lead')}</p>
      <Decades at={decade} />
      {trouble && <Trouble text={trouble} />}
      <Marked things={things} />
      {cards && cards.length === 0 && <p class="quiet">{t('ui.era.none')}</p>}
      <ul class="era-cards" aria-label={decadeName(decade)}>
        {cards?.map((card) => (
          <Card key={card.id} card={card} marked={things.find((thing) => thing.card === card.id)} />
        ))}
      </ul>
    </Page>
  )
}
