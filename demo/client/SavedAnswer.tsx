/** A saved answer with fresh download links. */
import { questions, type SavedAnswer as Saved } from '../shared/questions.ts'
import type { Words } from './words.ts'

const sizeOf = (bytes: number, lang: string) => {
  const [unit, value] =
    bytes < 1024 ? ['byte', bytes] : bytes < 1024 ** 2 ? ['kilobyte', bytes / 1024] : ['megabyte', bytes / 1024 ** 2]
  return new Intl.NumberFormat(lang, {
    style: 'unit',
    unit: unit as string,
    unitDisplay: bytes < 1024 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(value as number)
}

export function SavedAnswer({ t, lang, saved, query }: { t: Words; lang: string; saved: Saved; query: string }) {
  return (
    <>
      {questions.map(({ name }) => (
        <section key={name}>
          <h2>{t[name]}</h2>
          {saved.answers[name].length === 0 ? <p>{t.nothing}</p> : null}
          <ul>
            {saved.answers[name].map(({ id, name: file, size, url }) => (
              <li key={id} data-file-id={id}>
                <a href={url} rel="noopener noreferrer" referrerPolicy="no-referrer">
                  {file}
                </a>{' '}
                <small>{sizeOf(size, lang)}</small>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {saved.answers.about === '' ? null : (
        <section>
          <h2>{t.about}</h2>
          <p className="prose">{saved.answers.about}</p>
        </section>
      )}
      <p className="links">
        <a href={`/answers/${saved.id}/edit${query}`}>{t.edit}</a>
        <a href={`/${query}`}>{t.another}</a>
      </p>
    </>
  )
}
