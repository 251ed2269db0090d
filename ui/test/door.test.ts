// SPDX-License-Identifier: AGPL-3.0-or-later
// The door, without a browser: codes as people write them, devices as families call them, ways back that
// stay in the house; and where copies go in a folder that is taken.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64, toBase64 } from '../src/base/base64'
import { bareCode, codeOf, inGroups } from '../src/door/code'
import { browserOf, deviceOf, longAgo } from '../src/door/device'
import { isName } from '../src/door/passkey'
import { mayBe, wayBack } from '../src/door/ways'
import { backupPlace, shownPath, stepsTo } from '../src/house/places'
import type { Folders } from '../src/net/house'

test('a code is one however it is written', () => {
  for (const written of ['ABCD2345WXYZ', 'abcd 2345 wxyz', ' abcd-2345-wxyz\n', 'AbCd·2345·WxYz']) assert.equal(bareCode(written), 'ABCD2345WXYZ')
  assert.equal(inGroups('abcd2345wxyz'), 'ABCD 2345 WXYZ')
  assert.equal(codeOf('#ABCD2345WXYZ'), 'ABCD2345WXYZ')
  assert.equal(codeOf('#main'), '')
  assert.equal(codeOf('#' + 'A'.repeat(5000)), '')
  assert.equal(codeOf(''), '')
})

test('a browser is told by the device a family has', () => {
  const safari = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1'
  const tablet = 'Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36'
  const wechat = 'Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0.47'
  const edge = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0'
  assert.deepEqual([deviceOf(safari), browserOf(safari)], ['phone', 'Safari'])
  assert.deepEqual([deviceOf(tablet), browserOf(tablet)], ['tablet', 'Chrome'])
  assert.deepEqual([deviceOf(wechat), browserOf(wechat)], ['phone', 'WeChat'])
  assert.deepEqual([deviceOf(edge), browserOf(edge)], ['computer', 'Edge'])
  assert.deepEqual([deviceOf('curl/8'), browserOf('curl/8')], ['thing', ''])
})

test('a device can be known at a name, not at a number', () => {
  for (const name of ['lamp.local', 'home.localhost', 'localhost', 'photos2.example.org', '1984.example']) assert.ok(isName(name), name)
  for (const number of ['127.0.0.1', '192.168.1.5', '[fd00::5]', '::1', '']) assert.ok(!isName(number), number)
})

test('bytes come back from text as they went, with the letters for addresses too', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes)
  assert.deepEqual(fromBase64('-_-_'), Uint8Array.from([0xfb, 0xff, 0xbf]))
})

test('how long ago, as people say it', () => {
  const now = Date.UTC(2026, 0, 10)
  assert.equal(longAgo(now - 30_000, now, 'en'), '')
  assert.equal(longAgo(now + 90_000, now, 'en'), '')
  assert.equal(longAgo(now - 5 * 60_000, now, 'en'), '5 minutes ago')
  assert.equal(longAgo(now - 26 * 3600_000, now, 'en'), 'yesterday')
  assert.match(longAgo(now - 5 * 60_000, now, 'zh-CN'), /5\s?分钟前/)
})

test('the way back stays in the house', () => {
  assert.equal(wayBack('/item/7?x=1'), '/item/7?x=1')
  for (const bad of [null, '', 'https://evil.example/', '//evil.example', '/\\evil.example', '/enter', '/enter?to=/enter', 'javascript:alert(1)'])
    assert.equal(wayBack(bad), '/')
})

test('a role may what those below it may', () => {
  assert.ok(mayBe('keeper', 'teller') && mayBe('viewer', 'viewer') && mayBe('owner', 'guest'))
  assert.ok(!mayBe('viewer', 'teller') && !mayBe('nobody', 'guest') && !mayBe('guest', 'viewer'))
})

const folder = (more: Partial<Folders>): Folders => ({
  path: '/media/disk', parent: '/media', files: 0, free_bytes: 0, empty: false, archive: false, writable: true, same_disk: false, more: false, folders: [], places: [], ...more,
})

test('copies get a folder of their own, unless the one that is taken is empty or holds them already', () => {
  assert.equal(backupPlace(folder({})), '/media/disk/kinreel-backup')
  assert.equal(backupPlace(folder({ path: '/' })), '/kinreel-backup')
  assert.equal(backupPlace(folder({ empty: true })), '/media/disk')
  assert.equal(backupPlace(folder({ archive: true })), '/media/disk')
})

test('a path is walked step by step, and a percent sign is one', () => {
  assert.deepEqual(stepsTo('/'), [{ name: '/', path: '/' }])
  assert.deepEqual(stepsTo('/a/100%25'), [
    { name: '/', path: '/' },
    { name: 'a', path: '/a' },
    { name: '100%', path: '/a/100%25' },
  ])
  assert.equal(shownPath('/a/%FF'), '/a/%FF')
})
