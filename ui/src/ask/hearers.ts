// SPDX-License-Identifier: AGPL-3.0-or-later
// For whom alone an answer may be: whoever asks, and one's own parents.

import { useEffect, useState } from 'preact/hooks'
import { me } from '../door/me'
import type { Ask } from '../net/asks'
import { people } from '../net/people'

export interface Hearer {
  id: string
  name: string
}

const parents = ['parent', 'adoptive_parent', 'step_parent']

export function askerOf(ask: Ask): Hearer[] {
  return ask.name && ask.who !== me.value.person ? [{ id: ask.who, name: ask.name }] : []
}

async function parentsOf(person: string): Promise<Hearer[]> {
  const [{ relations }, { persons }] = await Promise.all([people.one(person), people.list({ me: person })])
  const called = new Map(persons.map((one) => [one.id, one.kin?.word ?? one.name]))
  return relations.filter((one) => parents.includes(one.kind)).map((one) => ({ id: one.to, name: called.get(one.to) ?? one.name }))
}

// A child may want only mother to hear it, whoever asked.
export function useHearers(ask: Ask): Hearer[] {
  const [own, setOwn] = useState<Hearer[]>([])
  const { person, role } = me.value
  useEffect(() => {
    if (person && role !== 'guest') parentsOf(person).then(setOwn, () => setOwn([]))
  }, [person, role])
  const asker = askerOf(ask)
  return [...asker, ...own.filter((one) => one.id !== asker[0]?.id)]
}
