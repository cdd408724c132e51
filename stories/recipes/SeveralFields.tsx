import { type Endpoint, FileAnswerField, type FileAnswerHandle, FilesNotStored, settledAll } from 'file-answer-field'
import { useRef, useState } from 'react'

/** One backend for all questions. The headers are asked for at every call, so that a renewed token is used. */
const uploads: Endpoint = {
  url: '/api/uploads',
  headers: () => ({ 'x-csrf-token': document.querySelector<HTMLMetaElement>('meta[name=csrf]')?.content ?? '' }),
}

export function SeveralFields({ onSend }: { onSend: (answers: { cv: string[]; photos: string[] }) => void }) {
  const cv = useRef<FileAnswerHandle>(null)
  const photos = useRef<FileAnswerHandle>(null)
  const [problem, setProblem] = useState('')
  const context = { application: '2026-17' }

  async function send() {
    try {
      const [cvIds = [], photoIds = []] = await settledAll([cv, photos])
      onSend({ cv: cvIds, photos: photoIds })
    } catch (reason) {
      if (!(reason instanceof FilesNotStored)) throw reason
      setProblem(`${reason.failures.length} could not be stored.`)
    }
  }
  return (
    <>
      <FileAnswerField ref={cv} label="CV" field="cv" endpoint={uploads} context={context} maxFiles={1} />
      <FileAnswerField ref={photos} label="Photos" field="photos" endpoint={uploads} context={context} />
      <button type="button" onClick={send}>
        Send
      </button>
      <output>{problem}</output>
    </>
  )
}
