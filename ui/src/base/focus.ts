// SPDX-License-Identifier: AGPL-3.0-or-later
// Where the keys go once something is drawn anew. The next key, however quick, must meet it: what comes
// with a component takes the keys in a layout effect, what a handler leaves behind takes them here. An
// effect or an animation frame would come too late on a slow machine.

export function focusDrawn(whom: () => HTMLElement | null | undefined): void {
  queueMicrotask(() => whom()?.focus())
}
