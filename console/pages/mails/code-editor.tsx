import { html } from '@codemirror/lang-html';
import { Input } from '@mantine/core';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useId, useRef } from 'react';
import { styleNonce } from '../../ui/style-nonce.ts';
import { typeOver } from '../../ui/type-over.ts';

/** Where HTML or text is written, with colours, line numbers and the keys of editors. Tab goes on to the next field. */
export function CodeEditor({
  label,
  value,
  edition,
  isHtml,
  error,
  readOnly,
  onChange,
}: {
  label: string;
  value: string;
  /** Another one: the value was put there rather than typed here. */
  edition: number;
  isHtml: boolean;
  error: string | undefined;
  readOnly: boolean;
  onChange: (value: string) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const tell = useRef(onChange);
  const described = useId();
  tell.current = onChange;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what is typed is its own
  useEffect(() => {
    if (!place.current) return undefined;
    const made = new EditorView({
      parent: place.current,
      doc: value,
      extensions: [
        basicSetup,
        ...(isHtml ? [html()] : []),
        EditorView.lineWrapping,
        EditorView.cspNonce.of(styleNonce()),
        typeOver,
        EditorView.editable.of(!readOnly),
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': described, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) tell.current(update.state.doc.toString());
        }),
      ],
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  // What was put back, or is somebody else's, replaces what stands there. Not whenever the value differs: who types
  // faster than the page is drawn would lose letters to a value that is on its way round.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another edition replaces it, not each letter that is typed
  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === value) return;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [edition]);

  return (
    <div>
      <div ref={place} className="code-editor" data-wrong={error === undefined ? undefined : true} />
      <Input.Error id={described} role={error === undefined ? undefined : 'alert'} mt={4}>
        {error}
      </Input.Error>
    </div>
  );
}
