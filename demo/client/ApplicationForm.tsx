/** The form: three file questions and a text question, sent once all files are stored. */
import { FileAnswerField } from 'file-answer-field'
import { type FormEvent, useState } from 'react'
import { questions, type SavedAnswer } from '../shared/questions.ts'
import type { Words } from './words.ts'

export function ApplicationForm({ t, saved, query }: { t: Words; saved: SavedAnswer | null; query: string }) {
  const [isSending, setIsSending] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const body = new URLSearchParams()
    for (const [name, value] of new FormData(event.currentTarget))
      if (typeof value === 'string') body.append(name, value)
    setIsSending(true)
    setError(null)
    const path = saved === null ? '/api/answers' : `/api/answers/${saved.id}`
    const response = await fetch(path, { method: saved === null ? 'POST' : 'PUT', body }).catch(() => null)
    if (response?.ok) {
      const { id } = (await response.json()) as { id: string }
      window.location.assign(`/answers/${id}${query}`)
      return
    }
    setIsSending(false)
    setError(response?.status === 409 ? t.claimed : t.failed)
  }

  return (
    <form onSubmit={send}>
      {questions.map(({ name, required, accept, maxFiles, maxSize }) => (
        <FileAnswerField
          key={name}
          name={name}
          label={t[name]}
          description={t[`${name}Help`]}
          endpoint="/api/uploads"
          accept={accept}
          maxFiles={maxFiles}
          maxSize={maxSize}
          required={required}
          whenPending="wait"
          defaultValue={saved?.answers[name].map(({ id }) => id)}
          knownFiles={saved?.answers[name]}
        />
      ))}
      <div className="question">
        <label htmlFor="about">{t.about}</label>
        <p id="about-help">{t.aboutHelp}</p>
        <textarea
          id="about"
          name="about"
          rows={5}
          maxLength={4000}
          aria-describedby="about-help"
          defaultValue={saved?.answers.about}
        />
      </div>
      {error === null ? null : (
        <p role="alert" className="error">
          {error}
        </p>
      )}
      <button type="submit" className="primary" aria-disabled={isSending}>
        {isSending ? t.sending : saved === null ? t.submit : t.save}
      </button>
    </form>
  )
}
