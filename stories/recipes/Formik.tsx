import { FileAnswerField } from 'file-answer-field'
import { useFormik } from 'formik'

interface Answers {
  documents: string[]
}

export function WithFormik({ onSend }: { onSend: (answers: Answers) => void }) {
  const { values, errors, touched, setFieldValue, setFieldTouched, handleSubmit } = useFormik<Answers>({
    initialValues: { documents: [] },
    validate: ({ documents }) => (documents.length > 0 ? {} : { documents: 'We need at least one document.' }),
    onSubmit: (answers) => onSend(answers),
  })
  return (
    <form onSubmit={handleSubmit}>
      <FileAnswerField
        label="Documents"
        name="documents"
        endpoint="/api/uploads"
        value={values.documents}
        onChange={(ids) => void setFieldValue('documents', ids)}
        onBlur={() => void setFieldTouched('documents')}
        error={touched.documents ? errors.documents : undefined}
        whenPending="wait"
      />
      <button type="submit">Send</button>
    </form>
  )
}
