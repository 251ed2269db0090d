// SPDX-License-Identifier: AGPL-3.0-or-later
// esbuild reads these; the type checker only needs to know that they may be imported.
declare module '*.css'
