import { type ComponentProps, lazy, Suspense } from 'react';
import { Loading } from './states.tsx';

// The editor is large: it is fetched once the page around it is there.
const Editor = lazy(() => import('./script-editor.tsx').then((module) => ({ default: module.ScriptEditor })));
const Diff = lazy(() => import('./script-diff.tsx').then((module) => ({ default: module.ScriptDiff })));

/** Where code is written. */
export function ScriptBox(props: ComponentProps<typeof Editor>) {
  return (
    <Suspense
      fallback={
        <div className="code-editor-place">
          <Loading label="The editor is being fetched" />
        </div>
      }
    >
      <Editor {...props} />
    </Suspense>
  );
}

/** What became of one text in another. */
export function DiffBox(props: ComponentProps<typeof Diff>) {
  return (
    <Suspense fallback={<Loading label="The comparison is being made" />}>
      <Diff {...props} />
    </Suspense>
  );
}
