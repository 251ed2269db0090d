// SPDX-License-Identifier: AGPL-3.0-or-later

import { useEffect, useState } from 'preact/hooks'
import { useNews } from '../base/useNews'
import { lang } from '../base/words'
import { isAbort, sentenceOf } from '../net/api'
import { asksApi, type Ask } from '../net/asks'
import { rounds, type Round, type WholeRound } from '../net/rounds'

const concerns = (news: { kind: string }) => ['ask', 'may', 'all'].includes(news.kind)

// Reads anew when something was asked or answered, and when what may be shown has changed.
function useRead<T>(ask: (signal: AbortSignal) => Promise<T>, about: string) {
  const [found, setFound] = useState<T | null>(null)
  const [trouble, setTrouble] = useState('')
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    ask(stop.signal).then(
      (answer) => {
        setTrouble('')
        setFound(answer)
      },
      (cause: unknown) => !isAbort(cause) && setTrouble(sentenceOf(cause)),
    )
    return () => stop.abort()
  }, [about, lang.value, turn])
  const again = () => setTurn((n) => n + 1)
  useNews(concerns, again)
  return { found, trouble, again }
}

export function useRounds() {
  const { found, trouble, again } = useRead<Round[]>((signal) => rounds.all(signal).then((answer) => answer.rounds), '')
  return { all: found, trouble, again }
}

// A round, and its latest question with what was answered.
export function useRound(id: string) {
  return useRead<{ round: WholeRound; ask: Ask | null }>(async (signal) => {
    const round = await rounds.one(id, signal)
    return { round, ask: round.latest ? await asksApi.ask(round.latest, signal) : null }
  }, id)
}
