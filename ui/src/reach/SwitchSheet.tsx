// SPDX-License-Identifier: AGPL-3.0-or-later
// How the switch is set; set by the switch itself, by keys, or by a helper.

import { useLayoutEffect, useState } from 'preact/hooks'
import { Switch } from '../app/Switch'
import { t } from '../base/words'
import { may } from '../door/me'
import { BodyPart } from './BodyPart'
import { waiting } from './engine'
import { SheetDialog } from './Sheet'
import { keepSettings, ranges, settings, stepped, toAddress, type Measure, type Mode, type Settings, type Source } from './settings'
import { listen, swallow } from './sources'

const modes: readonly Mode[] = ['off', 'auto', 'step']
const patience_ms = 15_000

const change = (next: Partial<Settings>) => keepSettings({ ...settings.value, ...next })

function Modes() {
  return (
    <fieldset class="reach-modes">
      <legend>{t('ui.reach.mode')}</legend>
      <div class="row">
        {modes.map((mode) => (
          <label class="pill" key={mode}>
            <input type="radio" name="reach-mode" checked={settings.value.mode === mode} onChange={() => change({ mode })} />
            <span>{t(`ui.reach.mode.${mode}`)}</span>
          </label>
        ))}
      </div>
      <p class="quiet">{t(`ui.reach.mode.${settings.value.mode}.text`)}</p>
    </fieldset>
  )
}

function secondsOf(ms: number): string {
  return t('ui.reach.seconds', { s: ms / 1000 })
}

function Stepper({ measure, less, more }: { measure: Measure; less: string; more: string }) {
  const now = settings.value[measure]
  const name = t(`ui.reach.${measure}`)
  const named = (act: string) => t('ui.reach.of', { act: t(act), what: name })
  const by = (step: 1 | -1) => keepSettings(stepped(settings.value, measure, step))
  return (
    <div class="reach-stepper" role="group" aria-label={name}>
      <p>
        {name} <output>{secondsOf(now)}</output>
      </p>
      <div class="row">
        <button type="button" data-again aria-label={named(less)} disabled={now <= ranges[measure].least} onClick={() => by(-1)}>
          {t(less)}
        </button>
        <button type="button" data-again aria-label={named(more)} disabled={now >= ranges[measure].most} onClick={() => by(1)}>
          {t(more)}
        </button>
      </div>
    </div>
  )
}

function sourceName(source: Source): string {
  const [kind, which = ''] = source.split(':')
  if (kind === 'key') return which === 'Space' || which === 'Enter' ? t(`ui.reach.key.${which.toLowerCase()}`) : which.replace(/^(Key|Digit)/, '')
  return t(kind === 'mouse' ? 'ui.reach.mouse' : 'ui.reach.pad', { n: Number(which) + 1 })
}

// The next key or button that is pressed is the switch; Escape leaves it as it was.
function useLearning(which: 'choose' | 'move') {
  const [on, setOn] = useState(false)
  // Before the words that ask for a key are seen: however quick the hand, it is heard.
  useLayoutEffect(() => {
    if (!on) return undefined
    waiting.value = true
    const timer = setTimeout(() => setOn(false), patience_ms)
    const end = listen((source, isClosed, event) => {
      if (!isClosed || source === 'key:Tab' || (event instanceof KeyboardEvent && event.repeat)) return
      swallow(event)
      if (source !== 'key:Escape') change({ [which]: source, ...swapped(which, source) })
      setTimeout(() => setOn(false), 400) // the same pulse must not press as well
    })
    return () => {
      clearTimeout(timer)
      end()
      waiting.value = false
    }
  }, [on])
  return { on, begin: () => setOn(true) }
}

// One switch cannot be both: the other takes over what this one was.
function swapped(which: 'choose' | 'move', source: Source): Partial<Settings> {
  const other = which === 'choose' ? 'move' : 'choose'
  return settings.value[other] === source ? { [other]: settings.value[which] } : {}
}

function Learn({ which }: { which: 'choose' | 'move' }) {
  const { on, begin } = useLearning(which)
  return (
    <div class="reach-stepper">
      <p>
        {t(`ui.reach.${which}`)} <output>{sourceName(settings.value[which])}</output>
      </p>
      <button type="button" aria-pressed={on} onClick={begin}>
        {t(on ? 'ui.reach.learn.now' : `ui.reach.learn.${which}`)}
      </button>
    </div>
  )
}

function Card() {
  return (
    <p class="quiet reach-card">
      {t('ui.reach.card')} <code>{location.origin + '/' + toAddress(settings.value)}</code>
    </p>
  )
}

export function SwitchSheet() {
  const { mode, sound } = settings.value
  return (
    <SheetDialog id="reach-title" title={t('ui.reach.title')}>
      <Modes />
      {mode === 'auto' && <Stepper measure="speed_ms" less="ui.reach.faster" more="ui.reach.slower" />}
      {mode !== 'off' && (
        <>
          <Learn which="choose" />
          {mode === 'step' && <Learn which="move" />}
          <Stepper measure="debounce_ms" less="ui.reach.shorter" more="ui.reach.longer" />
          <Stepper measure="hold_ms" less="ui.reach.shorter" more="ui.reach.longer" />
          <Switch label={t('ui.reach.sound')} on={sound} change={(on) => change({ sound: on })} />
          <Card />
        </>
      )}
      {may('viewer') && <BodyPart />}
    </SheetDialog>
  )
}
