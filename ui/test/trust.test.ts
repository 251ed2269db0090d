// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groups, systemOf } from '../src/trust/systems'

const agents = {
  iphone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1',
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15',
  android: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36',
  windows: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
  firefox: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0',
  chromium: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36',
}

test('each device finds its own steps', () => {
  assert.equal(systemOf(agents.iphone, 5), 'iphone')
  assert.equal(systemOf(agents.mac, 5), 'iphone') // an iPad
  assert.equal(systemOf(agents.mac, 0), 'macos')
  assert.equal(systemOf(agents.android, 5), 'android')
  assert.equal(systemOf(agents.windows, 10), 'windows')
  assert.equal(systemOf(agents.firefox, 0), 'firefox')
  assert.equal(systemOf(agents.chromium, 0), 'linux')
  assert.equal(systemOf('', 0), 'linux')
})

test('a fingerprint is read aloud in eight groups', () => {
  const bytes = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0').toUpperCase())
  assert.deepEqual(groups(bytes.join(':')).slice(0, 2), ['00 01 02 03', '04 05 06 07'])
  assert.equal(groups(bytes.join(':')).length, 8)
  assert.deepEqual(groups(''), [])
})
