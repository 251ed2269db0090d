// SPDX-License-Identifier: AGPL-3.0-or-later
// Opens the room: lamp first, then words, then the page.

import './style/app.css'
import { render } from 'preact'
import { App } from './app/App'
import { readAbout } from './app/about'
import { openRoutes } from './app/route'
import { openTheme } from './base/theme'
import { openWords } from './base/words'

openTheme()
const words = openWords()

async function open(): Promise<void> {
  const room = document.getElementById('room')
  if (!room) return
  // Without words there is still a page: keys instead of sentences.
  await words.catch(() => undefined)
  openRoutes()
  render(<App />, room)
  await readAbout()
}

if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => void open())
else void open()
