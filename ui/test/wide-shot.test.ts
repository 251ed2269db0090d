// SPDX-License-Identifier: AGPL-3.0-or-later
// What is shown of a wide shot: said as the kit reads it, with plain selects that any keyboard walks.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ComponentChildren, VNode } from 'preact'
import { frameOf, moves, places, sizes, whole, WideShot, type Shown } from '../src/picture/WideShot'

const words = (lang: string) => JSON.parse(readFileSync(join(process.env.KINREEL_UI ?? process.cwd(), '..', 'words', `${lang}.json`), 'utf8')) as Record<string, string>

type Props = { children?: ComponentChildren; value?: string; onChange?: (event: unknown) => void }

function* selects(node: ComponentChildren): Generator<Props> {
  if (Array.isArray(node)) for (const one of node) yield* selects(one as ComponentChildren)
  if (typeof node !== 'object' || node === null || !('props' in node)) return
  const { type, props } = node as VNode<Props>
  if (typeof type === 'function') return yield* selects((type as (props: unknown) => ComponentChildren)(props))
  if (type === 'select') yield props
  yield* selects(props.children)
}

function page(shown: Shown): { choices: Props[]; choose: (which: number, value: string) => Shown } {
  let next = shown
  const choices = [...selects(WideShot({ shown, change: (chosen) => (next = chosen) }))]
  const choose = (which: number, value: string) => {
    choices[which]?.onChange?.({ currentTarget: { value } })
    return next
  }
  return { choices, choose }
}

test('nothing is asked for until a place is chosen', () => {
  assert.equal(frameOf(whole), undefined)
  assert.equal(page(whole).choices.length, 1)
  assert.equal(frameOf({ ...whole, size: 'close', move: 'in' }), undefined)
})

test('place, size and move are chosen one after the other', () => {
  const left = page(whole).choose(0, 'left')
  assert.equal(frameOf(left), 'left')
  assert.deepEqual(page(left).choices.map((one) => one.value), ['left', 'usual', 'still'])
  const near = page(left).choose(1, 'close')
  assert.equal(frameOf(near), 'left-close')
  assert.equal(frameOf(page(near).choose(2, 'in')), 'in-left-close')
  assert.equal(frameOf(page(near).choose(0, 'whole')), undefined)
})

test('every choice has its words in both languages', () => {
  for (const lang of ['zh-CN', 'en'])
    for (const key of ['whole', ...places, 'size', ...sizes.map((one) => `size.${one}`), 'move', ...moves.map((one) => `move.${one}`)])
      assert.ok(words(lang)[`ui.mend.frame.${key}`], `${lang}: ${key}`)
})
