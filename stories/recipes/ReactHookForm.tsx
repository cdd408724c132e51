import { FileAnswerField } from 'file-answer-field'
import { Controller, useForm } from 'react-hook-form'

interface Answers {
  documents: string[]
}

export function WithReactHookForm({ onSend }: { onSend: (answers: Answers) => void }) {
  const { control, handleSubmit } = useForm<Answers>({ defaultValues: { documents: [] } })
  return (
    <form onSubmit={handleSubmit((answers) => onSend(answers))}>
      <Controller
        name="documents"
        control={control}
        rules={{ validate: (ids) => ids.length > 0 || 'We need at least one document.' }}
        render={({ field, fieldState }) => (
          <FileAnswerField
            {...field}
            label="Documents"
            endpoint="/api/uploads"
            error={fieldState.error?.message}
            whenPending="wait"
          />
        )}
      />
      <button type="submit">Send</button>
    </form>
  )
}
