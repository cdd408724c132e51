/** One field with `persist`, and nothing else. `?upTo=` sets how large a file is kept. */
import { FileAnswerField } from 'file-answer-field'
import 'file-answer-field/styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

const upTo = new URLSearchParams(location.search).get('upTo')

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <FileAnswerField
      label="Files"
      name="files"
      endpoint="/api/uploads"
      persist="files"
      {...(upTo === null ? {} : { persistFilesUpTo: Number(upTo) })}
    />
  </StrictMode>,
)
