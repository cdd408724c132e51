/** Saved answers, in SQLite. A file belongs to one answer: its id is claimed in the transaction that saves it. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { VerifiedFile } from 'file-answer-field/server'
import sqlite from 'node-sqlite3-wasm'

export interface StoredAnswer {
  readonly id: string
  /** The person who saved it. */
  readonly subject: string
  readonly about: string
  /** Files by question, in the answer's order. */
  readonly files: readonly FileRow[]
}

export interface FileRow extends Omit<VerifiedFile, 'etag'> {
  readonly question: string
}

export interface AnswerDatabase {
  /** Saves a new answer or new content of one; gives back the ids that another answer has claimed. */
  save(answer: StoredAnswer): readonly string[]
  find(id: string): StoredAnswer | null
  close(): void
}

export function openDatabase(directory: string): AnswerDatabase {
  mkdirSync(directory, { recursive: true })
  const path = join(directory, 'answers.sqlite')
  // The engine locks by a folder, which a process that was killed leaves behind; the demo is this file's only user.
  rmSync(`${path}.lock`, { recursive: true, force: true })
  const database = new sqlite.Database(path)
  database.exec(`
    CREATE TABLE IF NOT EXISTS answers (id TEXT PRIMARY KEY, subject TEXT NOT NULL, about TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS files (
      id TEXT PRIMARY KEY, answer TEXT NOT NULL REFERENCES answers (id), question TEXT NOT NULL, position INTEGER NOT NULL,
      bucket TEXT NOT NULL, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, size INTEGER NOT NULL, type TEXT NOT NULL
    );
  `)
  return {
    save({ id, subject, about, files }) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const taken = files.filter((file) => {
          const owner = database.get('SELECT answer FROM files WHERE id = ? OR key = ?', [file.id, file.key])
          return owner !== null && owner?.answer !== id
        })
        if (taken.length > 0) {
          database.exec('ROLLBACK')
          return taken.map((file) => file.id)
        }
        database.run('INSERT INTO answers VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET about = excluded.about', [
          id,
          subject,
          about,
        ])
        database.run('DELETE FROM files WHERE answer = ?', [id])
        for (const [position, file] of files.entries()) {
          const { question, bucket, key, name, size, type } = file
          database.run('INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
            file.id,
            id,
            question,
            position,
            bucket,
            key,
            name,
            size,
            type,
          ])
        }
        database.exec('COMMIT')
        return []
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    find(id) {
      const answer = database.get('SELECT subject, about FROM answers WHERE id = ?', [id])
      if (!answer) return null
      const files = database.all(
        'SELECT question, id, bucket, key, name, size, type FROM files WHERE answer = ? ORDER BY position',
        [id],
      )
      return {
        id,
        subject: String(answer.subject),
        about: String(answer.about),
        files: files as unknown as FileRow[],
      }
    },
    close: () => database.close(),
  }
}
