// SPDX-License-Identifier: AGPL-3.0-or-later
// The sitting itself: two people before one screen. Promises:
//   (1) at most three choices, each at least 96 px, and one bar that stops everything at once;
//   (2) nothing moves or changes by itself, nothing scrolls, nothing runs out of time;
//   (3) nothing here counts, judges or asks for what may be forgotten.

import { useLayoutEffect, useRef } from 'preact/hooks'
import { useTitle } from '../app/Page'
import { t } from '../base/words'
import { moodNames } from './moods'
import { Bar } from './Bar'
import { Corner } from './Corner'
import { Large, Small } from './Shown'
import { useSitting, type Room as Sitting } from './useSitting'

function Lines({ say, feel }: { say: string; feel: string }) {
  return (
    <p class="sit-lines" aria-live="polite">
      {say && <span>{say} </span>}
      <span>{feel}</span>
    </p>
  )
}

function Offer({ room }: { room: Sitting }) {
  const offered = room.going?.offered ?? []
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [room.going?.step])
  return (
    <>
      <h1 class="unseen" tabIndex={-1} ref={heading}>
        {t('ui.sit.title')}
      </h1>
      {offered.length === 0 && <p class="sit-lines sit-alone">{t('ui.sit.nothing')}</p>}
      <div class="sit-offer" role="group" data-group="choices" aria-label={t('ui.sit.choices')} inert={room.still}>
        {offered.map((choice) => (
          <button key={choice.thing} type="button" class="sit-choice" data-thing={choice.thing} onClick={() => room.choose(choice)}>
            <Small choice={choice} />
            <span class={choice.image ? 'sit-name' : 'unseen'}>{choice.title}</span>
          </button>
        ))}
      </div>
    </>
  )
}

function Company({ room }: { room: Sitting }) {
  const choice = room.going?.chosen
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [choice?.thing])
  if (!choice) return null
  return (
    <div class="sit-company" data-thing={choice.thing}>
      <h1 class="unseen" tabIndex={-1} ref={heading}>
        {choice.title}
      </h1>
      <div class="sit-stage">
        <Large choice={choice} round={room.round} />
      </div>
      <div class="sit-side">
        <Lines say={choice.say} feel={choice.feel} />
        <div class="sit-ways" role="group" data-group="choices" aria-label={t('ui.sit.choices')}>
          {room.still ? (
            <button type="button" class="sit-way" onClick={room.enough}>
              {t('ui.sit.enough')}
            </button>
          ) : (
            <>
              <button type="button" class="sit-way" aria-pressed={room.going?.kept ?? false} onClick={room.again}>
                {t('ui.sit.again')}
              </button>
              <button type="button" class="sit-way" onClick={room.more}>
                {t('ui.sit.more')}
              </button>
              <button type="button" class="sit-way" onClick={room.other}>
                {t('ui.sit.other')}
              </button>
            </>
          )}
        </div>
      </div>
    </div>
  )
}

function Faces({ room }: { room: Sitting }) {
  return (
    <div class="sit-faces-page">
      <h1 class="sit-lines">{t('ui.sit.how')}</h1>
      <div class="sit-faces" role="group" data-group="choices" aria-label={t('ui.sit.how')}>
        {moodNames.map(({ mood, path }) => (
          <button key={mood} type="button" class="sit-way" onClick={() => room.mood(mood)}>
            <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
              <path d={path} />
            </svg>
            <span>{t(`ui.sit.mood.${mood}`)}</span>
          </button>
        ))}
      </div>
    </div>
  )
}

function Over() {
  return (
    <div class="sit-faces-page">
      <h1 class="sit-lines">{t('ui.sit.over')}</h1>
      <div class="sit-faces" role="group" data-group="choices">
        <a class="button sit-way" href="/sitting">
          {t('ui.sit.close')}
        </a>
      </div>
    </div>
  )
}

export function Room({ query }: { query: URLSearchParams }) {
  const room = useSitting(query)
  useTitle(t('ui.sit.title'))
  const { phase, going, still } = room
  return (
    <div class="sit">
      <main id="main" class="sit-room" tabIndex={-1}>
        {phase === 'waiting' && <h1 class="sit-lines sit-alone">{t(room.away ? 'ui.sit.away' : 'ui.sit.title')}</h1>}
        {phase === 'going' && (going?.chosen ? <Company room={room} /> : <Offer room={room} />)}
        {phase === 'going' && still && !going?.chosen && (
          <div class="sit-ways sit-ways-alone" role="group" data-group="choices">
            <button type="button" class="sit-way" onClick={room.enough}>
              {t('ui.sit.enough')}
            </button>
          </div>
        )}
        {phase === 'faces' && <Faces room={room} />}
        {phase === 'over' && <Over />}
        {phase === 'going' && !still && <Corner skip={room.notNow} />}
      </main>
      {phase === 'faces' ? (
        <section class="sit-foot" data-group="stop" aria-label={t('ui.sit.no_face')}>
          <button type="button" class="sit-bar" onClick={() => room.mood(null)}>
            {t('ui.sit.no_face')}
          </button>
        </section>
      ) : (
        phase !== 'over' && <Bar still={still || (phase === 'waiting' && room.away)} press={room.stop} />
      )}
    </div>
  )
}
