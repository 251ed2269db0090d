// SPDX-License-Identifier: AGPL-3.0-or-later
// The coach's card, read as somebody reads it who does not see the bars; and the bars.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ComponentChildren, VNode } from 'preact'
import { changeLang, type Lang } from '../src/base/words'
import { coach, fitting, isAsked, type Coach } from '../src/net/coach'
import type { Cause, Judgement, Kind, Rendition } from '../src/net/shapes'
import { CoachCard } from '../src/picture/CoachCard'
import { judgedOf, measured } from '../src/picture/judged'

const ui = process.env.KINREEL_UI ?? process.cwd()

async function speak(lang: Lang): Promise<void> {
  const words = readFileSync(join(ui, '..', 'words', `${lang}.json`), 'utf8')
  const house = { document: { cookie: '', documentElement: { lang } }, fetch: () => Promise.resolve(new Response(words)) }
  for (const [name, value] of Object.entries(house)) Object.defineProperty(globalThis, name, { value, configurable: true })
  await changeLang(lang)
}

const isNode = (node: ComponentChildren): node is VNode<Record<string, unknown>> => typeof node === 'object' && node !== null && 'props' in node

// Every element of the page, from outside in.
function* elements(node: ComponentChildren): Generator<VNode<Record<string, unknown>> | string> {
  if (typeof node === 'string' || typeof node === 'number') yield String(node)
  if (Array.isArray(node)) for (const one of node) yield* elements(one as ComponentChildren)
  if (!isNode(node)) return
  if (typeof node.type === 'function') return yield* elements((node.type as (props: unknown) => ComponentChildren)(node.props))
  yield node
  if (!node.props['aria-hidden']) yield* elements(node.props.children as ComponentChildren)
}

const lineOf: Record<string, string> = { h2: '## ', h3: '# ', li: '- ', p: '' }

function read(node: ComponentChildren): string[] {
  let text = ''
  for (const one of elements(node)) text += typeof one === 'string' ? one : String(one.type) in lineOf ? '\n' + lineOf[String(one.type)] : ''
  return text.split('\n').map((line) => line.replace(/\s+/g, ' ').trimEnd()).filter(Boolean)
}

function bars(node: ComponentChildren): string[] {
  const drawn = [...elements(node)].filter((one) => typeof one !== 'string' && one.props.class === 'coach-bar') as VNode<{ children: VNode<{ style: { width: string } }> }>[]
  return drawn.map((bar) => bar.props.children.props.style.width)
}

const cause = (name: string, value: number, cost: number): Cause => ({ cause: name, value, unit: '', cost })

const before: Judgement = {
  sound: { score: 44, causes: [cause('clipping', 4.71, 7), cause('noise', 13.4, 47.1), cause('echo', 0.36, 0.9)] },
  light: { score: 100, causes: [cause('dark', 0.4, 0)] },
  steady: { score: 99, causes: [cause('tremor', 0.55, 1.1)] },
  worst: 'sound',
  advice: ['coach.advice.noise', 'coach.advice.clipping', 'coach.advice.tremor.no-elbows', 'coach.advice.dark'].map((key) => ({ key, cause: '' })),
}
const after: Judgement = { ...before, sound: { score: 93.2, causes: [] }, steady: { score: 100, causes: [] }, advice: [] }

const kit = (recipe: unknown, at = '2026-11-20T10:00:00Z', kind: Rendition['kind'] = 'kit'): Rendition => ({ id: at, kind, mime: 'video/mp4', at, recipe, file: '' })
const clip = (recipe: unknown, kind: Kind = 'video') => ({ kind, rendition_list: [kit(recipe)] })
const card = (recipe: unknown, kind?: Kind) => CoachCard({ item: clip(recipe, kind) })

