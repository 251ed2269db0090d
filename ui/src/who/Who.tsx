// SPDX-License-Identifier: AGPL-3.0-or-later
// The naming bench: one face, large, and the last ten people as keys. Nothing here guesses; a person says who it is.

import { useEffect, useRef, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { say } from '../base/say'
import { t } from '../base/words'
import { api, isAbort, sentenceOf } from '../net/api'
import { people, type OpenFace, type Person } from '../net/people'
import type { Brief } from '../net/shapes'
import { me } from '../people/me'
import { Bench } from './Bench'
import { drop, faceIn, fresh, name, refill_at, refilled, skip, undo, withFirst, withMore, type Desk } from './desk'
import { Framing } from './Framing'
import { Over } from './Over'
import { none, readSlots, withUsed, type Slots } from './slots'

const kept_under = 'who.slots'

function useSlots() {
  const [slots, setSlots] = useState<Slots>(() => readSlots(localStorage.getItem(kept_under)))
  const [known, setKnown] = useState<ReadonlyMap<string, Person>>(new Map())
  useEffect(() => {
    people.list({ me: me.peek() }).then(
      ({ persons }) => {
        const all = new Map(persons.map((person) => [person.id, person]))
        setKnown(all)
        setSlots((now) => {
          const still = { ids: now.ids.filter((id) => all.has(id)), used: now.used.filter((id) => all.has(id)) }
          const rest = persons.filter((person) => !still.ids.includes(person.id)).map((person) => person.id)
          return { ids: [...still.ids, ...rest].slice(0, 10), used: still.used }
        })
      },
      () => setSlots(none),
    )
  }, [])
  const use = (person: Person) => {
    const next = withUsed(slots, person.id)
    setKnown(new Map(known).set(person.id, person))
    setSlots(next)
    try {
      localStorage.setItem(kept_under, JSON.stringify(next))
    } catch {
      // Without room the keys begin anew next time.
    }
  }
  const recent = slots.ids.map((id) => known.get(id)).filter((one): one is Person => one !== undefined)
  return { recent, use }
}

function useDesk(first: { item: string; claim: string } | null) {
  const [desk, setDesk] = useState<Desk>(fresh)
  const [total, setTotal] = useState(0)
  const [trouble, setTrouble] = useState('')
  const asking = useRef(false)
  const failed = (cause: unknown) => !isAbort(cause) && setTrouble(sentenceOf(cause))
  useEffect(() => {
    if (!first) return
    api.item(first.item).then((item) => {
      const face = faceIn(item, first.claim)
      if (face) setDesk((now) => withFirst(now, face))
    }, failed)
  }, [])
  useEffect(() => {
    if (asking.current || desk.cursor === '' || desk.faces.length >= refill_at) return
    const stop = new AbortController()
    asking.current = true
    refilled(desk, stop.signal)
      .then((more) => {
        setDesk((now) => withMore(now, more.faces, more.cursor))
        if (desk.cursor === null) setTotal(more.total)
      }, failed)
      .finally(() => (asking.current = false))
  }, [desk])
  const busy = useRef(false)
  const act = async (what: (desk: Desk) => Promise<Desk> | Desk) => {
    if (busy.current) return // a key pressed before the next face is seen names nobody
    busy.current = true
    try {
      setDesk(await what(desk))
      setTrouble('')
    } catch (cause) {
      setTrouble(sentenceOf(cause))
    }
    busy.current = false
  }
  return { desk, setDesk, act, trouble, total, ready: desk.cursor !== null || desk.faces.length > 0 }
}

export function Who({ query }: { query: URLSearchParams }) {
  const item = query.get('item') ?? ''
  const claim = query.get('region') ?? ''
  const { desk, setDesk, act, trouble, total, ready } = useDesk(item && claim ? { item, claim } : null)
  const { recent, use } = useSlots()
  const [framing, frame] = useState<{ item: Brief; face: OpenFace | null } | null>(null)
  const face = desk.faces[0]
  const named = (person: Person) =>
    act(async (now) => {
      if (!face) return now
      const next = await name(now, face, person)
      use(person)
      say(t('ui.who_is.named', { name: person.name }))
      return next
    })
  const last = desk.done[desk.done.length - 1]
  const doings = {
    name: named,
    skip: () => act((now) => (face ? skip(now, face) : now)),
    drop: () => act(async (now) => (face ? drop(now, face) : now)),
    undo: () => act(undo),
    frame: () => face && frame({ item: face.item, face: null }),
    move: () => face && frame({ item: face.item, face }),
  }
  if (framing) {
    const framed = (found: OpenFace) => {
      const rest = framing.face ? { ...desk, faces: desk.faces.slice(1) } : desk // moved, it takes its own place
      setDesk(withFirst(rest, found))
      frame(null)
    }
    return <Framing {...framing} done={framed} leave={() => frame(null)} />
  }
  return (
    <Page title={t('ui.who_is.title')}>
      {trouble && <Trouble text={trouble} />}
      {face && <Bench key={face.claim} face={face} recent={recent} left={Math.max(0, total - desk.done.length)} done={desk.done.length} last={last} doings={doings} />}
      {ready && !face && desk.cursor === '' && (
        <Over desk={desk} undo={() => void act(undo)} again={() => setDesk(fresh)} frame={(one) => frame({ item: one, face: null })} />
      )}
    </Page>
  )
}
