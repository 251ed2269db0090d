// SPDX-License-Identifier: AGPL-3.0-or-later
// The last ten people as keys 1 to 9 and 0. A person keeps their key until somebody newer needs it: hands remember.

export interface Slots {
  ids: readonly string[] // by key
  used: readonly string[] // the last used first
}

export const none: Slots = { ids: [], used: [] }
const most = 10

export function withUsed(slots: Slots, id: string): Slots {
  const used = [id, ...slots.used.filter((one) => one !== id)].slice(0, most)
  if (slots.ids.includes(id)) return { ids: slots.ids, used }
  if (slots.ids.length < most) return { ids: [...slots.ids, id], used }
  const longest = slots.used[slots.used.length - 1] ?? slots.ids[0]
  return { ids: slots.ids.map((one) => (one === longest ? id : one)), used }
}

export function keyOf(index: number): string {
  return String((index + 1) % 10)
}

export function slotOf(key: string): number | null {
  return /^[0-9]$/.test(key) ? (Number(key) + 9) % 10 : null
}

export function readSlots(text: string | null): Slots {
  try {
    const kept = JSON.parse(text ?? '') as Partial<Slots>
    const texts = (list: unknown) => (Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string').slice(0, most) : [])
    return { ids: texts(kept.ids), used: texts(kept.used) }
  } catch {
    return none
  }
}
