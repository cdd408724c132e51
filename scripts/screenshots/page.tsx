/** One field on a page, in the scene, language and direction that the address names; says `data-ready` once it stands. */
import { FileAnswerField } from 'file-answer-field'
import { failure } from 'file-answer-field/engine'
import { en } from 'file-answer-field/locales/en'
import { ko } from 'file-answer-field/locales/ko'
import 'file-answer-field/styles.css'
import { chooseFiles, createMemoryBackend, makeFile, type MemoryBackend } from 'file-answer-field/testing'
import { createRoot } from 'react-dom/client'

const asked = new URLSearchParams(location.search)
const scene = asked.get('scene') ?? 'list'
const isKorean = asked.get('locale') === 'ko'
document.documentElement.lang = isKorean ? 'ko' : 'en'
document.documentElement.dir = asked.get('dir') ?? 'ltr'
document.documentElement.style.colorScheme = asked.get('scheme') ?? 'light'

const MB = 1024 * 1024

function fileOf(name: string, size: number): File {
  const file = makeFile(name, '')
  Object.defineProperty(file, 'size', { value: size })
  return file
}

/** A picture that no file of the repository is needed for. */
async function photo(name: string, hue: number): Promise<File> {
  const canvas = new OffscreenCanvas(640, 480)
  const paint = canvas.getContext('2d')
  if (paint !== null) {
    const sky = paint.createLinearGradient(0, 0, 0, 480)
    sky.addColorStop(0, `hsl(${hue} 70% 70%)`)
    sky.addColorStop(1, `hsl(${hue + 40} 60% 45%)`)
    paint.fillStyle = sky
    paint.fillRect(0, 0, 640, 480)
    paint.fillStyle = `hsl(${hue + 180} 40% 30%)`
    paint.beginPath()
    paint.moveTo(0, 480)
    paint.lineTo(220, 180)
    paint.lineTo(400, 400)
    paint.lineTo(500, 300)
    paint.lineTo(640, 480)
    paint.fill()
  }
  return new File([await canvas.convertToBlob({ type: 'image/jpeg' })], name, { type: 'image/jpeg' })
}

const options = { confirm: true, files: [{ id: 'old', name: 'contract.pdf', size: 1.8 * MB, type: 'application/pdf' }] }

/** Holds, moves and fails what a scene is to show. */
function direct(backend: MemoryBackend): void {
  backend.hold('send', 'interview.mov')
  backend.progress('interview.mov', 0.605)
  backend.hold('send', 'paused.zip')
  backend.progress('paused.zip', 0.25)
  backend.hold('presign', 'recording.m4a')
  backend.hold('complete', 'table.xlsx')
  backend.hold('check', 'scan.pdf')
  backend.fail('send', failure('network', { remedy: 'person' }), { name: '이력서 최종.hwp' })
  if (scene !== 'many') return
  backend.hold('send')
}

async function filesOf(): Promise<File[]> {
  if (scene === 'empty' || scene === 'error' || scene === 'disabled') return []
  if (scene === 'single') return [await photo('portrait.jpg', 200)]
  if (scene === 'many')
    return Array.from({ length: 12 }, (_, index) => fileOf(`photo-${index + 1}.jpg`, (index + 1) * MB))
  return [
    await photo('seaside at noon.jpg', 200),
    fileOf('interview.mov', 84 * MB),
    fileOf('paused.zip', 40 * MB),
    fileOf('recording.m4a', 3 * MB),
    fileOf('table.xlsx', 0.2 * MB),
    fileOf('scan.pdf', 2.4 * MB),
    fileOf('이력서 최종.hwp', 0.12 * MB),
    fileOf('setup.exe', 9 * MB),
    fileOf(`${'Quarterly-report_of-the-working-group_'.repeat(3)}.pdf`, MB),
    fileOf('תקציר.docx', 0.08 * MB),
  ]
}

const backend = createMemoryBackend(options)
direct(backend)
const label = isKorean ? '제출 서류' : 'Supporting documents'
const page = document.getElementById('page') as HTMLElement
createRoot(page).render(
  <FileAnswerField
    backend={backend}
    label={label}
    description={isKorean ? '원본 파일을 올려 주세요.' : 'Upload the originals; photos of paper are fine.'}
    messages={isKorean ? ko : en}
    required
    accept=".pdf,.hwp,.jpg,.mov,.zip,.m4a,.xlsx,.docx"
    maxFiles={scene === 'single' ? 1 : 20}
    maxSize={100 * MB}
    layout={scene === 'compact' ? 'compact' : 'list'}
    sortable={scene === 'sortable'}
    disabled={scene === 'disabled'}
    {...(scene === 'error'
      ? { error: isKorean ? '서류를 첨부해 주세요.' : 'The bank needs at least one document.' }
      : {})}
    {...(scene === 'list' || scene === 'compact' ? { defaultValue: ['old'] } : {})}
  />,
)

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
await wait(100)
const root = page.querySelector('[data-faf-root]') as HTMLElement
const files = await filesOf()
if (files.length > 0) chooseFiles(root, files)
await wait(scene === 'many' ? 1_600 : 600)
if (scene === 'many') {
  for (let index = 1; index <= 5; index += 1) backend.release('send', `photo-${index}.jpg`)
  for (let index = 1; index <= 12; index += 1) backend.progress(`photo-${index}.jpg`, 0.4)
}
for (const button of page.querySelectorAll<HTMLButtonElement>('button[id$="-pause"]'))
  if (button.closest('li')?.textContent?.includes('paused.zip')) button.click()
await wait(400)
document.body.dataset.ready = ''
