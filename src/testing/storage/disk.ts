// Bytes and records in a directory. A body is written under a name that nobody knows and never changed afterwards;
// a record names the bodies it consists of and replaces its forerunner in one rename. So whatever is interrupted, an
// object is either there as a whole or not at all, and readers of a replaced object keep what they opened.
import { randomUUID } from 'node:crypto'
import {
  createReadStream,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

/** A stored run of bytes; an object has one, or one a part. */
export interface Body {
  readonly file: string
  readonly size: number
}

export type Disk = ReturnType<typeof openDisk>

export function openDisk(directory: string) {
  const bodies = join(directory, 'bodies')
  mkdirSync(bodies, { recursive: true })

  /** Streams into a new body; removes it again when `fill` throws. */
  async function writeBody<T>(
    fill: (write: (chunk: Uint8Array) => Promise<void>) => Promise<T>,
  ): Promise<{ body: Body; result: T }> {
    const file = randomUUID()
    let size = 0
    const handle = await open(join(bodies, file), 'wx')
    try {
      const result = await fill(async (chunk) => {
        size += chunk.length
        let written = 0
        while (written < chunk.length) written += (await handle.write(chunk, written)).bytesWritten
      })
      await handle.close()
      return { body: { file, size }, result }
    } catch (error) {
      await handle.close()
      removeBody({ file, size })
      throw error
    }
  }

  /** How many are reading a body. It is removed only when nobody is, so that a download outlives its object. */
  const readers = new Map<string, number>()
  const removedWhileRead = new Set<string>()

  /** The bytes from `start` up to, not including, `end`, across bodies. Opens each body only when its turn comes. */
  function readBodies(list: readonly Body[], start: number, end: number): AsyncGenerator<Buffer, void> {
    for (const { file } of list) readers.set(file, (readers.get(file) ?? 0) + 1)
    return readHeld(list, start, end)
  }

  async function* readHeld(list: readonly Body[], start: number, end: number): AsyncGenerator<Buffer, void> {
    let offset = 0
    try {
      for (const { file, size } of list) {
        const from = Math.max(start - offset, 0)
        const to = Math.min(end - offset, size)
        offset += size
        if (from < to) yield* createReadStream(join(bodies, file), { start: from, end: to - 1 })
      }
    } finally {
      for (const body of list) release(body)
    }
  }

  function release(body: Body): void {
    const left = (readers.get(body.file) ?? 1) - 1
    if (left > 0) {
      readers.set(body.file, left)
      return
    }
    readers.delete(body.file)
    if (removedWhileRead.delete(body.file)) removeBody(body)
  }

  /** Another name for the same bytes. */
  function linkBody({ file, size }: Body): Body {
    const copy = randomUUID()
    linkSync(join(bodies, file), join(bodies, copy))
    return { file: copy, size }
  }

  function removeBody({ file }: Body): void {
    if (readers.has(file)) {
      removedWhileRead.add(file)
      return
    }
    rmSync(join(bodies, file), { force: true })
  }

  /** Removes the bodies that no record names: left by a process that ended while it received. */
  function sweepBodies(named: ReadonlySet<string>): void {
    for (const file of readdirSync(bodies)) if (!named.has(file)) removeBody({ file, size: 0 })
  }

  // Records are written synchronously: nothing can come between a check of a record and its replacement.
  function writeRecord(path: readonly string[], value: unknown): void {
    const target = join(directory, ...path)
    mkdirSync(join(target, '..'), { recursive: true })
    writeFileSync(`${target}~`, JSON.stringify(value))
    renameSync(`${target}~`, target)
  }

  function readRecord<T>(...path: string[]): T {
    return JSON.parse(readFileSync(join(directory, ...path), 'utf8')) as T
  }

  function remove(...path: string[]): void {
    rmSync(join(directory, ...path), { recursive: true, force: true })
  }

  /** Names of the records or folders there; none where the folder is missing. */
  function list(...path: string[]): string[] {
    try {
      return readdirSync(join(directory, ...path)).filter((name) => !name.endsWith('~'))
    } catch {
      return []
    }
  }

  return { writeBody, readBodies, linkBody, removeBody, sweepBodies, writeRecord, readRecord, remove, list }
}
