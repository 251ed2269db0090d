// SPDX-License-Identifier: AGPL-3.0-or-later
// What the coach found in a clip as it came and as it was mended, read out of a recipe.

import type { Cause, Item, Judgement, KitRecipe, Rendition, Scored } from '../net/shapes'

export const parts = ['sound', 'light', 'steady'] as const
export type Part = (typeof parts)[number]

const worth_telling = 1 // points: less is nobody's concern

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCause(value: unknown): value is Cause {
  return isRecord(value) && typeof value.cause === 'string' && Number.isFinite(value.value) && Number.isFinite(value.cost)
}

function isPart(value: unknown): boolean {
  if (!isRecord(value)) return false
  if (typeof value.why === 'string') return true
  return Number.isFinite(value.score) && Array.isArray(value.causes) && value.causes.every(isCause)
}

function isJudgement(value: unknown): value is Judgement {
  if (!isRecord(value) || !parts.every((part) => isPart(value[part])) || !Array.isArray(value.advice)) return false
  return value.advice.every((one) => isRecord(one) && typeof one.key === 'string')
}

function isKitRecipe(value: unknown): value is KitRecipe {
  return isRecord(value) && isRecord(value.report) && isJudgement(value.before) && isJudgement(value.after)
}

// Of the last attempt; null where there is none, or where it was made before the house judged.
export function judgedOf(item: Pick<Item, 'rendition_list'>): KitRecipe | null {
  let newest: Rendition | null = null
  for (const one of item.rendition_list) if (one.kind === 'kit' && (!newest || one.at > newest.at)) newest = one
  return isKitRecipe(newest?.recipe) ? newest.recipe : null
}

export function costsOf(part: Scored): Cause[] {
  return part.causes.filter((cause) => cause.cost >= worth_telling).sort((a, b) => b.cost - a.cost)
}

// As `kinreel coach` says it: a small number to a tenth, a large one whole.
export function measured(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 1 : 0)
}
