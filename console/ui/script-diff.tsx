import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { lineNumbers } from '@codemirror/view';
import { EditorView } from 'codemirror';
import { useEffect, useRef } from 'react';
import { scriptLook } from './script-editor.tsx';

/** What became of one text in another, line by line: what is gone and what is new. */
export function ScriptDiff({ label, before, after }: { label: string; before: string; after: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return undefined;
    const made = new EditorView({
      parent: place.current,
      doc: after,
      extensions: [
        scriptLook,
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({
          'aria-label': label,
          tabindex: '0',
          role: 'textbox',
          'aria-readonly': 'true',
        }),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          highlightChanges: false,
          collapseUnchanged: { margin: 3, minSize: 6 },
        }),
      ],
    });
    return () => made.destroy();
  }, [label, before, after]);
  return <div ref={place} className="code-editor" />;
}
