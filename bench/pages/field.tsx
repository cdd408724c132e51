/** Our field as a host mounts it. */
import { FileAnswerField } from 'file-answer-field'
import 'file-answer-field/styles.css'
import { createRoot } from 'react-dom/client'
import { chosen, expose, untilShown } from './harness.js'

expose(async (files) => {
  let resolve = () => {}
  const stored = new Promise<void>((done) => {
    resolve = done
  })
  const onChange = (ids: string[]) => {
    if (ids.length === files.length) resolve()
  }
  createRoot(document.body.appendChild(document.createElement('main'))).render(
    <FileAnswerField label="Files" endpoint="/api/uploads" onChange={onChange} />,
  )
  const choose = await chosen(files)
  return async () => {
    choose()
    await stored
    await untilShown('li[data-state="done"]', files.length)
  }
})
