// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs the scan: moves the frame by the clock or by the second switch, does what was chosen, and
// follows the page as it changes.

import { effect, signal } from '@preact/signals'
import { moves } from '../app/route'
import { staySlips } from '../base/say'
import { t } from '../base/words'
import { cueChoice, cueStep, openCues, speakName } from './cue'
import { held, take } from './hand'
import { arrange, reach, things, type Group, type Stop, type Way } from './model'
import { joined } from './names'
import { watchPage, quiet } from './page'
import { hearSwitch } from './pressing'
import { advance, again, current, down, into, start, up, type Spot } from './scan'
import { settings } from './settings'
import { canTurn, forgetLeaves, readPage, rootOf, turn } from './walk'

export interface Now {
  stop: Stop<Element>
  things: Element[]
  name: string
  within: string // the group that is gone through
}

export const now = signal<Now | null>(null)
export const resting = signal(false)
export const waiting = signal(false) // for somebody to press the switch that is to be learnt

const first_stop = 1.4 // the first stop of a group stays longer: eye and hand have to follow
let spot: Spot<Element> | null = null
let page: Group<Element> | null = null
let root: Element | null = null
let sheet: { at: Element; scroll: number } | null = null // where one was on a tall sheet
let stale = true
let timer = 0
let turnOf = 0 // counts restarts, so that a late one gives way
let steps = 0

const back = (): Way => ({ kind: 'way', to: 'back', name: t('ui.reach.way.back') })
const isOn = () => settings.value.mode !== 'off'

function read(): Group<Element> {
  root = rootOf()
  page = arrange(readPage(), joined)
  stale = false
  return page
}

function sameStop(a: Stop<Element>, b: Stop<Element> | undefined): boolean {
  return a.name === b?.name && a.kind === b.kind && (a.kind !== 'thing' || b.kind !== 'thing' || a.at === b.at)
}

// The same things in the same places are the same page: the frame is not moved for a clock that ticks.
function refresh(): void {
  if (!spot || !page) return
  const old = page
  const before = reach(page).map((one) => one.stop)
  const sameRoot = root === rootOf()
  const whole = read()
  const after = reach(whole).map((one) => one.stop)
  if (sameRoot && before.length === after.length && before.every((one, i) => sameStop(one, after[i]))) {
    page = old
    return
  }
  spot = (sameRoot ? again(spot, whole) : null) ?? start(whole)
}

function keepSheet(): void {
  const at = document.querySelector('[data-long]')
  if (at && canTurn(at, 'earlier') && sheet?.at !== at) sheet = { at, scroll: scrollY }
}

// A tall sheet stays where it is while the frame passes what stands above and below it; the window goes
// there only when that is chosen, and comes back.
function reveal(stop: Stop<Element>, deep: boolean): void {
  const tall = document.querySelector('[data-long]')
  const shown = things(stop).map((one) => one.at)
  const outside = tall !== null && !shown.some((one) => tall.contains(one))
  if (outside && !deep) return
  if (outside) keepSheet()
  for (const one of [shown[shown.length - 1], shown[0]]) (one?.closest('label') ?? one)?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' })
}

function comeBack(to: { scroll: number }, at: number): void {
  scrollTo({ top: to.scroll, behavior: 'instant' })
  void restart((whole) => ({ ...start(whole), at: Math.min(at, whole.stops.length - 1) }))
}

function show(): void {
  if (sheet && spot?.path.length === 1) return comeBack(sheet, spot.at)
  const stop = spot && current(spot, back())
  resting.value = spot?.resting ?? false
  if (!spot || !stop) {
    now.value = null
    return
  }
  const shown = stop.kind === 'way' ? things(spot.path[spot.path.length - 1] ?? stop) : things(stop)
  reveal(stop, spot.path.length > 1)
  const within = spot.path.length > 1 ? (spot.path[spot.path.length - 1]?.name ?? '') : ''
  now.value = { stop, things: shown.map((one) => one.at), name: stop.name, within }
  steps = spot.path.length === 1 && spot.at === 0 ? 1 : steps + 1 // counted anew in each round of the page
  if (settings.value.sound) {
    cueStep(stop.kind)
    speakName(stop)
  }
  tell('step')
}

