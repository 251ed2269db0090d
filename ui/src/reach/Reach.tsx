// SPDX-License-Identifier: AGPL-3.0-or-later
// Frame, strip and tray live beside the page, in whatever dialog is open: what is outside an open
// dialog cannot be used. The two dialogs are part of the page.

import { render } from 'preact'
import { lang } from '../base/words'
import { openReach } from './engine'
import { Frame } from './Frame'
import { KeySheet } from './KeySheet'
import { openSettings } from './settings'
import { openKeys, sheet } from './sheets'
import { SwitchSheet } from './SwitchSheet'
import { Tray } from './Tray'

export function ReachSheets() {
  if (sheet.value === 'switch') return <SwitchSheet />
  return sheet.value === 'keys' ? <KeySheet /> : null
}

function Beside() {
  return (
    <div key={lang.value}>
      <Tray />
      <Frame />
    </div>
  )
}

function stayInside(home: HTMLElement): void {
  const move = () => {
    const open = [...document.querySelectorAll('dialog:modal')].pop() ?? document.body
    if (home.parentElement !== open) open.append(home)
  }
  new MutationObserver(move).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['open'] })
}

export function openReachBeside(): void {
  openSettings()
  openKeys()
  const home = document.createElement('div')
  home.id = 'reach'
  document.body.append(home)
  render(<Beside />, home)
  stayInside(home)
  openReach()
}
