/** The form's file questions: what each takes, for the page and the server alike. */
import { type Accept, hwp, images, video } from 'file-answer-field/accept'

export interface Question {
  readonly name: 'photo' | 'documents' | 'video'
  readonly accept: Accept
  readonly maxFiles: number
  /** Bytes. */
  readonly maxSize: number
  readonly required: boolean
}

const MiB = 1024 * 1024

export const questions: readonly Question[] = [
  { name: 'photo', accept: images, maxFiles: 1, maxSize: 10 * MiB, required: true },
  {
    name: 'documents',
    accept: {
      'application/pdf': ['.pdf'],
      ...hwp,
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['.docx'],
      ...images,
    },
    maxFiles: 10,
    maxSize: 50 * MiB,
    required: false,
  },
  { name: 'video', accept: video, maxFiles: 1, maxSize: 2 * 1024 * MiB, required: false },
]

/** Not part of the form: a page to try many files at once. */
export const many = { name: 'many', accept: '', maxFiles: 1_000, maxSize: 100 * MiB, required: false } as const

/** An answer as the API gives it. */
export interface SavedFile {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly type: string
  /** A fresh download link. */
  readonly url: string
}

export interface SavedAnswer {
  readonly id: string
  readonly answers: { readonly about: string } & Readonly<Record<Question['name'], readonly SavedFile[]>>
}
