import { FileAnswerField, type StoredFile } from 'file-answer-field'

/** Rendered on a server: names, links and ids are in its HTML, and the form can be sent before any script runs. */
export function SavedAnswer({ saved }: { saved: readonly StoredFile[] }) {
  return (
    <form method="post" aria-label="Application">
      <FileAnswerField
        label="Documents"
        name="documents"
        endpoint="/api/uploads"
        defaultValue={saved.map(({ id }) => id)}
        knownFiles={saved}
      />
      <button type="submit">Save</button>
    </form>
  )
}
