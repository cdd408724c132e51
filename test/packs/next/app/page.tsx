import { FileAnswerField } from 'file-answer-field'
import { images } from 'file-answer-field/accept'
import { ko } from 'file-answer-field/locales/ko'
import { submit } from './submit'

// A server component renders the field; only plain values cross over.
export default function Page() {
  return (
    <form action={submit}>
      <FileAnswerField
        label="사진"
        name="photos"
        endpoint="/api/uploads"
        accept={images}
        messages={ko}
        whenPending="wait"
        defaultValue={['saved']}
        knownFiles={[{ id: 'saved', name: '지난 사진.png', size: 2048, type: 'image/png' }]}
      />
      <button type="submit">보내기</button>
    </form>
  )
}
