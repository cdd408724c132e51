import { FileAnswerField, type FileAnswerHandle, settledAll } from 'file-answer-field'
import { type QuestionFileModel, SurveyModel } from 'survey-core'
import { ReactQuestionFactory, Survey } from 'survey-react-ui'
import { useState } from 'react'

/** The fields on the page now, by question. */
const fields = new Map<string, FileAnswerHandle>()

/** What SurveyJS keeps of a file: `content` is where its bytes are, here our id. */
interface SurveyFile {
  name: string
  type: string
  content: string
}

interface QuestionProps {
  question: QuestionFileModel
}

function FileQuestion({ question }: QuestionProps) {
  const saved = (question.value ?? []) as SurveyFile[]
  return (
    <FileAnswerField
      ref={(handle) => {
        if (handle === null) fields.delete(question.name)
        else fields.set(question.name, handle)
      }}
      label={question.title}
      field={question.name}
      endpoint="/api/uploads"
      required={question.isRequired}
      readOnly={question.isReadOnly}
      defaultValue={saved.map(({ content }) => content)}
      knownFiles={saved.map(({ content, name, type }) => ({ id: content, name, type, size: 0 }))}
      onChange={(_, files) => {
        const value = files.map(({ id, name, type }): SurveyFile => ({ name, type, content: id }))
        ;(question.survey as SurveyModel).setValue(question.name, value)
      }}
    />
  )
}
ReactQuestionFactory.Instance.registerQuestion('file', (props: unknown) => (
  <FileQuestion {...(props as QuestionProps)} />
))

export function WithSurveyJs({ onSend }: { onSend: (answers: Record<string, SurveyFile[]>) => void }) {
  const [survey] = useState(() => {
    const model = new SurveyModel({
      elements: [{ type: 'file', name: 'documents', title: 'Documents', titleLocation: 'hidden' }],
    })
    // Neither the next page nor the end comes before what is on its way is stored.
    model.onServerValidateQuestions.add((_, { complete, errors }) => {
      settledAll(fields.values())
        .catch(() => {
          errors.documents = 'A file was not uploaded. Try again or remove it.'
        })
        .finally(complete)
    })
    model.onComplete.add(({ data }) => onSend(data))
    return model
  })
  return <Survey model={survey} />
}
