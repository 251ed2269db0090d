// SPDX-License-Identifier: AGPL-3.0-or-later
// How two people belong together, as it is said to the house.

export const kinds = ['parent', 'child', 'partner', 'sibling', 'adoptive_parent', 'adoptive_child', 'step_parent', 'step_child', 'ex_partner'] as const
export type Kind = (typeof kinds)[number]

// A child is said of the child: "parent".
export function saying(kind: Kind, person: string, other: string, order: string): { of: string; value: Record<string, string> } {
  if (kind.endsWith('child')) return { of: other, value: { kind: kind.replace('child', 'parent'), to: person } }
  return { of: person, value: { kind, to: other, ...(kind === 'sibling' && order ? { order } : {}) } }
}
