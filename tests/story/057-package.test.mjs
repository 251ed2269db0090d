// SPDX-License-Identifier: AGPL-3.0-or-later
// The package for Debian: what is in it runs, and the service it brings is shut in.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { root } from './family.mjs'
import { House, has_program, picture, program } from './house.mjs'

const has = (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0
const why_not = !has_program ? 'no kinreel built' : !has('dpkg-shlibdeps') && 'no dpkg-dev'

function done(command, ...words) {
  const run = spawnSync(command, words, { encoding: 'utf8', timeout: 120_000 })
  assert.equal(run.status, 0, `${command} ${words.join(' ')}: ${run.stderr}${run.stdout}`)
  return run.stdout
}

describe('a package', { skip: why_not }, () => {
  let folder, deb, at
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kinreel-deb-'))
    deb = done(join(root, 'tools', 'deb'), dirname(program), folder).trim()
    at = join(folder, 'root')
    mkdirSync(at)
    done('dpkg', '-x', deb, at)
  }, { timeout: 180_000 })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('says what it needs and what its keeper may change', () => {
    const needs = done('dpkg-deb', '-f', deb, 'Depends')
    for (const one of ['libc6 (>= ', 'libmicrohttpd12', 'libgnutls30', 'libfido2-1', 'libcbor0.8', 'libssl3', 'libvips42', 'libavcodec'])
      assert.ok(needs.includes(one), one)
    const control = join(folder, 'control')
    done('dpkg-deb', '-e', deb, control)
    assert.equal(readFileSync(join(control, 'conffiles'), 'utf8'), '/etc/default/kinreel\n')
    for (const script of ['postinst', 'prerm', 'postrm']) {
      assert.equal(statSync(join(control, script)).mode & 0o777, 0o755)
      done('sh', '-n', join(control, script))
    }
    for (const line of readFileSync(join(control, 'md5sums'), 'utf8').trim().split('\n'))
      assert.ok(statSync(join(at, line.slice(34))).isFile())
    assert.ok(readdirSync(join(at, 'usr', 'share', 'doc', 'kinreel')).includes('copyright'))
    // Whoever builds it for others puts their own address in (DEBEMAIL); without one there is none.
    const no_address = ['--suppress-tags', 'bogus-mail-host,bogus-mail-host-in-debian-changelog']
    if (has('lintian')) done('lintian', '--allow-root', ...no_address, '--fail-on', 'error', deb)
  })

  test('brings a service that is shut in', { skip: !has('systemd-analyze') && 'no systemd-analyze' }, () => {
    const unit = join(at, 'lib', 'systemd', 'system', 'kinreel.service')
    done('systemd-analyze', 'security', '--offline=true', '--threshold=20', unit) // 2.0 of 10
    const wrong = spawnSync('systemd-analyze', ['verify', `--root=${at}`, unit], { encoding: 'utf8' }).stderr
    assert.ok(!/Unknown|Failed to parse|Invalid/.test(wrong), wrong)
  })

  test('runs from where it lies: archive, picture, pages', { timeout: 120_000 }, async () => {
    const house = await House.open({ program: join(at, 'usr', 'bin', 'kinreel') })
    try {
      const brought = await house.bringIn('gate.png', picture(60, 40, 1)) // its own kinreel-media has looked at it
      assert.equal(brought.status, 'added')
      assert.equal((await house.ask('GET', `/api/v1/items/${brought.id}/thumb/256`)).status, 200)
      assert.match((await house.ask('GET', '/')).headers['content-type'], /^text\/html/)
      assert.equal((await house.ask('GET', '/app.js')).status, 200)
      const { packs } = (await house.ask('GET', '/api/v1/era?q=x')).json // what an empty house sits before
      assert.equal(packs.reduce((sum, pack) => sum + pack.cards, 0), 100)
      assert.equal((await house.ask('GET', '/api/v1/era/china-daily.bicycle/media')).headers['content-type'], 'image/svg+xml')
    } finally {
      await house.close()
    }
  })
})

// Where no container can be built, its file is at least read as a builder reads it.
describe('the container file', { skip: !has_program && 'no kinreel built' }, () => {
  const text = readFileSync(join(root, 'Containerfile'), 'utf8').replace(/^#.*\n/gm, '').replace(/\\\n/g, ' ')
  const steps = text.split('\n').filter(Boolean).map((line) => ({ verb: line.split(' ')[0], rest: line.slice(line.indexOf(' ') + 1).trim() }))
  const all = (verb) => steps.filter((step) => step.verb === verb).map((step) => step.rest)

  test('is well formed: two stages, known steps, files that are there, nobody who is root', () => {
    const known = ['COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'RUN', 'USER', 'VOLUME', 'WORKDIR']
    assert.deepEqual(steps.filter((step) => !known.includes(step.verb)), [])
    assert.equal(all('FROM').length, 2)
    for (const copied of all('COPY').filter((one) => !one.startsWith('--from')))
      assert.ok(existsSync(join(root, copied.split(' ')[0])), copied)
    for (const words of all('RUN')) done('sh', '-n', '-c', words)
    assert.deepEqual(all('USER'), ['kinreel'])
    assert.deepEqual(JSON.parse(all('ENTRYPOINT')[0]), ['kinreel-start'])
  })

  test('asks rightly whether the house is well', async () => {
    const house = await House.open({ args: ['--no-worker', '--home'] })
    const check = JSON.parse(all('HEALTHCHECK')[0].replace(/^.*? CMD /, ''))
    const well = (port) => spawnSync(check[0], [check[1], check[2].replaceAll('8421', String(port))], { timeout: 10_000 }).status
    try {
      assert.equal(well(house.told.plain_port), 0)
    } finally {
      await house.close()
    }
    assert.notEqual(well(house.told.plain_port), 0)
  })
})
