import { type ComponentProps, lazy, Suspense } from 'react';
import { Loading } from '../../ui/states.tsx';

// The editor is large: it is fetched once the page around it is there.
const Editor = lazy(() => import('./code-editor.tsx').then((module) => ({ default: module.CodeEditor })));

/** Where a mail's HTML or text is written. */
export function CodeBox(props: ComponentProps<typeof Editor>) {
  return (
    <Suspense fallback={<Loading label="The editor is being fetched" />}>
      <Editor {...props} />
    </Suspense>
  );
}
