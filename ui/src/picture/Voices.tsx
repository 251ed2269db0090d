// SPDX-License-Identifier: AGPL-3.0-or-later
// One matter in everybody's words: what each says, how sure, since when; which one is shown, and why.

import type { ComponentChildren } from 'preact'
import { showSlip } from '../base/say'
import { dayName } from '../base/show'
import { hasWord, lang, t } from '../base/words'
import { BandMark } from '../line/BandMark'
import { api, sentenceOf } from '../net/api'
import type { Item } from '../net/shapes'
import { disagree, isPerson, sureness, whyOf, type Voice } from './telling'

interface Props {
  voices: readonly Voice[]
  item: Item
  changed: (item: Item) => void
  looks?: string
  draw: (voice: Voice) => ComponentChildren
}

function whoSays(who: string): string {
  const known = `ui.who.${who || 'someone'}` // whoever lets theirs rest is not named
  return hasWord(known) ? t(known) : t('ui.who.named', { name: who })
}

function Who({ voice, several }: { voice: Voice; several: boolean }) {
  const personal = isPerson(voice)
  const how = personal ? t(`ui.sure.${sureness(voice.claim.certain)}`) : ''
  const when = personal ? t('ui.voice.on', { day: dayName(voice.claim.at, lang.value) }) : ''
  const all = several ? [whoSays(voice.who), how, when] : [whoSays(voice.who), how && how !== t('ui.sure.sure') ? how : '']
  return <span class="who">{all.filter(Boolean).join(t('ui.comma'))}</span>
}

function TakeBack({ voice, item, changed }: { voice: Voice; item: Item; changed: (item: Item) => void }) {
  const back = () =>
    api.claim(item.id, 'retract', voice.claim.id).then(
      (next) => {
        changed(next)
        showSlip({ text: t('ui.voice.taken') })
      },
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  return (
    <button type="button" class="plain take-back" aria-label={t('ui.voice.back.of', { text: voice.text })} onClick={() => void back()}>
      {t('ui.voice.back')}
    </button>
  )
}

export function Voices({ voices, item, changed, looks, draw }: Props) {
  const several = voices.length > 1
  const why = whyOf(voices)
  const drawn = voices.map((voice) => (
    <li key={voice.claim.id} class={voice.counts ? 'voice counts' : 'voice'}>
      <p class={looks}>
        {draw(voice)} <Who voice={voice} several={several} />
        {voice.span && <BandMark span={voice.span} years />}
      </p>
      {several && voice.counts && why && <p class="quiet why">{t(`ui.voice.why.${why}`)}</p>}
      {voice.own && <TakeBack voice={voice} item={item} changed={changed} />}
    </li>
  ))
  return (
    <>
      {disagree(voices) && <p class="two-say">{t('ui.voice.two')}</p>}
      <ul class="voices">{drawn}</ul>
    </>
  )
}
