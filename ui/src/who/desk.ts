// SPDX-License-Identifier: AGPL-3.0-or-later
// The naming bench without its looks: which face is next, what was done, and how it is undone.

import { people, type OpenFace, type Person } from '../net/people'
import type { Item } from '../net/shapes'

export type Done =
  | { what: 'named'; face: OpenFace; person: string }
  | { what: 'dropped'; face: OpenFace }
  | { what: 'skipped'; face: OpenFace }

export interface Desk {
  faces: readonly OpenFace[] // the first is on the table
  cursor: string | null // of those after; null: not asked yet; '': no more
  done: readonly Done[]
  skipped: number
}

export const fresh: Desk = { faces: [], cursor: null, done: [], skipped: 0 }

const page_size = 50
export const refill_at = 8

// Faces of one picture from left to right, as one reads a group.
export function inOrder(faces: readonly OpenFace[]): OpenFace[] {
  const pictures = [...new Set(faces.map((face) => face.item.id))]
  return pictures.flatMap((id) => faces.filter((face) => face.item.id === id).sort((a, b) => a.x - b.x))
}

export async function refilled(desk: Desk, stop: AbortSignal): Promise<{ faces: OpenFace[]; cursor: string; total: number }> {
  const answer = await people.unnamed({ cursor: desk.cursor ?? '', limit: page_size }, stop)
  return { faces: inOrder(answer.regions), cursor: answer.next, total: answer.total }
}

// New ones behind those that lie there; none lies there twice.
export function withMore(desk: Desk, faces: readonly OpenFace[], cursor: string): Desk {
  const there = new Set([...desk.faces, ...desk.done.map((one) => one.face)].map((face) => face.claim))
  return { ...desk, faces: [...desk.faces, ...faces.filter((face) => !there.has(face.claim))], cursor }
}

export function withFirst(desk: Desk, face: OpenFace): Desk {
  return { ...desk, faces: [face, ...desk.faces.filter((one) => one.claim !== face.claim)] }
}

function past(desk: Desk, done: Done): Desk {
  const skipped = desk.skipped + (done.what === 'skipped' ? 1 : 0)
  return { ...desk, faces: desk.faces.slice(1), done: [...desk.done, done], skipped }
}

export async function name(desk: Desk, face: OpenFace, person: Person): Promise<Desk> {
  await people.nameFrame(face.item.id, face.claim, person.id)
  return past(desk, { what: 'named', face, person: person.id })
}

export async function drop(desk: Desk, face: OpenFace): Promise<Desk> {
  await people.dropFrame(face.item.id, face.claim)
  return past(desk, { what: 'dropped', face })
}

export function skip(desk: Desk, face: OpenFace): Desk {
  return past(desk, { what: 'skipped', face })
}

// The last thing done is undone, and its face lies on the table again.
export async function undo(desk: Desk): Promise<Desk> {
  const last = desk.done[desk.done.length - 1]
  if (!last) return desk
  let face = last.face
  if (last.what === 'named') await people.nameFrame(face.item.id, face.claim, null)
  if (last.what === 'dropped') {
    const { x, y, w, h, name, kind } = face
    face = { ...face, claim: (await people.frame(face.item.id, { x, y, w, h }, { name, kind })).region }
  }
  const skipped = desk.skipped - (last.what === 'skipped' ? 1 : 0)
  return withFirst({ ...desk, done: desk.done.slice(0, -1), skipped }, face)
}

export function faceIn(item: Item, claim: string): OpenFace | null {
  const region = item.regions.find((one) => one.claim === claim)
  return region ? { ...region, claim, item } : null
}
