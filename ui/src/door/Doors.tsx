// SPDX-License-Identifier: AGPL-3.0-or-later
// The doors of the house, for those who look after it.

import { useEffect, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { t } from '../base/words'
import { door, type HomeName, type Someone } from '../net/door'
import { Accounts } from './Accounts'
import { Cards } from './Cards'
import { Homes } from './Homes'
import { may, me } from './me'
import { SessionList } from './SessionList'

export function Doors() {
  const [persons, setPersons] = useState<Someone[]>([])
  const [homes, setHomes] = useState<HomeName[]>([])
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    void door.persons().then((found) => setPersons(found.persons), () => undefined)
    void door.homes().then((found) => setHomes(found.homes), () => undefined)
  }, [])
  if (!me.value.owned) {
    return (
      <Page title={t('ui.doors.title')} narrow>
        <p>{t('ui.doors.unowned')}</p>
        <p>
          <a class="button act" href="/start">
            {t('ui.here.start')}
          </a>
        </p>
      </Page>
    )
  }
  const home = homes.find((one) => one.id === me.value.home)?.name ?? ''
  return (
    <Page title={t('ui.doors.title')} narrow>
      <Accounts persons={persons} />
      <Cards persons={persons} home={home} changed={() => setTurn(turn + 1)} />
      <section class="part" aria-labelledby="sessions">
        <h2 id="sessions">{t('ui.doors.sessions')}</h2>
        <SessionList turn={turn} />
      </section>
      {may('owner') && <Homes homes={homes} told={setHomes} />}
    </Page>
  )
}
