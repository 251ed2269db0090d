// SPDX-License-Identifier: AGPL-3.0-or-later
// Opens the room: lamp first, then words, then the page.

import './style/app.css'
import { render } from 'preact'
import { App } from './app/App'
import { readAbout } from './app/about'
import { openRoutes } from './app/route'
import { openDoor } from './add/door'
import { openReachBeside } from './reach/Reach'
import { openTheme } from './base/theme'
import { openWords } from './base/words'
import { openNews } from './net/live'
import { openUnsent } from './record/unsent'

openTheme()
const words = wordsInTheEnd()
const again_ms = 2000

// The page can be here before the house answers: then it waits, and index.html says so.
async function wordsInTheEnd(): Promise<void> {
  for (;;) {
    try {
      return await openWords()
    } catch {
      await new Promise((done) => setTimeout(done, again_ms))
    }
  }
}

async function open(): Promise<void> {
  const room = document.getElementById('room')
  if (!room) return
  await words
  openRoutes()
  openDoor()
  openUnsent()
  room.textContent = ''
  render(<App />, room)
  openReachBeside()
  await readAbout()
  openNews()
}

if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => void open())
else void open()
