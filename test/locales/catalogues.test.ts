/** What holds for the words of every language. */
import { describe, expect, test } from 'vitest'
import { fill, formatSize, type Messages, type Template } from '../../src/field/messages.js'
import { hintText, reasonText } from '../../src/field/words.js'
import { de } from '../../src/locales/de.js'
import { en } from '../../src/locales/en.js'
import { es } from '../../src/locales/es.js'
import { fr } from '../../src/locales/fr.js'
import { ja } from '../../src/locales/ja.js'
import { ko } from '../../src/locales/ko.js'
import { zhHans } from '../../src/locales/zh-Hans.js'
import { failure } from '../../src/protocol/failure.js'

const all: readonly Messages[] = [en, ko, ja, zhHans, es, fr, de]
const MB = 1024 * 1024

const entries = ({ text, reasons }: Messages): [string, Template][] =>
  [
    ...Object.entries(text),
    ...Object.entries(reasons).map(([code, template]) => [`reason ${code}`, template] as const),
  ].flatMap(([key, template]) => (template === undefined ? [] : [[key, template] as [string, Template]]))
const forms = (template: Template): string[] =>
  typeof template === 'string' ? [template] : Object.values(template).filter((form) => form !== undefined)
const slotsOf = (template: Template): string[] =>
  [...new Set(forms(template).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort()

const english = new Map(entries(en))

const hints: Readonly<Record<string, string>> = {
  en: 'PDF, HWP or images. Up to 20 MB each, 5 files at most, 50 MB in total.',
  ko: 'PDF, HWP, 이미지 형식. 파일당 최대 20MB, 최대 5개, 전체 50MB까지 업로드할 수 있습니다.',
  ja: 'PDF、HWP、または画像形式。 1ファイル最大20 MB、最大5個、合計50 MBまでアップロードできます。',
  'zh-Hans': '支持PDF、HWP或图片格式。 每个文件不超过 20 MB，最多 5 个文件，总共不超过 50 MB。',
  es: 'PDF, HWP o imágenes. Hasta 20 MB por archivo, 5 archivos como máximo, 50 MB en total.',
  fr: 'PDF, HWP ou images. Jusqu’à 20 Mo par fichier, 5 fichiers au maximum, 50 Mo au total.',
  de: 'PDF, HWP oder Bilder. Je bis 20 MB, höchstens 5 Dateien, insgesamt bis 50 MB.',
}

describe.each(all.map((messages) => [messages.locale, messages] as const))('in %s', (locale, messages) => {
  test('the keys are those of English, and each message has the same slots', () => {
    expect(
      entries(messages)
        .map(([key]) => key)
        .sort(),
    ).toEqual([...english.keys()].sort())
    for (const [key, template] of entries(messages))
      expect(slotsOf(template), key).toEqual(slotsOf(english.get(key) as Template))
  })

  test('every form of a plural has all slots, and stands where numbers that occur need it', () => {
    const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions()
    const needed = new Set([...Array(1_001).keys()].map((count) => new Intl.PluralRules(locale).select(count)))
    for (const [key, template] of entries(messages)) {
      if (typeof template === 'string') continue
      for (const form of forms(template)) expect(slotsOf(form), key).toEqual(slotsOf(template))
      for (const form of Object.keys(template)) expect(pluralCategories, key).toContain(form)
      for (const form of needed) expect(Object.keys(template), key).toContain(form)
    }
    // A language without numbers in its grammar has one form for all.
    if (needed.size === 1) expect(entries(messages).filter(([, template]) => typeof template !== 'string')).toEqual([])
  })

  test('no message is empty, and no sentence is left in English', () => {
    for (const [key, template] of entries(messages)) {
      const [form = ''] = forms(template)
      if (locale !== 'en' && /[a-z]{3}.*\.$/i.test(form.replace(/\{\w+\}/g, '')))
        expect(template, key).not.toEqual(english.get(key))
    }
    for (const [key, template] of entries(messages)) for (const form of forms(template)) expect(form, key).not.toBe('')
  })

  test('sentences end, and are short enough to be heard', () => {
    const most = ['ko', 'ja', 'zh-Hans'].includes(locale) ? 60 : 125
    for (const [key, template] of entries(messages))
      for (const form of forms(template)) {
        for (const sentence of form.replace(/\{\w+\}/g, '').split(/[.。]/))
          expect(sentence.length, key).toBeLessThan(most)
        // What ends with a reason ends as that does.
        if (key.startsWith('say')) expect(form, key).toMatch(/([.。]|\{reason\})$/)
      }
    for (const [key, template = ''] of Object.entries(messages.reasons))
      for (const form of forms(template)) expect(form, key).toMatch(/([.。]|\{code\})$/)
  })

  test('rules, sizes and counts are told in the language’s own way', () => {
    const hint = hintText(messages, {
      accept: '.pdf,.hwp,image/*',
      maxSize: 20 * MB,
      maxFiles: 5,
      maxTotalSize: 50 * MB,
    })
    // French has a narrow space before a unit.
    expect(hint.replace(/\s/g, ' ')).toBe(hints[locale])
    const figures = { actual: 25 * MB, limit: 20 * MB }
    expect(reasonText(messages, failure('file-too-large', { figures }))).toContain(formatSize(locale, 25 * MB))
    for (const count of [1, 2, 1_000]) {
      const text = fill(locale, messages.text.sayStoredAll, { count })
      expect(text).toContain(new Intl.NumberFormat(locale).format(count))
    }
  })

  test('storage’s code is told where it gave one, and no empty place for it elsewhere', () => {
    const told = reasonText(messages, failure('storage-rejected', { storageCode: 'EntityTooLarge' }))
    const plain = reasonText(messages, failure('storage-rejected'))
    expect(told).toContain('EntityTooLarge')
    expect(told.startsWith(plain)).toBe(true)
    expect(plain).toMatch(/[.。]$/)
  })

  test('a host’s own words and codes take the place of ours', () => {
    const own: Messages = {
      ...messages,
      reasons: { ...messages.reasons, 'no-macros': 'Macros: {size}', server: 'Own' },
    }
    expect(reasonText(own, failure('no-macros', { figures: { actual: MB, limit: 0 } }))).toBe(
      `Macros: ${formatSize(locale, MB)}`,
    )
    expect(reasonText(own, failure('server'))).toBe('Own')
  })
})

test('no Korean particle hangs on something whose last sound is not known', () => {
  for (const [key, template] of entries(ko))
    for (const form of forms(template)) {
      expect(form, key).not.toMatch(/\{(name|old|question|types|reason)\}(은|는|이|가|을|를|과|와|으로|로)(?![가-힣])/)
      expect(form, key).not.toMatch(/\((을|를|이|가|은|는)\)/)
    }
})

test('where a language counts, one and many differ', () => {
  for (const messages of [en, es, fr, de])
    expect(fill(messages.locale, messages.text.counter, { count: 1 }).replace('1', '2')).not.toBe(
      fill(messages.locale, messages.text.counter, { count: 2 }),
    )
  // French counts none as one.
  expect(fill('fr', fr.text.counter, { count: 0 })).toBe('0 fichier')
})
