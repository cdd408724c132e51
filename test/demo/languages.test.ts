import { expect, test } from 'vitest'
import { words } from '../../demo/client/words.ts'
import { languageOf, languages } from '../../demo/shared/languages.ts'

test.each([
  ['ko', null, 'ko'],
  ['ko-KR', 'en', 'ko'],
  ['zh-TW', null, 'zh-Hans'],
  ['xx', 'ko', 'en'],
  [null, 'fr-CA,fr;q=0.9,en;q=0.5', 'fr'],
  [null, 'nl,de;q=0.7,en;q=0.8', 'en'],
  [null, 'ja;q=0,es;q=0.1', 'es'],
  [null, '*', 'en'],
  [null, ', ;q=nonsense', 'en'],
  [null, null, 'en'],
])('asked for %j by a browser that accepts %j the demo speaks %s', (asked, accepted, language) => {
  expect(languageOf(asked, accepted)).toBe(language)
})

test('no word of the demo is empty, and none but names is left in English', () => {
  for (const language of Object.keys(languages) as (keyof typeof languages)[])
    for (const [key, text] of Object.entries(words[language])) {
      expect(text.trim(), `${language} ${key}`).not.toBe('')
      if (language !== 'en') expect(text, `${language} ${key}`).not.toBe(words.en[key as keyof typeof words.en])
    }
})
