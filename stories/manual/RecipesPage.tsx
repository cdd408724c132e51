import type { ComponentProps } from 'react'
import { Shown } from './Gallery.js'
import { Page } from './Page.js'

/** The stories that run the files of stories/recipes. */
export const storyOf: Readonly<Record<string, string>> = {
  'Conform.tsx': 'Conform',
  'FormAction.tsx': 'FormAction',
  'Formik.tsx': 'Formik',
  'JsonSchemaForm.tsx': 'JsonSchema',
  'Photos.tsx': 'PreparedPhotos',
  'ReactHookForm.tsx': 'ReactHookForm',
  'SavedAnswer.tsx': 'ServerRendered',
  'SeveralFields.tsx': 'OneBackend',
  'SurveyQuestion.tsx': 'Survey',
  'TanStackForm.tsx': 'TanStackForm',
  'Wizard.tsx': 'Steps',
}

/** docs/recipes.md, each recipe running above its source. */
export function RecipesPage({
  of,
  meta,
}: {
  readonly of: string
  readonly meta: ComponentProps<typeof Shown>['meta']
}) {
  const [before = '', ...rest] = of.split(/<!-- stories\/recipes\/(\S+) -->\n/)
  const pairs = Array.from({ length: rest.length / 2 }, (_, index) => [rest[2 * index], rest[2 * index + 1]] as const)
  return (
    <>
      <Page of={before} />
      {pairs.map(([file = '', text = '']) => {
        const story = (meta as Record<string, object>)[storyOf[file] ?? '']
        return (
          <div key={file}>
            {story === undefined ? null : <Shown of={story} meta={meta} height={420} />}
            <Page of={text} />
          </div>
        )
      })}
    </>
  )
}
