// SPDX-License-Identifier: AGPL-3.0-or-later
// The line of time: the first page of the house.

import { useEffect } from 'preact/hooks'
import { Page } from '../app/Page'
import { Switch } from '../app/Switch'
import { Trouble } from '../app/Trouble'
import { about } from '../app/about'
import { mayHaveChanged, useNews } from '../base/useNews'
import { lang, t, tn } from '../base/words'
import { ActionSlip, ChooseButton } from '../batch/ActionSlip'
import { may } from '../door/me'
import { lineIsOn, openPublicLine, switchLine } from '../era/publicline'
import { Arrivals } from '../house/Arrivals'
import { BackupNote } from '../house/BackupNote'
import { choosing } from './choice'
import { Line } from './Line'
import { forgetLine, openLine, sections, trouble } from './store'

function Empty() {
  const trash = about.value?.trash ?? 0
  return (
    <div class="empty">
      <img src="/icon.svg" alt="" width="72" height="72" />
      <p class="lead">{t('ui.line.empty')}</p>
      {may('teller') && <p>{t('ui.line.empty.how')}</p>}
      {may('teller') && (
        <p>
          <a class="button act" href="/add">
            {t('ui.line.empty.act')}
          </a>
        </p>
      )}
      {!may('teller') && <p>{t('ui.line.empty.wait')}</p>}
      {trash > 0 && may('keeper') && (
        <p>
          <a href="/trash">{tn('ui.line.empty.trash', trash)}</a>
        </p>
      )}
    </div>
  )
}

export function Home({ choosing: wished }: { choosing: boolean }) {
  const line = sections.value
  useEffect(() => {
    void openLine()
    void openPublicLine()
  }, [lang.value])
  useEffect(() => {
    choosing.value = wished
  }, [wished])
  const total = line?.reduce((sum, section) => sum + section.count, 0) ?? 0
  const again = () => {
    forgetLine()
    void openLine()
  }
  useNews(mayHaveChanged, again)
  const start = total > 0 && (
    <div class="line-tools">
      <a class="tool" href="/era">
        {t('ui.era.cards')}
      </a>
      <Switch label={t('ui.era.switch')} on={lineIsOn.value} change={switchLine} />
      {may('teller') && <ChooseButton />}
    </div>
  )
  return (
    <Page title={t('ui.line.title')} beside={start}>
      <BackupNote />
      <Arrivals />
      {trouble.value && <Trouble text={trouble.value} again={again} />}
      {line && total === 0 && <Empty />}
      {line && total > 0 && <Line sections={line} />}
      <ActionSlip />
    </Page>
  )
}
