// SPDX-License-Identifier: AGPL-3.0-or-later
// node build.mjs OUTDIR: checks the types, bundles, and writes exactly the files of files.txt.
// The same input gives the same bytes, on Node 18 and later.

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))

function fail(sentence) {
  console.error(`build.mjs: ${sentence}`)
  process.exit(1)
}

async function importEsbuild() {
  try {
    return await import('esbuild')
  } catch {
    return fail('no esbuild here; run `npm ci` in ui/ first')
  }
}

function checkTypes() {
  const tsc = join(here, 'node_modules', 'typescript', 'bin', 'tsc')
  const run = spawnSync(process.execPath, [tsc, '--noEmit', '-p', here], { stdio: 'inherit' })
  if (run.status !== 0) fail('the types do not hold')
}

async function bundle(out) {
  const esbuild = await importEsbuild()
  await esbuild.build({
    absWorkingDir: here,
    entryPoints: { app: 'src/main.tsx' },
    outdir: out,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome100', 'firefox100', 'safari15.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: '/* kinreel. AGPL-3.0-or-later; contains preact (MIT). */' },
    logLevel: 'warning',
  })
}

function report(out, names) {
  const found = readdirSync(out).sort().join(' ')
  if (found !== [...names].sort().join(' ')) fail(`${out} holds ${found}, but files.txt names ${names.join(' ')}`)
  for (const name of names) {
    const path = join(out, name)
    const packed = gzipSync(readFileSync(path)).length
    console.log(`${name.padEnd(12)} ${String(statSync(path).size).padStart(7)} B ${String(packed).padStart(7)} B gzip`)
  }
}

const [outArgument, ...rest] = process.argv.slice(2)
if (!outArgument || rest.length > 0) fail('usage: node build.mjs OUTDIR')
const out = resolve(outArgument)
const names = readFileSync(join(here, 'files.txt'), 'utf8').split('\n').filter(Boolean)
mkdirSync(out, { recursive: true })
checkTypes()
await bundle(out)
for (const name of ['index.html', 'icon.svg']) copyFileSync(join(here, 'src', name), join(out, name))
report(out, names)