test('each part has its points before and after, what cost them, and three pieces of advice', async () => {
  await speak('en')
  const page = card({ report: {}, before, after })
  assert.deepEqual(read(page), [
    '## Before and after, in points',
    'Each is out of 100. Below it stands what took points away.',
    '# Sound',
    'Before 44',
    'After 93',
    '49 points more afterwards',
    '- voices stand only 13 dB above the noise: 47 points off',
    '- 4.7% of the loud moments are cut off and crackle: 7 points off',
    '# Light',
    'Before 100',
    'After 100',
    'As it was',
    '# Steadiness',
    'Before 99',
    'After 100',
    '1 point more afterwards',
    "- the hand trembles (0.6 px): 1 point off",
    '# Next time, in this order:',
    "- Bring the microphone within an arm's length of whoever speaks, and shut the window, the fan and the television before you begin.",
    '- The voices are too strong for the microphone: hold it a little further off, or turn the recording level down.',
    '- Do not hold it at all: lean the phone against a cup or a pile of books, or clip it to a stand, press, and let go.',
  ])
  assert.deepEqual(bars(page), ['44%', '93%', '100%', '100%', '99%', '100%'])
})

test('what cannot be told is said in words, and draws no bar', async () => {
  await speak('zh-CN')
  const page = card({ report: {}, before: { ...before, sound: { why: 'silent' }, steady: { why: 'unseen' }, advice: [] }, after: { ...after, sound: { why: 'silent' } } })
  assert.deepEqual(read(page).slice(2), [
    '声音：声音是空的，看看话筒是不是没接上、被捂住了',
    '# 光线',
    '原样 100',
    '之后 100',
    '整理前后一样',
    '# 稳当',
    '原样：说不准，画面里看不出镜头是怎么动的',
    '之后 100',
    '没有要改的，就照这样拍。',
  ])
  assert.equal(bars(page).length, 3)
  const nothing: Judgement = { sound: { why: 'none' }, light: { why: 'none' }, steady: { why: 'unseen' }, advice: [] }
  assert.ok(!read(card({ report: {}, before: nothing, after: nothing })).includes('没有要改的，就照这样拍。'), 'where nothing was told, nothing is praised')
})

test('what the work came to is said in words too, also where it took something away', async () => {
  const effects = (was: number, is: number) =>
    read(card({ report: {}, before: { ...before, sound: { score: was, causes: [] } }, after: { ...after, sound: { score: is, causes: [] } } }, 'audio'))[5]
  await speak('en')
  assert.deepEqual([effects(41, 78.4), effects(90, 88), effects(90, 89), effects(70.2, 70.4)], ['37 points more afterwards', '2 points fewer afterwards', '1 point fewer afterwards', 'As it was'])
  await speak('zh-CN')
  assert.deepEqual([effects(41, 78.4), effects(90, 88)], ['整理后多了 37 分', '整理后少了 2 分'])
})

test('of a voice only its sound is told', async () => {
  await speak('en')
  const none = { why: 'none' } as const
  const lines = read(card({ report: {}, before: { ...before, light: none, steady: none }, after: { ...after, light: none, steady: none } }, 'audio'))
  assert.ok(lines.includes('# Sound'))
  assert.ok(!lines.some((line) => /Light|Steadiness/.test(line)), lines.join('\n'))
})

test('whoever held old film is given no advice', async () => {
  await speak('en')
  const lines = read(card({ report: { footage: { tape: true } }, before, after }))
  assert.ok(lines.includes('Before 44'))
  assert.ok(!lines.some((line) => line.includes('Next time') || line.includes('microphone within')), lines.join('\n'))
})

test('words that this house does not have are left out', async () => {
  await speak('en')
  const strange = { ...before, light: { score: 60, causes: [cause('comet', 1, 40)] }, advice: [{ key: 'coach.advice.comet', cause: 'comet' }, { key: 'ui.trash.empty', cause: '' }] }
  const lines = read(card({ report: {}, before: strange, after }))
  assert.ok(!lines.some((line) => /comet|ui\.|[Tt]rash|Next time|Nothing to change/.test(line)), lines.join('\n'))
})

