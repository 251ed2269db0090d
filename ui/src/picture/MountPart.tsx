// SPDX-License-Identifier: AGPL-3.0-or-later
// What carried the camera: chosen among what the home has learnt, or learnt from this very clip.

import { useEffect, useState } from 'preact/hooks'
import { NameForm } from '../album/NameForm'
import { showSlip } from '../base/say'
import { useReturn } from '../base/useReturn'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { follow, isOpen, jobFor } from '../net/jobs'
import { forgetMount, learnMount, mounts, readMounts } from '../net/mounts'
import type { Item } from '../net/shapes'

const ride_least_ms = 5000 // of a shorter one nothing can be learnt

interface Props {
  item: Item
  mount: string
  change: (mount: string) => void
}

function Choose({ mount, change }: Omit<Props, 'item'>) {
  const names = (mounts.value ?? []).map((one) => one.name)
  if (names.length === 0) return null
  return (
    <label class="field">
      <span>{t('ui.mount.choose')}</span>
      <select value={mount} onChange={(event) => change(event.currentTarget.value)}>
        <option value="">{t('ui.mount.none')}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Forget({ mount, change }: Omit<Props, 'item'>) {
  const [asked, ask] = useState(false)
  const open = useReturn(asked)
  useEffect(() => ask(false), [mount])
  const forget = () =>
    forgetMount(mount).then(
      () => change(''),
      (cause: unknown) => showSlip({ text: sentenceOf(cause) }),
    )
  if (!asked)
    return (
      <button type="button" class="plain offer" ref={open} onClick={() => ask(true)}>
        {t('ui.mount.forget', { name: mount })}
      </button>
    )
  return (
    <div class="card" role="group" aria-label={t('ui.mount.forget', { name: mount })}>
      <p>{t('ui.mount.forget.sure')}</p>
      <div class="row">
        <button type="button" onClick={() => void forget()}>
          {t('ui.mount.forget.yes')}
        </button>
        <button type="button" class="plain" onClick={() => ask(false)}>
          {t('ui.mount.forget.no')}
        </button>
      </div>
    </div>
  )
}

export function MountPart({ item, mount, change }: Props) {
  const [naming, name] = useState(false)
  const [waits, wait] = useState(false) // for what was asked for here
  const job = jobFor(item.id)
  const learnt = job?.kind === 'mount' && job.state === 'done' ? (job.result?.mount ?? '') : ''
  useEffect(() => void readMounts().then(() => waits && learnt && change(learnt)), [learnt])
  const known = mounts.value
  const open = useReturn(naming)
  if (!known) return null
  const learn = async (text: string) => {
    follow(await learnMount(item.id, text))
    wait(true)
  }
  return (
    <div class="mount">
      <Choose mount={mount} change={change} />
      {known.length === 0 && <p class="quiet">{t('ui.mount.how')}</p>}
      {mount && <Forget mount={mount} change={change} />}
      {naming && <NameForm id="mount-name" label={t('ui.mount.name')} value="" beside keep={learn} done={() => name(false)} />}
      {!naming && item.duration_ms >= ride_least_ms && (
        <button type="button" class="plain offer" ref={open} aria-disabled={job !== null && isOpen(job)} onClick={() => name(!job || !isOpen(job))}>
          {t('ui.mount.learn')}
        </button>
      )}
    </div>
  )
}
