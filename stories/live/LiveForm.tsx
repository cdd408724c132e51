import { FileAnswerField } from 'file-answer-field'
import { type FormEvent, useState } from 'react'
import type { Host, SavedFile } from './host.js'

/** A form whose files are stored for real, and come back as downloads. */
export function LiveForm({ host, isServed }: { readonly host: Host; readonly isServed: boolean }) {
  const [saved, setSaved] = useState<readonly SavedFile[] | null>(null)
  const [problem, setProblem] = useState('')
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setProblem('')
    await host.save(form).then(setSaved, (cause: unknown) => setProblem(String(cause)))
  }
  return (
    <form onSubmit={send} aria-label="Application">
      {isServed ? null : (
        <p role="note">
          Nothing is behind a built catalogue: here files stay in this page. With <code>npm run storybook</code> they go
          to a storage and come back from it.
        </p>
      )}
      <FileAnswerField label="Documents" name="documents" required whenPending="wait" {...host.source} />
      <button type="submit">Send application</button>
      {problem === '' ? null : <p role="alert">{problem}</p>}
      {saved === null ? null : (
        <ul aria-label="Saved files">
          {saved.map(({ name, url }) => (
            <li key={url}>
              <a href={url} download={name}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      )}
    </form>
  )
}
