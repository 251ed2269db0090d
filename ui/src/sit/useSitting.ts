// SPDX-License-Identifier: AGPL-3.0-or-later
// What goes on in a sitting. Nothing in here begins by itself: every change follows a press, with one
// exception: what may no longer be shown goes away. When the house does not answer, what is there stays.

import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { mayHaveChanged, useNews } from '../base/useNews'
import { lang } from '../base/words'
import { sit, type Choice, type Mood } from '../net/sit'
import { keepGoing, newGoing, readGoing, withSeen, type Going } from './kept'
import { goOn, holdStill } from './still'

export type Phase = 'waiting' | 'going' | 'faces' | 'over'

export interface Room {
  phase: Phase
  going: Going | null
  still: boolean
  round: number // how often what is there was played
  away: boolean // the house does not answer
  choose: (choice: Choice) => void
  again: () => void
  more: () => void
  other: () => void
  notNow: () => void
  stop: () => void
  enough: () => void
  mood: (mood: Mood | null) => void
}

async function begin(query: URLSearchParams): Promise<Going> {
  const person = query.get('for') ?? ''
  const sitting = await sit.begin(person ? { person } : {})
  const going = newGoing(sitting.id, person, '')
  const thing = query.get('with')
  if (!thing) return going
  const { picture } = await sit.frame({ sitter: person, now: thing })
  return picture?.thing === thing ? { ...going, chosen: picture, seen: [thing] } : going
}

async function offer(going: Going, after: string): Promise<Going> {
  const { choices } = await sit.offer(going.id, {
    after,
    seen: going.seen,
    away: going.away.map((one) => one.thing),
    step: going.step,
  })
  return { ...going, after, offered: choices, chosen: null, kept: false }
}

export function useSitting(query: URLSearchParams): Room {
  const [phase, setPhase] = useState<Phase>('waiting')
  const [going, setGoing] = useState<Going | null>(null)
  const [still, setStill] = useState(false)
  const [round, setRound] = useState(0)
  const [away, setAway] = useState(false)

  const show = (next: Going) => {
    keepGoing(next)
    setGoing(next)
    setPhase('going')
    setAway(false)
  }
  const attempt = (work: () => Promise<void>) => void work().catch(() => setAway(true))

  const arrive = () =>
    attempt(async () => {
      const kept = query.has('for') ? null : readGoing()
      const next = kept ?? (await begin(query))
      show(next.chosen || next.offered.length ? next : await offer(next, ''))
      if (query.has('for')) history.replaceState(history.state, '', '/sitting/room')
    })
  useEffect(() => {
    arrive()
    return () => delete document.documentElement.dataset.still
  }, [])

  // Somebody withdrew: what is still allowed stays as it is.
  const recheck = () =>
    attempt(async () => {
      if (!going || phase !== 'going') return
      if (!going.chosen) return show(await offer(going, going.after))
      const { picture } = await sit.frame({ sitter: going.person, now: going.chosen.thing })
      if (picture?.thing !== going.chosen.thing) show(await offer(going, ''))
    })
  useNews(mayHaveChanged, recheck)
  useEffect(() => {
    if (going) recheck()
  }, [lang.value])

  const freeze = (on: boolean) => {
    if (on) holdStill()
    else goOn()
    setStill(on)
  }
  useLayoutEffect(() => {
    const key = (event: KeyboardEvent) => event.key === 'Escape' && phase === 'going' && freeze(!still)
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  })

  const next = (from: Going, after: string) =>
    attempt(async () => show(await offer({ ...from, step: from.step + 1 }, after)))

  return {
    phase,
    going,
    still,
    round,
    away,
    choose: (choice) => {
      if (!going) return
      setRound(0)
      show({ ...going, chosen: choice, kept: choice.lit, seen: withSeen(going, choice.thing) })
    },
    again: () => {
      if (!going?.chosen) return
      const thing = going.chosen.thing
      const keep = !going.kept || going.chosen.play !== '' // what plays is played once more
      setRound(round + 1)
      show({ ...going, kept: keep })
      if (keep !== going.kept) attempt(async () => void (await sit.again(going.id, thing, keep)))
    },
    more: () => going?.chosen && next(going, going.chosen.thing),
    other: () => going && next({ ...going, seen: withSeen(going, ...going.offered.map((one) => one.thing)) }, ''),
    notNow: () => {
      if (!going || phase !== 'going') return
      const gone = going.chosen ? [going.chosen] : going.offered
      const put = [...going.away, ...gone.map(({ thing, title }) => ({ thing, title }))]
      freeze(false)
      holdStill()
      delete document.documentElement.dataset.still
      next({ ...going, away: put, seen: withSeen(going, ...gone.map((one) => one.thing)) }, '')
    },
    stop: () => (away && !going ? arrive() : freeze(!still)),
    enough: () => {
      freeze(false)
      holdStill()
      delete document.documentElement.dataset.still
      setPhase('faces')
    },
    mood: (mood) => {
      if (!going) return
      attempt(async () => {
        if (mood) await sit.mood(going.id, mood)
        await sit.end(going.id)
      })
      setPhase('over')
    },
  }
}
