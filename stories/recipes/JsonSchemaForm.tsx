import Form from '@rjsf/core'
import type { RJSFSchema, UiSchema, WidgetProps } from '@rjsf/utils'
import validator from '@rjsf/validator-ajv8'
import { FileAnswerField } from 'file-answer-field'

const FilesWidget = ({ id, label, value, disabled, readonly, rawErrors, onChange, onBlur }: WidgetProps) => (
  <FileAnswerField
    {...{ id, label, disabled, readOnly: readonly, whenPending: 'wait' }}
    endpoint="/api/uploads"
    value={(value as string[] | undefined) ?? []}
    onChange={(ids) => onChange(ids)}
    onBlur={() => onBlur(id, value)}
    error={rawErrors?.join(' ')}
  />
)

const schema: RJSFSchema = {
  type: 'object',
  required: ['documents'],
  properties: { documents: { type: 'array', title: 'Documents', items: { type: 'string' }, minItems: 1 } },
}
/** The field says what is wrong with it, where its readers are told too. */
const templates = { FieldErrorTemplate: () => null }
const uiSchema: UiSchema = { documents: { 'ui:widget': FilesWidget, 'ui:options': { label: false } } }

export const JsonSchemaForm = ({ onSend }: { onSend: (answers: { documents: string[] }) => void }) => (
  <Form
    schema={schema}
    uiSchema={uiSchema}
    validator={validator}
    templates={templates}
    showErrorList={false}
    // An answer begins empty: `minItems` asks for files, and is no reason to make some up.
    experimental_defaultFormStateBehavior={{ arrayMinItems: { populate: 'never' } }}
    onSubmit={({ formData }) => onSend(formData)}
  >
    <button type="submit">Send</button>
  </Form>
)
