/** The host's own API: saves a submitted form and gives it back with fresh download links. */
import { randomBytes } from 'node:crypto'
import type { createUploads } from 'file-answer-field/server'
import { type Question, questions, type SavedAnswer, type SavedFile } from '../shared/questions.ts'
import type { AnswerDatabase, FileRow, StoredAnswer } from './database.ts'

type Uploads = ReturnType<typeof createUploads>

interface Submission {
  readonly about: string
  readonly ids: Readonly<Record<Question['name'], readonly string[]>>
}

const refused = (status: number, code: string, more: object = {}) =>
  Response.json({ error: { code, ...more } }, { status })

/** Reads a submitted form: as a browser sends it, or the same as JSON. */
async function readSubmission(request: Request): Promise<Submission | null> {
  try {
    const isJson = request.headers.get('content-type')?.includes('application/json')
    const json = isJson ? ((await request.json()) as Record<string, unknown>) : null
    const form = isJson ? null : await request.formData()
    const members = (json?.answers ?? json) as Record<string, unknown> | null
    const all = (name: string): string[] => {
      const values = form === null ? members?.[name] : form.getAll(name)
      return (Array.isArray(values) ? values : []).filter((value): value is string => typeof value === 'string')
    }
    const about = form === null ? members?.about : form.get('about')
    return {
      about: typeof about === 'string' ? about.slice(0, 4_000) : '',
      ids: { photo: all('photo'), documents: all('documents'), video: all('video') },
    }
  } catch {
    return null
  }
}

export function createAnswersApi({ uploads, database }: { uploads: Uploads; database: AnswerDatabase }) {
  /**
   * Every id is looked at in storage before anything is saved; those saved before keep their place whatever their age.
   * Then the files are claimed: what is saved lasts, what isn't goes by itself.
   */
  async function save(request: Request, subject: string, before: StoredAnswer | null): Promise<Response> {
    const submission = await readSubmission(request)
    if (submission === null) return refused(400, 'invalid')
    const problems: object[] = []
    const savedOf = (name: string) =>
      before?.files.filter(({ question }) => question === name).map(({ id }) => id) ?? []
    for (const { name, required } of questions) {
      const ids = submission.ids[name]
      if (required && ids.length === 0) problems.push({ question: name, code: 'required' })
      const verified = await uploads.verifyAnswer(ids, { subject, field: name, saved: savedOf(name) })
      if (!verified.ok) problems.push(...verified.problems.map((problem) => ({ question: name, ...problem })))
    }
    if (problems.length > 0) return refused(422, 'invalid', { problems })
    const files: FileRow[] = []
    for (const { name } of questions) {
      const claimed = await uploads.claim(submission.ids[name], { subject, field: name }, { saved: savedOf(name) })
      if (!claimed.ok)
        return refused(422, 'invalid', {
          problems: claimed.problems.map((problem) => ({ question: name, ...problem })),
        })
      files.push(...claimed.files.map((file) => ({ ...file, question: name })))
    }
    const id = before?.id ?? randomBytes(9).toString('base64url')
    const taken = database.save({ id, subject: before?.subject ?? subject, about: submission.about, files })
    if (taken.length > 0) return refused(409, 'claimed', { ids: taken })
    await deleteRemoved(before, files)
    return Response.json({ id }, { status: before === null ? 201 : 200 })
  }

  /** What left the answer goes from storage too, once the answer is saved without it. */
  async function deleteRemoved(before: StoredAnswer | null, files: readonly FileRow[]): Promise<void> {
    if (before === null) return
    const kept = new Set(files.map(({ key }) => key))
    for (const { name: field } of questions) {
      const removed = before.files.filter(({ question, key }) => question === field && !kept.has(key))
      const ids = removed.map(({ id }) => id)
      for (const receipt of await uploads.deleteAnswer(ids, { subject: before.subject, field })) {
        // The answer is saved all the same; a file that could not be deleted is the operator's to look after.
        if (receipt.status === 'failed') console.warn(`Not deleted: ${receipt.error.name}`)
      }
    }
  }

  async function show(answer: StoredAnswer): Promise<SavedAnswer> {
    const of = async (question: string): Promise<SavedFile[]> =>
      Promise.all(
        answer.files
          .filter((file) => file.question === question)
          .map(async ({ id, bucket, key, name, size, type }) => {
            const { url } = await uploads.presignDownload({ bucket, key, name, type })
            return { id, name, size, type, url }
          }),
      )
    const [photo, documents, video] = await Promise.all([of('photo'), of('documents'), of('video')])
    return { id: answer.id, answers: { about: answer.about, photo, documents, video } }
  }

  return {
    create: (request: Request, subject: string) => save(request, subject, null),
    async read(id: string): Promise<Response> {
      const answer = database.find(id)
      return answer === null ? refused(404, 'unknown') : Response.json(await show(answer))
    },
    async update(request: Request, id: string, subject: string): Promise<Response> {
      const answer = database.find(id)
      if (answer === null) return refused(404, 'unknown')
      // Who saved it may change it.
      return answer.subject === subject ? save(request, subject, answer) : refused(403, 'denied')
    },
    find: async (id: string): Promise<SavedAnswer | null> => {
      const answer = database.find(id)
      return answer === null ? null : show(answer)
    },
  }
}
