import { getFormProps, useForm } from '@conform-to/react'
import { parseWithValibot } from '@conform-to/valibot'
import { FileAnswerField } from 'file-answer-field'
import { array, type InferOutput, minLength, object, optional, pipe, string } from 'valibot'

const answers = object({
  documents: pipe(optional(array(string()), []), minLength(1, 'We need at least one document.')),
})

export function WithConform({ onSend }: { onSend: (sent: InferOutput<typeof answers>) => void }) {
  const [form, fields] = useForm({
    onValidate: ({ formData }) => parseWithValibot(formData, { schema: answers }),
    onSubmit(event, { submission }) {
      event.preventDefault()
      if (submission?.status === 'success') onSend(submission.value as InferOutput<typeof answers>)
    },
  })
  // Conform reads the form's data, where the field puts its ids: nothing has to be wired but the error.
  return (
    <form {...getFormProps(form)}>
      <FileAnswerField
        label="Documents"
        name={fields.documents.name}
        endpoint="/api/uploads"
        error={fields.documents.errors?.join(' ')}
        whenPending="wait"
      />
      <button type="submit">Send</button>
    </form>
  )
}
