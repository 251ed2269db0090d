// SPDX-License-Identifier: AGPL-3.0-or-later
// The coach's card: how a clip was heard, lit and held, in points before and after it was mended, what
// took points off as it came, and what would help next time.

import { hasWord, t, tn } from '../base/words'
import { coach, fitting, isAsked } from '../net/coach'
import type { Item, Judgement, KitRecipe, Scored, Untold } from '../net/shapes'
import { showSheet } from '../reach/sheets'
import { costsOf, judgedOf, measured, type Part, parts } from './judged'

const advice_most = 3

const points = (part: Scored) => Math.round(Math.min(100, Math.max(0, part.score)))

function Side({ name, part }: { name: string; part: Scored | Untold }) {
  if ('why' in part) return <p>{t(`coach.why.${part.why}`, { part: name })}</p>
  const score = points(part)
  return (
    <p class="coach-side">
      <span>{name}</span>{' '}
      <span class="coach-bar" aria-hidden="true">
        <span style={{ width: `${score}%` }} />
      </span>{' '}
      <span class="coach-points">{score}</span>
    </p>
  )
}

// What the work came to, in so many words.
function Effect({ before, after }: { before: Scored | Untold; after: Scored | Untold }) {
  if ('why' in before || 'why' in after) return null
  const more = points(after) - points(before)
  if (more === 0) return <p class="coach-effect">{t('ui.coach.same')}</p>
  return <p class={more > 0 ? 'coach-effect more' : 'coach-effect'}>{tn(more > 0 ? 'ui.coach.more' : 'ui.coach.less', Math.abs(more))}</p>
}

function Costs({ part }: { part: Scored | Untold }) {
  // What this house has no words for, another one wrote down.
  const costs = 'why' in part ? [] : costsOf(part).filter(({ cause }) => hasWord(`coach.cause.${cause}`))
  if (costs.length === 0) return null
  return (
    <ul class="coach-costs">
      {costs.map(({ cause, value, cost }) => (
        <li key={cause}>{tn('ui.coach.cost', Math.round(cost), { why: t(`coach.cause.${cause}`, { value: measured(value) }) })}</li>
      ))}
    </ul>
  )
}

function PartRow({ name, before, after }: { name: Part; before: Scored | Untold; after: Scored | Untold }) {
  const said = t(`coach.part.${name}`)
  if ('why' in before && 'why' in after && before.why === after.why) return <p>{t(`coach.why.${before.why}`, { part: said })}</p>
  return (
    <div class="coach-part">
      <h3>{said}</h3>
      <Side name={t('ui.compare.before')} part={before} />
      <Side name={t('ui.compare.after')} part={after} />
      <Effect before={before} after={after} />
      <Costs part={before} />
    </div>
  )
}

function Advice({ judged }: { judged: Judgement }) {
  if (!parts.some((part) => 'score' in judged[part])) return null
  if (judged.advice.length === 0) return <p>{t('coach.nothing')}</p>
  if (isAsked.value) return null // nothing is said that somebody's body cannot do, not for a moment
  const keys = judged.advice.map((one) => fitting(one, coach.value)).filter((key) => key.startsWith('coach.advice.') && hasWord(key))
  if (keys.length === 0) return null
  return (
    <div class="coach-part">
      <h3 id="coach-next">{t('coach.next_time')}</h3>
      <ol class="coach-advice" aria-labelledby="coach-next">
        {keys.slice(0, advice_most).map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ol>
      {coach.value && (
        <button type="button" class="plain offer" onClick={() => showSheet('switch')}>
          {t('ui.coach.body')}
        </button>
      )}
    </div>
  )
}

// Old film and old tape were held by somebody long ago: they need no advice.
const isOld = (recipe: KitRecipe) => recipe.report.footage !== undefined

export function CoachCard({ item }: { item: Pick<Item, 'kind' | 'rendition_list'> }) {
  const judged = judgedOf(item)
  if (!judged) return null
  const told = parts.filter((part) => item.kind === 'video' || part === 'sound')
  return (
    <section class="coach" aria-labelledby="coach-title">
      <h2 id="coach-title">{t('ui.coach.title')}</h2>
      <p>{t('ui.coach.text')}</p>
      {told.map((part) => (
        <PartRow key={part} name={part} before={judged.before[part]} after={judged.after[part]} />
      ))}
      {!isOld(judged) && <Advice judged={judged.before} />}
    </section>
  )
}
