import type { ReactNode } from 'react'
import 'file-answer-field/styles.css'

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="ko">
      <body>{children}</body>
    </html>
  )
}
