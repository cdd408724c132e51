import { useForm } from '@tanstack/react-form'
import { FileAnswerField } from 'file-answer-field'

interface Answers {
  documents: string[]
}

export function WithTanStackForm({ onSend }: { onSend: (answers: Answers) => void }) {
  const form = useForm({
    defaultValues: { documents: [] } as Answers,
    onSubmit: ({ value }) => onSend(value),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void form.handleSubmit()
      }}
    >
      <form.Field
        name="documents"
        validators={{
          onChange: ({ value }) => (value.length > 0 ? undefined : 'We need at least one document.'),
        }}
      >
        {({ name, state, handleChange, handleBlur }) => (
          <FileAnswerField
            label="Documents"
            name={name}
            endpoint="/api/uploads"
            value={state.value}
            onChange={(ids) => handleChange(ids)}
            onBlur={handleBlur}
            error={state.meta.isTouched ? state.meta.errors.join(' ') : undefined}
            whenPending="wait"
          />
        )}
      </form.Field>
      <button type="submit">Send</button>
    </form>
  )
}
