// SPDX-License-Identifier: AGPL-3.0-or-later

import { useEffect, useState } from 'preact/hooks'
import { changeTheme, theme, themes, type Theme } from '../base/theme'
import { changeLang, lang, t, type Lang } from '../base/words'
import { Sign, type SignName } from './Sign'
import { may, me } from '../door/me'
import { WhoMenu } from '../door/WhoMenu'
import type { Role } from '../net/door'
import { go } from './route'

const rooms: readonly { href: string; key: string; sign: SignName; also: string; least: Role }[] = [
  { href: '/', key: 'ui.nav.line', sign: 'line', also: '/item/', least: 'viewer' },
  { href: '/people', key: 'ui.nav.people', sign: 'people', also: '/person/', least: 'viewer' },
  { href: '/albums', key: 'ui.nav.albums', sign: 'album', also: '/album', least: 'viewer' },
  { href: '/films', key: 'ui.nav.films', sign: 'film', also: '/film/', least: 'viewer' },
  { href: '/add', key: 'ui.nav.add', sign: 'add', also: '/add', least: 'teller' },
  { href: '/search', key: 'ui.nav.search', sign: 'search', also: '/search', least: 'viewer' },
  { href: '/trash', key: 'ui.nav.trash', sign: 'trash', also: '/trash', least: 'keeper' },
]

function Rooms({ path }: { path: string }) {
  return (
    <nav class="rooms" aria-label={t('ui.nav.label')}>
      <ul>
        {rooms.filter((room) => may(room.least)).map((room) => (
          <li key={room.href} class={`to-${room.sign}`}>
            <a href={room.href} aria-current={path === room.href || path.startsWith(room.also) ? 'page' : undefined}>
              <Sign name={room.sign} />
              <span>{t(room.key)}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export function SearchField({ q, big }: { q: string; big?: boolean }) {
  const [text, setText] = useState(q)
  useEffect(() => setText(q), [q])
  const find = (event: Event) => {
    event.preventDefault()
    go('/search?q=' + encodeURIComponent(text.trim()))
  }
  return (
    <form role="search" class={big ? 'find big' : 'find'} onSubmit={find}>
      <Sign name="search" />
      <input
        type="search"
        aria-label={t('ui.search.label')}
        placeholder={t('ui.search.placeholder')}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  )
}

export function LangSwitch() {
  const other: Lang = lang.value === 'en' ? 'zh-CN' : 'en'
  const change = () => void changeLang(other).then(() => document.getElementById('lang-switch')?.focus())
  return (
    <button type="button" id="lang-switch" class="plain" lang={other} onClick={change}>
      {t('ui.lang.other')}
    </button>
  )
}

export function ThemeChoice() {
  return (
    <label class="theme">
      <Sign name="lamp" />
      <span class="unseen">{t('ui.theme.label')}</span>
      <select value={theme.value} onChange={(event) => changeTheme(event.currentTarget.value as Theme)}>
        {themes.map((choice) => (
          <option key={choice} value={choice}>
            {t(`ui.theme.${choice}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

export function Header({ path, q }: { path: string; q: string }) {
  const inside = may('viewer') && path !== '/start' && (path !== '/enter' || me.value.session !== '')
  return (
    <header class="top">
      <a class="brand" href="/" data-scan="no">
        <img src="/icon.svg" alt="" width="32" height="32" />
        <span>{t('app.name')}</span>
      </a>
      {inside && <Rooms path={path} />}
      {path === '/search' || !inside ? <span class="gap" /> : <SearchField q={q} />}
      <WhoMenu path={path} />
      <LangSwitch />
      <ThemeChoice />
    </header>
  )
}
