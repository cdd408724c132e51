import { FileAnswerField } from 'file-answer-field'

/** At most so many pixels a side. */
const most = 2_000

/** Shrinks large photos and turns HEIC into JPEG, where the browser can read them; whatever it can't is left as it is. */
async function smaller(file: File, signal: AbortSignal): Promise<File> {
  const picture = await createImageBitmap(file).catch(() => null)
  if (picture === null) return file
  try {
    const scale = Math.min(1, most / Math.max(picture.width, picture.height))
    if (scale === 1 && !/hei[cf]/i.test(file.type)) return file
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    signal.throwIfAborted()
    const drawn = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
    const name = file.name.replace(/\.\w+$/, '.jpg')
    return new File([drawn], name, { type: drawn.type, lastModified: file.lastModified })
  } finally {
    picture.close()
  }
}

/** What a JPEG tells of place, time and camera stands in its segments APP1 and APP13. Nothing of the picture changes. */
async function withoutPlace(file: File): Promise<File> {
  const bytes = new DataView(await file.arrayBuffer())
  if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return file
  const kept: BlobPart[] = [file.slice(0, 2)]
  let at = 2
  while (at + 4 <= bytes.byteLength && bytes.getUint8(at) === 0xff && bytes.getUint8(at + 1) !== 0xda) {
    const marker = bytes.getUint8(at + 1)
    const end = at + 2 + bytes.getUint16(at + 2)
    if (marker !== 0xe1 && marker !== 0xed) kept.push(file.slice(at, end))
    else kept.push(upright(bytes, at))
    at = end
  }
  kept.push(file.slice(at))
  return new File(kept, file.name, { type: file.type, lastModified: file.lastModified })
}

/** Of a segment with Exif the way the picture is held, and nothing else. */
function upright(bytes: DataView, at: number): BlobPart {
  const tiff = at + 10
  if (bytes.getUint16(at) !== 0xffe1 || bytes.getUint32(at + 4) !== 0x45786966) return ''
  const little = bytes.getUint16(tiff) === 0x4949
  const first = tiff + bytes.getUint32(tiff + 4, little)
  for (let tag = 0; tag < bytes.getUint16(first, little); tag += 1) {
    const entry = first + 2 + tag * 12
    if (bytes.getUint16(entry, little) !== 0x0112) continue
    const way = bytes.getUint16(entry + 8, little)
    const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1]
    return new Uint8Array([0xff, 0xe1, 0, 34, ...exif, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, way, 0, 0, 0, 0, 0, 0])
  }
  return ''
}

async function prepare(file: File, { signal }: { signal: AbortSignal }): Promise<File> {
  return file.type.startsWith('image/') ? withoutPlace(await smaller(file, signal)) : file
}

/** Photos that are too small to read are refused, in the host's words. */
async function validate(file: File): Promise<{ code: string; message: string } | null> {
  const picture = await createImageBitmap(file).catch(() => null)
  const isTiny = picture !== null && Math.min(picture.width, picture.height) < 100
  picture?.close()
  return isTiny ? { code: 'photo-too-small', message: 'The photo is too small to read. Take it again.' } : null
}

export const Photos = () => (
  <FileAnswerField
    label="Photos"
    name="photos"
    endpoint="/api/uploads"
    accept={{ 'image/jpeg': ['.jpg', '.jpeg'], 'image/png': ['.png'], 'image/heic': ['.heic'] }}
    validate={validate}
    prepare={prepare}
  />
)
