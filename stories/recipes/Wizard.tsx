import { FileAnswerField, FilesNotStored, useFileAnswer } from 'file-answer-field'
import { useState } from 'react'

export function Wizard({ onSend }: { onSend: (ids: string[]) => void }) {
  // The answer lives with the wizard: its uploads go on while the step that shows them is away.
  const documents = useFileAnswer({ endpoint: '/api/uploads', field: 'documents' })
  const [step, setStep] = useState<'documents' | 'summary'>('documents')
  const send = () =>
    documents.settled().then(onSend, (reason) => {
      if (!(reason instanceof FilesNotStored)) throw reason
      setStep('documents')
    })
  if (step === 'summary') {
    return (
      <>
        <p>Ready to send.</p>
        <button type="button" onClick={() => setStep('documents')}>
          Back
        </button>
        <button type="button" onClick={send}>
          Send
        </button>
      </>
    )
  }
  return (
    <>
      <FileAnswerField label="Documents" answer={documents} />
      <button type="button" onClick={() => setStep('summary')}>
        Next
      </button>
    </>
  )
}
