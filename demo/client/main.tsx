import { FileAnswerField, FileAnswerProvider } from 'file-answer-field'
import { en } from 'file-answer-field/locales/en'
import { ko } from 'file-answer-field/locales/ko'
import 'file-answer-field/styles.css'
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { many, type SavedAnswer as Saved } from '../shared/questions.ts'
import { ApplicationForm } from './ApplicationForm.tsx'
import './demo.css'
import { SavedAnswer } from './SavedAnswer.tsx'
import { type Language, words } from './words.ts'

/** What the server says that this page shows. */
interface Shown {
  readonly view: 'form' | 'many' | 'saved' | 'unknown'
  readonly lang: Language
  readonly saved: Saved | null
}

const { view, lang, saved } = JSON.parse(document.getElementById('shown')?.textContent ?? '') as Shown

function Page() {
  const t = words[lang]
  const asked = new URLSearchParams(window.location.search).get('lang')
  const query = asked === null ? '' : `?lang=${lang}`
  const titles: Record<Shown['view'], readonly [title: string, intro: string]> = {
    form: [t.title, t.intro],
    many: [t.many, t.manyIntro],
    saved: [t.savedTitle, t.savedIntro],
    unknown: [t.unknownTitle, t.unknown],
  }
  const [title, intro] = titles[view]
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <FileAnswerProvider messages={lang === 'ko' ? ko : en}>
      <header>
        <a href={`?lang=${lang === 'ko' ? 'en' : 'ko'}`} lang={lang === 'ko' ? 'en' : 'ko'}>
          {t.other}
        </a>
      </header>
      <main>
        <h1>{title}</h1>
        <p>{intro}</p>
        {view === 'form' ? <ApplicationForm t={t} saved={saved} query={query} /> : null}
        {view === 'many' ? (
          <FileAnswerField
            label={t.many}
            name={many.name}
            endpoint="/api/uploads"
            maxFiles={many.maxFiles}
            maxSize={many.maxSize}
          />
        ) : null}
        {view === 'saved' && saved !== null ? <SavedAnswer t={t} lang={lang} saved={saved} query={query} /> : null}
        {view === 'unknown' ? <a href={`/${query}`}>{t.another}</a> : null}
      </main>
    </FileAnswerProvider>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Page />
  </StrictMode>,
)
