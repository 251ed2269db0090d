// SPDX-License-Identifier: AGPL-3.0-or-later
// The first run: a language, an owner, a folder of pictures, a place for backups. One thing on each
// page, and all but the first can wait.

import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { go } from '../app/route'
import { writeCookie } from '../base/cookies'
import { changeLang, lang, t, type Lang } from '../base/words'
import { Field, Password, Wrong } from '../door/Field'
import { may, mayStart, me, readMe, shownName } from '../door/me'
import { sentenceOf } from '../net/api'
import { door } from '../net/door'
import { house, type Folders } from '../net/house'
import { follow } from '../net/jobs'
import { ChooseBackup } from './ChooseBackup'
import { FolderPicker } from './FolderPicker'

const steps = 4

function to(step: number): void {
  go(step > steps ? '/' : `/start?step=${step}`)
}

function finish(path = '/'): void {
  writeCookie('start', 'done')
  go(path)
}

// The house stands once it has begun: whoever comes back to '/' is not sent here again.
export function wantsStart(items: number): boolean {
  return mayStart() && !me.value.owned && items === 0 && !document.cookie.includes('start=done')
}

function Step({ at, title, text, later, children }: { at: number; title: string; text: string; later?: ComponentChildren; children: ComponentChildren }) {
  return (
    <Page title={title} narrow>
      <p class="quiet">{t('ui.start.step', { at, of: steps })}</p>
      <p class="lead">{text}</p>
      {children}
      <div class="row later">
        {at > 1 && (
          <button type="button" class="plain" onClick={() => to(at - 1)}>
            {t('ui.start.back')}
          </button>
        )}
        {later}
      </div>
    </Page>
  )
}

function Later({ text, act }: { text: string; act: () => void }) {
  return (
    <button type="button" class="plain" onClick={act}>
      {text}
    </button>
  )
}

function Language() {
  const choose = (wanted: Lang) => void changeLang(wanted).then(() => to(2))
  return (
    <Step at={1} title={t('ui.start.title')} text={t('ui.start.language')}>
      <div class="row languages">
        <button type="button" class={lang.value === 'zh-CN' ? 'act' : ''} lang="zh-CN" onClick={() => choose('zh-CN')}>
          {t('ui.start.zh')}
        </button>
        <button type="button" class={lang.value === 'en' ? 'act' : ''} lang="en" onClick={() => choose('en')}>
          {t('ui.start.en')}
        </button>
      </div>
    </Step>
  )
}

function Owner() {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [trouble, setTrouble] = useState('')
  const submit = async (event: Event) => {
    event.preventDefault()
    setTrouble('')
    try {
      await door.own(name, password)
      writeCookie('came', 'account')
      await readMe()
      to(3)
    } catch (cause) {
      setTrouble(sentenceOf(cause))
    }
  }
  if (me.value.owned) {
    return (
      <Step at={2} title={t('ui.start.owner')} text={t('ui.start.owner.done', { name: shownName.value })}>
        <button type="button" class="act" onClick={() => to(3)}>
          {t('ui.start.on')}
        </button>
      </Step>
    )
  }
  return (
    <Step at={2} title={t('ui.start.owner')} text={t('ui.start.owner.text')} later={may('owner') && <Later text={t('ui.start.owner.later')} act={() => to(3)} />}>
      <form class="sheet-of-paper" onSubmit={(event) => void submit(event)}>
        <Field id="name" label={t('ui.start.owner.name')} value={name} change={setName} complete="username" required />
        <Password
          id="password"
          label={t('ui.enter.password')}
          hint={t('ui.door.password.hint')}
          value={password}
          change={setPassword}
          complete="new-password"
          wrong={trouble !== ''}
          required
        />
        {trouble && <Wrong text={trouble} />}
        <button type="submit" class="act">
          {t('ui.start.on')}
        </button>
      </form>
    </Step>
  )
}

function Pictures() {
  const [trouble, setTrouble] = useState('')
  const take = async (folder: Folders) => {
    try {
      follow(await house.bringIn(folder.path))
    } catch (cause) {
      setTrouble(sentenceOf(cause))
      return
    }
    to(4)
  }
  return (
    <Step at={3} title={t('ui.start.pictures')} text={t('ui.start.pictures.text')} later={<Later text={t('ui.start.pictures.later')} act={() => go('/start?step=4&drag')} />}>
      {trouble && <Wrong text={trouble} />}
      <FolderPicker take={t('ui.start.pictures.take')} taken={(folder) => void take(folder)} />
    </Step>
  )
}

function Backups({ dragging }: { dragging: boolean }) {
  const end = () => finish(dragging ? '/add' : '/')
  return (
    <Step at={4} title={t('ui.start.backup')} text={t('ui.start.backup.text')} later={<Later text={t('ui.start.backup.later')} act={end} />}>
      <ChooseBackup chosen={end} />
    </Step>
  )
}

export function Start({ query }: { query: URLSearchParams }) {
  const step = Number(query.get('step') ?? '1')
  const welcome = mayStart()
  useEffect(() => {
    if (!welcome) go('/', 'replace')
  }, [welcome])
  if (!welcome) return null
  if (step === 2) return <Owner key="2" />
  if (step === 3) return <Pictures key="3" />
  if (step === 4) return <Backups key="4" dragging={query.has('drag')} />
  return <Language key="1" />
}