test('an older recipe, or a broken one, has no card', () => {
  const broken = [
    {},
    null,
    'kit',
    [],
    { report: {} },
    { report: {}, before },
    { report: {}, before, after: { ...after, light: {} } },
    { report: {}, before: { ...before, sound: { score: '44', causes: [] } }, after },
    { report: {}, before: { ...before, sound: { score: 44, causes: [{ cause: 'noise' }] } }, after },
    { report: {}, before: { ...before, advice: ['coach.advice.noise'] }, after },
  ]
  for (const recipe of broken) assert.equal(card(recipe), null, JSON.stringify(recipe))
  assert.equal(CoachCard({ item: { kind: 'video', rendition_list: [] } }), null)
})

test('the last attempt counts, and of that the kit alone', () => {
  const judged = { report: {}, before, after }
  const old = kit({ report: {} }, '2026-11-19T10:00:00Z')
  assert.equal(judgedOf({ rendition_list: [kit(judged, '2026-11-20T10:00:00Z'), old] }), judged)
  assert.equal(judgedOf({ rendition_list: [kit(judged, '2026-11-18T10:00:00Z'), old] }), null)
  assert.equal(judgedOf({ rendition_list: [kit(judged), kit({}, '2026-11-21T10:00:00Z', 'proxy')] }), judged)
})

test('a small number is said to a tenth, a large one whole', () => {
  assert.deepEqual([0.36, 9.94, 13.4, -42.3, -0.5].map(measured), ['0.4', '9.9', '13', '-42', '-0.5'])
})

const known = (body: string[]): Coach => ({
  scenes: [],
  bodies: ['no-elbows', 'one-hand', 'rolls'],
  body,
  advice: [
    { cause: 'steps', key: 'coach.advice.steps', unfit: ['rolls'] },
    { cause: 'steps', key: 'coach.advice.steps.rolls', unfit: [] },
    { cause: 'tremor', key: 'coach.advice.tremor', unfit: ['no-elbows', 'one-hand'] },
    { cause: 'tremor', key: 'coach.advice.tremor.one-hand', unfit: ['no-elbows'] },
    { cause: 'tremor', key: 'coach.advice.tremor.no-elbows', unfit: [] },
  ],
})

test('advice is said as it fits the body of whoever looks, whoever made the clip', () => {
  const steps = { cause: 'steps', key: 'coach.advice.steps' }
  assert.equal(fitting(steps, known([])), 'coach.advice.steps')
  assert.equal(fitting(steps, known(['rolls'])), 'coach.advice.steps.rolls')
  assert.equal(fitting({ cause: 'steps', key: 'coach.advice.steps.rolls' }, known([])), 'coach.advice.steps')
  assert.equal(fitting({ cause: 'tremor', key: 'coach.advice.tremor' }, known(['rolls', 'one-hand'])), 'coach.advice.tremor.one-hand')
  assert.equal(fitting({ cause: 'tremor', key: 'coach.advice.tremor' }, known(['one-hand', 'no-elbows'])), 'coach.advice.tremor.no-elbows')
  assert.equal(fitting({ cause: 'comet', key: 'coach.advice.comet' }, known(['rolls'])), 'coach.advice.comet')
  assert.equal(fitting(steps, null), 'coach.advice.steps')
})

test('while it is not known whose body it is, no advice is shown', async () => {
  await speak('en')
  const shaken = { ...before, advice: [{ cause: 'steps', key: 'coach.advice.steps' }] }
  const lines = () => read(card({ report: {}, before: shaken, after })).filter((line) => /still|wheels/.test(line))
  isAsked.value = true
  assert.deepEqual(lines(), [])
  isAsked.value = false
  coach.value = known(['rolls'])
  assert.match(lines().join(), /^- Let the wheels rest/)
  coach.value = null
  assert.match(lines().join(), /^- Stand still/)
})
