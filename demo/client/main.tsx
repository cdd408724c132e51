import { FileAnswerField, FileAnswerProvider, type Messages } from 'file-answer-field'
import 'file-answer-field/styles.css'
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { type Language, languages } from '../shared/languages.ts'
import { many, type SavedAnswer as Saved } from '../shared/questions.ts'
import { ApplicationForm } from './ApplicationForm.tsx'
import './demo.css'
import { SavedAnswer } from './SavedAnswer.tsx'
import { words } from './words.ts'

/** The field's words: a page loads those of its own language alone. */
const catalogues: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import('file-answer-field/locales/en')).en,
  ko: async () => (await import('file-answer-field/locales/ko')).ko,
  ja: async () => (await import('file-answer-field/locales/ja')).ja,
  'zh-Hans': async () => (await import('file-answer-field/locales/zh-Hans')).zhHans,
  es: async () => (await import('file-answer-field/locales/es')).es,
  fr: async () => (await import('file-answer-field/locales/fr')).fr,
  de: async () => (await import('file-answer-field/locales/de')).de,
}

/** What the server says that this page shows. */
interface Shown {
  readonly view: 'form' | 'many' | 'saved' | 'unknown'
  readonly lang: Language
  readonly saved: Saved | null
}

const { view, lang, saved } = JSON.parse(document.getElementById('shown')?.textContent ?? '') as Shown

function Page({ messages }: { readonly messages: Messages }) {
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
    <FileAnswerProvider messages={messages}>
      <header>
        <nav aria-label={t.languages}>
          {Object.entries(languages).map(([tag, name]) => (
            <a key={tag} href={`?lang=${tag}`} lang={tag} {...(tag === lang ? { 'aria-current': 'true' } : {})}>
              {name}
            </a>
          ))}
        </nav>
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

const messages = await catalogues[lang]()
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Page messages={messages} />
  </StrictMode>,
)
