// SPDX-License-Identifier: AGPL-3.0-or-later
// Opens the room: lamp first, then words, then the page.

import './style/app.css'
import { render } from 'preact'
import { App } from './app/App'
import { about, readAbout } from './app/about'
import { go, openRoutes } from './app/route'
import { openDoor } from './add/door'
import { openKept } from './apart/kept'
import { openThin } from './apart/thin'
import { openCodes } from './door/code'
import { leadIn, may, me, openMe } from './door/me'
import { wantsStart } from './house/Start'
import { openReachBeside } from './reach/Reach'
import { openTheme } from './base/theme'
import { openWords } from './base/words'
import { openNews } from './net/live'
import { openUnsent } from './record/unsent'
import { trustPath } from './trust/Trust'

openTheme()
openThin()
openCodes()
const words = inTheEnd(openWords)
const who = inTheEnd(openMe)
const again_ms = 2000

// The page can be here before the house answers: then it waits, and index.html says so.
async function inTheEnd(what: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await what()
    } catch {
      await new Promise((done) => setTimeout(done, again_ms))
    }
  }
}

// A house that is new begins with its first page.
async function leadToStart(): Promise<void> {
  await readAbout()
  if (about.value && wantsStart(about.value.items)) go('/start', 'replace')
}

async function open(): Promise<void> {
  const room = document.getElementById('room')
  if (!room) return
  await words
  await who
  openRoutes()
  openDoor()
  if (may('viewer') && location.pathname === '/' && !me.value.owned) await leadToStart()
  // Nobody has come in there yet: these pages see to it themselves.
  const open_to_all = [trustPath, '/a'].includes(location.pathname) || (location.pathname.startsWith('/frame/') && location.hash !== '')
  if (me.value.role === 'nobody' && !open_to_all) leadIn()
  if (may('guest')) openUnsent()
  openKept()
  room.textContent = ''
  render(<App />, room)
  openReachBeside()
  if (may('viewer')) await readAbout()
  if (may('guest')) openNews()
}

if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => void open())
else void open()
