import { FileAnswerField } from 'file-answer-field'
import { useActionState } from 'react'

interface Outcome {
  ids: string[]
  error: string | null
}

/** `save` may be a server action: what it gets is the form's own data. It resolves with what is wrong, or null. */
export function WithFormAction({ save }: { save: (answers: FormData) => Promise<string | null> }) {
  const [{ ids, error }, send] = useActionState(
    async (_: Outcome, answers: FormData): Promise<Outcome> => ({
      // React resets the form after its action. What stands in `defaultValue` stays, with its rows as they are.
      ids: answers.getAll('documents').map(String),
      error: await save(answers),
    }),
    { ids: [], error: null },
  )
  return (
    <form action={send}>
      <FileAnswerField
        label="Documents"
        name="documents"
        endpoint="/api/uploads"
        defaultValue={ids}
        error={error}
        whenPending="wait"
      />
      <button type="submit">Send</button>
    </form>
  )
}
