// SPDX-License-Identifier: AGPL-3.0-or-later
// Beyond home: a picture is let out by whoever may, and kept back by whoever is in it. Who stands in the
// way is told by name to those who look after the home.

import { useEffect, useState } from 'preact/hooks'
import { Switch } from '../app/Switch'
import { showSlip } from '../base/say'
import { mayHaveChanged, useNews } from '../base/useNews'
import { t } from '../base/words'
import { may, me } from '../door/me'
import { myWord } from '../door/word'
import { hasRefused, isLetOut, releasesOf } from '../hand/table'
import { api, sentenceOf } from '../net/api'
import { consents, type Audience, type May } from '../net/consent'
import type { InPicture, Item } from '../net/shapes'

interface Props {
  item: Item
  changed: (item: Item) => void
}

type Answers = Record<'kin' | 'public', May>

function useMay(item: string): Answers | null {
  const [answers, setAnswers] = useState<Answers | null>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let here = true
    Promise.all([consents.may(item, 'kin'), consents.may(item, 'public')]).then(
      ([kin, everybody]) => here && setAnswers({ kin, public: everybody }),
      () => here && setAnswers(null), // the picture's own page says what went wrong
    )
    return () => {
      here = false
    }
  }, [item, turn])
  useNews((news) => mayHaveChanged(news) || (news.kind === 'item' && news.id === item), () => setTurn((now) => now + 1))
  return answers
}

// Each of several words in turn; then the picture as it is now.
async function say({ item, changed }: Props, words: readonly [Audience, boolean | null][]): Promise<void> {
  try {
    for (const [audience, allow] of words) await consents.release(item.id, audience, allow)
    changed(await api.item(item.id))
    showSlip({ text: t('ui.edit.kept') })
  } catch (cause) {
    showSlip({ text: sentenceOf(cause) })
  }
}

// One's own yes is taken back; against the yes of another only a no helps.
function back(item: Item, audience: Audience): [Audience, boolean | null] {
  const others = releasesOf(item.claims, audience).some((one) => one.allow && one.who !== myWord.value)
  return [audience, others ? false : null]
}

function Missing({ persons, ids }: { persons: readonly InPicture[]; ids: readonly string[] }) {
  const names = ids.map((id) => persons.find((one) => one.id === id)?.name).filter(Boolean)
  if (ids.length === 0) return null
  return <p class="beyond-way">{names.length === ids.length ? t('ui.beyond.way', { names: names.join(t('ui.comma')) }) : t('ui.beyond.way.some')}</p>
}

function Out({ audience, answer, props }: { audience: 'kin' | 'public'; answer: May; props: Props }) {
  const { item } = props
  const out = isLetOut(releasesOf(item.claims, audience)) && !hasRefused(releasesOf(item.claims, audience), myWord.value)
  const turn = (on: boolean) => {
    const words: [Audience, boolean | null][] = on
      ? audience === 'public' ? [['kin', true], ['public', true]] : [['kin', true]]
      : audience === 'kin' ? [back(item, 'public'), back(item, 'kin')] : [back(item, 'public')]
    return void say(props, words)
  }
  return (
    <div class="beyond-to">
      <Switch label={t(`ui.beyond.${audience}`)} on={out} change={turn} />
      {out && answer.may && <p class="quiet">{t(`ui.beyond.${audience}.goes`)}</p>}
      {out && !answer.may && <p class="quiet">{t('ui.beyond.waits')}</p>}
      {out && answer.in_the_way && <Missing persons={item.persons ?? []} ids={answer.in_the_way} />}
    </div>
  )
}

function NotThisOne(props: Props) {
  const { item } = props
  const refused = hasRefused(releasesOf(item.claims, 'kin'), me.value.person)
  const turn = (on: boolean) => void say(props, [['kin', on ? false : null], ['public', on ? false : null]])
  return (
    <div class="beyond-to">
      <Switch label={t('ui.beyond.not_this')} on={refused} change={turn} />
      <p class="quiet">{t('ui.beyond.not_this.does')}</p>
    </div>
  )
}

export function Beyond(props: Props) {
  const { item } = props
  const answers = useMay(item.id)
  const isIn = me.value.person !== '' && (item.persons ?? []).some((one) => one.id === me.value.person)
  const says = answers?.kin.may_say === true
  if (item.trashed || !answers || (!says && !isIn)) return null
  return (
    <section class="beyond" aria-labelledby="beyond-title">
      <h2 id="beyond-title">{t('ui.beyond')}</h2>
      <p>{t(says && !may('keeper') ? 'ui.beyond.asked' : 'ui.beyond.does')}</p>
      {isIn && <NotThisOne {...props} />}
      {says && <Out audience="kin" answer={answers.kin} props={props} />}
      {says && <Out audience="public" answer={answers.public} props={props} />}
    </section>
  )
}