function tell(what: 'step' | 'choose' | 'rest'): void {
  const at = now.value
  const most = page ? Math.max(0, ...reach(page).map((one) => one.steps)) : 0
  const detail = { what, steps, most, name: at?.name ?? '', kind: at?.stop.kind ?? '', things: at?.things ?? [], way: at?.stop.kind === 'way' ? at.stop.to : '' }
  dispatchEvent(new CustomEvent('kinreel-scan', { detail }))
}

function schedule(): void {
  clearTimeout(timer)
  if (settings.value.mode !== 'auto' || !spot || spot.resting || !now.value) return // or still settling
  const wait = settings.value.speed_ms * (spot.at === 0 ? first_stop : 1)
  timer = window.setTimeout(step, wait)
}

function step(): void {
  if (!spot || document.hidden || waiting.value) return schedule()
  if (root !== rootOf()) return void restart()
  if (stale) refresh()
  spot = advance(spot, back())
  show()
  if (spot.resting) tell('rest')
  schedule()
}

// Begins again from the top, when the page has come to rest; 'from' is where to begin if it can be found.
async function restart(from: (whole: Group<Element>) => Spot<Element> | null = () => null): Promise<void> {
  const mine = ++turnOf
  clearTimeout(timer)
  now.value = sheet = null
  await quiet()
  if (mine !== turnOf || !isOn()) return
  forgetLeaves(document.body)
  const whole = read()
  spot = from(whole) ?? start(whole)
  steps = 0
  show()
  schedule()
}

function leave(): void {
  if (!spot) return
  if (spot.path.length > 1) spot = up(spot)
  show()
  schedule()
}

function turnLeaf(to: 'further' | 'earlier'): void {
  const list = spot?.path[spot.path.length - 1]?.key ?? document.querySelector('[data-long]')
  const long = list && (canTurn(list, to) || list.hasAttribute('data-long')) ? list : document.querySelector('[data-long]')
  if (!long) return
  sheet = null
  turn(long, to)
  void restart((whole) => into(whole, long))
}

function goOn(at: Element): void {
  take(at)
  const stay = at.hasAttribute('data-again') && spot
  void restart(stay ? (whole) => again(stay, whole) : undefined)
}

function chooseNow(): void {
  if (!isOn() || waiting.value) return
  if (spot?.resting) {
    void restart()
    return
  }
  const stop = now.value?.stop // what is seen, whatever has changed behind it
  if (!spot || !stop) return // the page is still coming
  cueChoice(settings.value.sound)
  tell('choose')
  if (stop.kind === 'group') {
    spot = down(spot, stop)
    show()
    schedule()
  } else if (stop.kind === 'thing') goOn(stop.at)
  else if (stop.to === 'back') leave()
  else turnLeaf(stop.to)
}

function moveNow(): void {
  if (settings.value.mode !== 'step' || waiting.value) return
  if (spot?.resting) void restart()
  else if (now.value) step()
}

function halt(): void {
  turnOf++
  clearTimeout(timer)
  sheet = null
  spot = page = null
  now.value = held.value = null
  resting.value = false
}

// A dialog that opens, a tray that is put away: the frame goes there at once.
function changed(): void {
  stale = true
  if (now.peek() && root !== rootOf()) void restart()
}

export function openReach(): void {
  let stop: (() => void) | null = null
  effect(() => {
    const on = settings.value.mode !== 'off'
    document.documentElement.classList.toggle('reach-on', on)
    staySlips(on)
    if (on && !stop) {
      const ends = [hearSwitch(chooseNow, moveNow, () => waiting.value), watchPage(changed), openCues()]
      stop = () => ends.forEach((end) => end())
      void restart()
    } else if (!on && stop) {
      stop()
      stop = null
      halt()
    }
  })
  effect(() => {
    if (!held.value && root?.isConnected === false && isOn()) void restart()
  })
  let seen = moves.peek()
  effect(() => {
    if (moves.value === seen) return
    seen = moves.value
    sheet = null
    held.value = null
    if (isOn()) void restart()
  })
}
