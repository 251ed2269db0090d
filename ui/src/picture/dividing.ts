// SPDX-License-Identifier: AGPL-3.0-or-later
// Where the line between before and after stands: [0,1] from the left.

export function dividerStep(at: number, key: string): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -0.05,
    ArrowDown: -0.05,
    ArrowRight: 0.05,
    ArrowUp: 0.05,
    PageDown: -0.2,
    PageUp: 0.2,
    Home: -1,
    End: 1,
  }
  const step = steps[key]
  return step === undefined ? null : clamp(Math.round((at + step) * 100) / 100)
}

export function dividerAt(x: number, left: number, width: number): number {
  return width > 0 ? clamp((x - left) / width) : 0.5
}

function clamp(at: number): number {
  return Math.min(1, Math.max(0, at))
}
