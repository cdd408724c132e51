/** The files in a dropped folder, and in those within it. Loaded with the first folder that is dropped. */
import type { FileInFolder } from '../engine/chosenFile.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { failure } from '../protocol/failure.js'
import { inNaturalOrder, isFolder, type TransferredFolder } from './transferredFiles.js'

/** Adds what was dropped together: files, and what is in the folders. */
export async function addWithFolders(
  answer: FileAnswer,
  files: readonly File[],
  folders: readonly TransferredFolder[],
): Promise<void> {
  const all: (File | FileInFolder)[] = [...files]
  const found = await Promise.all(folders.map(async ({ file, entry }) => ({ file, inside: await filesIn(entry) })))
  for (const { file, inside } of found) {
    all.push(...inside.files)
    answer.refuse(inside.unreadable, failure('unreadable'))
    if (inside.files.length + inside.unreadable.length === 0) answer.refuse([file], failure('file-empty'))
  }
  answer.add(inNaturalOrder(all))
}

interface FolderFiles {
  readonly files: readonly FileInFolder[]
  /** The system would not give them out. */
  readonly unreadable: readonly File[]
}

const nothing: FolderFiles = { files: [], unreadable: [] }

const together = (found: readonly FolderFiles[]): FolderFiles => ({
  files: found.flatMap(({ files }) => files),
  unreadable: found.flatMap(({ unreadable }) => unreadable),
})

/** Never rejects: what can't be read is told beside the rest. */
async function filesIn(folder: FileSystemDirectoryEntry): Promise<FolderFiles> {
  const reader = folder.createReader()
  const nextOf = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
  const found: FolderFiles[] = []
  try {
    // A browser gives a hundred at a time, and none at the end.
    for (let batch = await nextOf(); batch.length > 0; batch = await nextOf())
      found.push(together(await Promise.all(batch.map(filesOf))))
  } catch {
    found.push(refused(folder))
  }
  return together(found)
}

const refused = ({ name }: FileSystemEntry): FolderFiles => ({ files: [], unreadable: [new File([], name)] })

async function filesOf(entry: FileSystemEntry): Promise<FolderFiles> {
  if (isFolder(entry)) return filesIn(entry)
  if (!entry.isFile) return nothing
  try {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    // As browsers tell the paths of a chosen folder: from its own name on.
    return { files: [{ file, path: entry.fullPath.replace(/^\//, '') }], unreadable: [] }
  } catch {
    return refused(entry)
  }
}
