// SPDX-License-Identifier: AGPL-3.0-or-later
// At the foot: what the house holds, and where its source is (AGPL section 13).

import { about, readAbout } from './about'
import { t, tn, lang } from '../base/words'
import { weight } from '../base/show'
import { mayHaveChanged, useNews } from '../base/useNews'
import { showSheet } from '../reach/sheets'

export function Footer() {
  const house = about.value
  useNews((news) => news.kind === 'item' || mayHaveChanged(news), () => void readAbout())
  return (
    <footer id="foot" class="foot" tabIndex={-1}>
      {house && house.items > 0 && (
        <p>
          {[
            house.photos > 0 && tn('ui.foot.photos', house.photos),
            house.videos > 0 && tn('ui.foot.videos', house.videos),
            house.sounds > 0 && tn('ui.foot.sounds', house.sounds),
            house.films > 0 && tn('ui.foot.films', house.films),
          ]
            .filter(Boolean)
            .join(t('ui.comma'))}
          {t('ui.foot.weight', { weight: weight(house.bytes, lang.value) })}
        </p>
      )}
      {house && (
        <p class="row">
          <a href="/sitting">{t('ui.sit.title')}</a>
          {house.trash > 0 && <a href="/trash">{t('ui.foot.trash', { n: house.trash })}</a>}
          {house.hidden > 0 && <a href="/hidden">{t('ui.foot.hidden', { n: house.hidden })}</a>}
        </p>
      )}
      <p>
        {t('ui.foot.free')}{' '}
        {house && (
          <a href={house.source} rel="external noreferrer">
            {t('ui.foot.source', { version: house.version })}
          </a>
        )}
      </p>
      <p class="foot-reach" data-scan="no">
        <button type="button" class="plain" onClick={() => showSheet('switch')}>
          {t('ui.reach.title')}
        </button>
        <button type="button" class="plain" onClick={() => showSheet('keys')}>
          {t('ui.keys.title')}
        </button>
      </p>
    </footer>
  )
}
