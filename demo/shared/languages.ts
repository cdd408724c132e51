/** The languages of the page, each by its own name, and which of them a browser asks for. */
export const languages = {
  en: 'English',
  ko: '한국어',
  ja: '日本語',
  'zh-Hans': '简体中文',
  es: 'Español',
  fr: 'Français',
  de: 'Deutsch',
} as const

export type Language = keyof typeof languages

const tags = Object.keys(languages) as Language[]

/** By the first part of a tag: "ko-KR" is Korean. Of Chinese there is the simplified script alone. */
const spoken = (tag: string): Language | undefined =>
  tags.find((language) => language.split('-')[0] === tag.trim().toLowerCase().split(/[-_]/)[0])

/** `asked` by the address, else the first that an Accept-Language header names and the page speaks; English otherwise. */
export function languageOf(asked: string | null, accepted: string | null): Language {
  if (asked !== null) return spoken(asked) ?? 'en'
  const wanted = (accepted ?? '')
    .split(',')
    .map((each) => {
      const [tag = '', weight] = each.split(';q=')
      return { language: spoken(tag), weight: weight === undefined ? 1 : Number(weight) || 0 }
    })
    .filter(({ language, weight }) => language !== undefined && weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return wanted[0]?.language ?? 'en'
}
