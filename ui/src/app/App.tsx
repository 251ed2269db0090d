// SPDX-License-Identifier: AGPL-3.0-or-later
// The room: what stands on every page, and the page itself.

import type { ComponentChildren } from 'preact'
import { heard } from '../base/say'
import { lang, t } from '../base/words'
import { Add } from '../add/Add'
import { Apart } from '../apart/Apart'
import { RoundPage } from '../apart/RoundPage'
import { AnswerPage, ComeIn } from '../ask/AnswerPage'
import { Doors } from '../door/Doors'
import { Enter } from '../door/Enter'
import { Guest } from '../door/Guest'
import { may, me } from '../door/me'
import { MyDoor } from '../door/MyDoor'
import { EraPage } from '../era/EraPage'
import { ThingPage } from '../era/ThingPage'
import { FilmPage } from '../film/FilmPage'
import { Films } from '../film/Films'
import { MakeFilm } from '../film/MakeFilm'
import { AlbumPage } from '../album/AlbumPage'
import { Albums } from '../album/Albums'
import { useUndoKey } from '../batch/ActionSlip'
import { Hidden } from '../find/Hidden'
import { Search } from '../find/Search'
import { Trash } from '../find/Trash'
import { Mine } from '../hand/Mine'
import { House } from '../house/House'
import { Start } from '../house/Start'
import { Home } from '../line/Home'
import { People } from '../people/People'
import { PersonPage } from '../people/PersonPage'
import { SameAge } from '../people/SameAge'
import { Picture } from '../picture/Picture'
import { ReachSheets } from '../reach/Reach'
import { Record } from '../record/Record'
import { Frame, paceOf } from '../shelf/Frame'
import { AboutMe } from '../sit/AboutMe'
import { For } from '../sit/For'
import { Room as Sitting } from '../sit/Room'
import { Start as SittingStart } from '../sit/Start'
import { Who } from '../who/Who'
import { Footer } from './Footer'
import { Trust, trustPath } from '../trust/Trust'
import { Header } from './Header'
import { Page } from './Page'
import { isBare, place } from './route'
import { SlipAtFoot } from './SlipAtFoot'

function Nowhere() {
  return (
    <Page title={t('ui.nowhere.title')} narrow>
      <p>{t('ui.nowhere.text')}</p>
      <p>
        <a class="button" href="/">
          {t('ui.nowhere.home')}
        </a>
      </p>
    </Page>
  )
}

function pageAt(path: string, query: URLSearchParams): ComponentChildren {
  const [, room = '', id = '', more] = path.split('/')
  if (room === 'sitting' && id === 'for' && more) return <For key={more} id={more} />
  if (more !== undefined) return <Nowhere />
  if (room === 'enter' && !id) return <Enter />
  if (room === 'start' && !id) return <Start query={query} />
  if (room === 'me' && !id) return <MyDoor />
  if (room === 'a' && !id) return <ComeIn />
  if (me.value.role === 'nobody') return null // on the way to the door
  if (room === 'mine' && !id) return <Mine />
  if (me.value.role === 'guest') return me.value.about ? <AnswerPage key={me.value.about} id={me.value.about} /> : <Guest />
  if (room === 'answer' && id) return <AnswerPage key={id} id={id} />
  if (room === 'doors' && !id && may('keeper')) return <Doors />
  if (room === 'house' && !id && may('keeper')) return <House />
  if (room === '' && !id) return <Home choosing={query.has('choose')} />
  if (room === 'item' && id) return <Picture id={id} />
  if (room === 'films' && !id) return <Films />
  if (room === 'film' && id === 'new' && may('teller')) return <MakeFilm />
  if (room === 'film' && id) return <FilmPage key={id} id={id} />
  if (room === 'people' && !id) return <People />
  if (room === 'person' && id) return <PersonPage key={id} id={id} />
  if (room === 'apart' && !id) return <Apart />
  if (room === 'apart' && id) return <RoundPage key={id} id={id} />
  if (room === 'same-age' && !id) return <SameAge query={query} />
  if (room === 'who' && !id && may('teller')) return <Who key={query.toString()} query={query} />
  if (room === 'about-me' && id) return <AboutMe key={id} id={id} />
  if (room === 'add' && !id && may('teller')) return <Add />
  if (room === 'era' && !id) return <EraPage decade={Number(query.get('decade'))} />
  if (room === 'thing' && id) return <ThingPage key={id} id={decodeURIComponent(id)} />
  if (room === 'record' && !id && may('teller') && query.has('film')) return <Record key="film" kind="film" />
  if (room === 'record' && !id && may('teller')) return <Record key="sound" kind="sound" />
  if (room === 'albums' && !id) return <Albums />
  if (room === 'album' && id) return <AlbumPage key={id} id={id} />
  if (room === 'hidden' && !id) return <Hidden />
  if (room === 'search' && !id) return <Search q={query.get('q') ?? ''} />
  if (room === 'trash' && !id && may('keeper')) return <Trash />
  return <Nowhere />
}

// Rooms with walls of their own: no header, no foot.
function roomAt(path: string, query: URLSearchParams): ComponentChildren {
  const [, room = '', id = '', more] = path.split('/')
  // A frame comes in by its own address, so it is drawn before anybody has.
  if (room === 'frame') return <Frame key={path} sitter={id === 'anybody' ? '' : id} minutes={paceOf(more)} />
  if (!may('viewer')) return null
  if (room === 'sitting' && !id) return <SittingStart />
  if (room === 'sitting' && id === 'room') return <Sitting query={query} />
  return null
}

function skip(id: string) {
  return (event: MouseEvent) => {
    event.preventDefault()
    const target = document.getElementById(id)
    target?.focus()
    target?.scrollIntoView()
  }
}

export function App() {
  const { path, query } = place.value
  useUndoKey()
  if (path === trustPath) return <Trust key={lang.value} />
  const own = roomAt(path, query)
  if (own) return <div key={lang.value}>{own}</div>
  return (
    <div class="room" key={lang.value}>
      <a class="skip" data-scan="no" href="#main" onClick={skip('main')}>
        {t('ui.skip.main')}
      </a>
      {!isBare(path) && (
        <a class="skip" data-scan="no" href="#foot" onClick={skip('foot')}>
          {t('ui.skip.foot')}
        </a>
      )}
      {!isBare(path) && <Header path={path} q={path === '/search' ? (query.get('q') ?? '') : ''} />}
      <main id="main" tabIndex={-1}>
        {pageAt(path, query)}
      </main>
      {!isBare(path) && <Footer />}
      {!isBare(path) && <SlipAtFoot />}
      <ReachSheets />
      <p class="unseen" role="status" aria-live="polite">
        {heard.value}
      </p>
    </div>
  )
}
