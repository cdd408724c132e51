import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { FileAnswerField } from 'file-answer-field'
import { images } from 'file-answer-field/accept'
import { ko } from 'file-answer-field/locales/ko'
import { createMemoryBackend } from 'file-answer-field/testing'
import 'file-answer-field/styles.css'

const backend = createMemoryBackend()

function App() {
  const [ids, setIds] = useState<string[]>([])
  return (
    <form>
      <FileAnswerField
        label="사진"
        name="photos"
        backend={backend}
        accept={images}
        messages={ko}
        value={ids}
        onChange={setIds}
      />
      <output>{ids.length}</output>
    </form>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
