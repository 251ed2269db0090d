// SPDX-License-Identifier: AGPL-3.0-or-later
// The place where two places meet: this week's question with its picture and what was answered, whose turn it is
// next, and what was asked before.

import { useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { go } from '../app/route'
import { dayName } from '../base/show'
import { lang, t } from '../base/words'
import { Asked, AskMarks } from '../ask/Asked'
import { nameOf, wordsOf } from '../ask/Replies'
import { may } from '../door/me'
import { showSlip } from '../base/say'
import { sentenceOf } from '../net/api'
import { pictureOf, type Ask } from '../net/asks'
import { rounds, type Placing, type WholeRound } from '../net/rounds'
import { titleOf } from './Apart'
import { RoundForm } from './RoundForm'
import { saidTurn } from './said'
import { offersOf, wished } from './turns'
import { useRound } from './useRounds'

function ThisWeek({ ask, again }: { ask: Ask; again: () => void }) {
  return (
    <section class="this-week" aria-label={t('ui.apart.this_week')}>
      {ask.has_picture && (
        <div class="round-picture">
          <a href={'/item/' + ask.item}>
            <img src={pictureOf(ask, 1024)} width={ask.width} height={ask.height} alt={t('ui.answer.picture')} />
          </a>
          <AskMarks asks={[ask]} />
        </div>
      )}
      <Asked asks={[ask]} again={again} fresh="" />
    </section>
  )
}

function Next({ round }: { round: WholeRound }) {
  const mayAsk = may('teller') && offersOf([round]).length > 0
  const look = () => {
    wished.value = round.id
    go('/')
  }
  return (
    <div class="round-next">
      <p>{saidTurn(round)}</p>
      {mayAsk && (
        <>
          <button type="button" class="act" onClick={look}>
            {t('ui.apart.look')}
          </button>
          <p class="quiet">{t('ui.apart.look.how')}</p>
        </>
      )}
    </div>
  )
}

function Before({ asks, round }: { asks: readonly Ask[]; round: WholeRound }) {
  if (asks.length === 0) return null
  const placeOf = (ask: Ask) => (ask.place === null ? '' : round.places[ask.place].name)
  return (
    <section aria-labelledby="before">
      <h2 id="before">{t('ui.apart.before')}</h2>
      <ol class="round-before">
        {asks.map((ask) => (
          <li key={ask.id}>
            <a href={`/item/${ask.item}`}>{wordsOf(ask)}</a>
            <span class="quiet">{[!ask.rests && placeOf(ask), !ask.rests && nameOf(ask), dayName(ask.at, lang.value)].filter(Boolean).join(t('ui.comma'))}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Tools({ change, end }: { change: () => void; end: () => void }) {
  const [asks, ask] = useState(false)
  if (!asks)
    return (
      <div class="row">
        <button type="button" class="plain" onClick={change}>
          {t('ui.apart.change')}
        </button>
        <button type="button" class="plain" onClick={() => ask(true)}>
          {t('ui.apart.end')}
        </button>
      </div>
    )
  return (
    <div class="confirm" role="alertdialog" aria-labelledby="end-text" onKeyDown={(event) => event.key === 'Escape' && ask(false)}>
      <p id="end-text">{t('ui.apart.end.sure')}</p>
      <div class="row">
        <button type="button" ref={(gentle) => gentle?.focus()} onClick={() => ask(false)}>
          {t('ui.edit.leave')}
        </button>
        <button type="button" class="danger" onClick={end}>
          {t('ui.apart.end')}
        </button>
      </div>
    </div>
  )
}

export function RoundPage({ id }: { id: string }) {
  const { found, trouble, again } = useRound(id)
  const [changing, setChanging] = useState(false)
  if (!found) return trouble ? <Page title={t('ui.apart.title')} narrow><Trouble text={trouble} again={again} /></Page> : null
  const { round, ask } = found
  const change = async (placing: Placing) => {
    await rounds.say(id, round.claim, placing)
    setChanging(false)
    again()
  }
  const end = () =>
    void rounds.end(id).then(
      () => go('/apart'),
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  return (
    <Page title={titleOf(round)} narrow>
      {ask && <ThisWeek key={ask.id} ask={ask} again={again} />}
      <Next round={round} />
      <Before asks={round.asks.filter((one) => one.id !== round.latest)} round={round} />
      {changing && <RoundForm places={round.places} keep={change} leave={() => setChanging(false)} />}
      {may('teller') && !changing && <Tools change={() => setChanging(true)} end={end} />}
    </Page>
  )
}
