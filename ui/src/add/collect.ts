// SPDX-License-Identifier: AGPL-3.0-or-later
// The files in what was dropped or chosen, folders walked through, hidden and empty ones left aside.

function entriesOf(data: DataTransfer): FileSystemEntry[] {
  const entries: FileSystemEntry[] = []
  for (const item of Array.from(data.items)) {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null
    if (entry) entries.push(entry)
  }
  return entries
}

// A folder is read in helpings of a hundred, until one is empty.
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed))
    if (some.length === 0) return all
    all.push(...some)
  }
}

async function walk(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (isHidden(entry.name)) return
  if (entry.isFile) {
    const file = entry as FileSystemFileEntry
    found.push(await new Promise<File>((done, failed) => file.file(done, failed)))
  } else if (entry.isDirectory) {
    for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) await walk(child, found)
  }
}

export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini'
}

// The entries must be taken before the first await: the drop is over by then.
export async function dropped(data: DataTransfer): Promise<File[]> {
  const plain = Array.from(data.files)
  const entries = entriesOf(data)
  if (entries.length === 0) return plain.filter((file) => !isHidden(file.name))
  const found: File[] = []
  for (const entry of entries) await walk(entry, found)
  return found
}

export function chosen(list: FileList | null): File[] {
  return Array.from(list ?? []).filter((file) => !isHidden(file.name))
}
