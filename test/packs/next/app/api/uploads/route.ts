import { createUploadHandler } from 'file-answer-field/server'

export const POST = createUploadHandler({
  storage: {
    region: 'us-east-1',
    bucket: 'answers',
    endpoint: 'http://127.0.0.1:9000',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  },
  secret: 'a secret of more than thirty-two bytes, for tests',
  authorize: () => ({ subject: 'anna' }),
})
