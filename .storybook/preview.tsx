import type { Decorator, Preview } from '@storybook/react-vite'
import { FileAnswerProvider } from 'file-answer-field'
import { en } from 'file-answer-field/locales/en'
import { ko } from 'file-answer-field/locales/ko'
import 'file-answer-field/styles.css'
import { StrictMode } from 'react'
import './page.css'

/** Rows off screen are not laid out before a frame is painted; whoever measures at once wants them all. */
const isTested = '__vitest_browser__' in globalThis

/** The page around a story: its language, its scheme, its width and its size of text. */
const page: Decorator = (Story, { globals, parameters }) => (
  <StrictMode>
    <FileAnswerProvider messages={(parameters.locale ?? globals.locale) === 'ko' ? ko : en}>
      <main
        className="page"
        lang={parameters.locale ?? globals.locale}
        data-scheme={globals.scheme}
        data-width={globals.width}
        data-text={globals.text}
        data-painted={isTested ? '' : undefined}
      >
        <Story />
      </main>
    </FileAnswerProvider>
  </StrictMode>
)

const items = (...values: [value: string, title: string][]) => values.map(([value, title]) => ({ value, title }))

const preview: Preview = {
  decorators: [page],
  globalTypes: {
    locale: { toolbar: { title: 'Language', icon: 'globe', items: items(['en', 'English'], ['ko', '한국어']) } },
    scheme: { toolbar: { title: 'Scheme', icon: 'contrast', items: items(['light', 'Light'], ['dark', 'Dark']) } },
    width: {
      toolbar: {
        title: 'Width',
        icon: 'grow',
        items: items(['auto', 'As wide as a page'], ['400', '400 px'], ['320', '320 px']),
      },
    },
    text: { toolbar: { title: 'Text', icon: 'zoom', items: items(['100', 'Text 100 %'], ['200', 'Text 200 %']) } },
  },
  initialGlobals: { locale: 'en', scheme: 'light', width: 'auto', text: '100' },
  parameters: {
    layout: 'fullscreen',
    controls: { expanded: true, sort: 'requiredFirst' },
    options: {
      storySort: {
        order: [
          'Manual',
          ['Field', 'Adding files', 'States', 'Theming', 'Accessibility', 'Locales', 'Recipes', 'Engine', 'Server'],
          'Field',
          'Zone',
          'Adding',
          'Row',
          'List',
          'Layouts',
          'Form',
          'Words',
          'Theming',
          'Headless',
          'Hooks',
          'Recipes',
          'Live',
          'Behaviour',
        ],
      },
    },
    a11y: {
      test: 'error',
      options: {
        runOnly: {
          type: 'tag',
          values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'],
        },
      },
    },
  },
  // What a story held is let go, so that it takes no connection from the next.
  beforeEach: ({ loaded }) => {
    return () => {
      loaded.backend?.release()
      loaded.answer?.dispose()
    }
  },
}

export default preview
