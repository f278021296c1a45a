import { autocompletion } from '@codemirror/autocomplete';
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { tags } from '@lezer/highlight';
import { Input } from '@mantine/core';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useId, useMemo, useRef } from 'react';
import { faultIn } from './script-fault.ts';
import { besideList, memberCompletions, memberHints } from './script-hints.ts';
import { type MemberFinder, type Members, membersAt } from './script-members.ts';
import { styleNonce } from './style-nonce.ts';
import { typeOver } from './type-over.ts';

/** Colours that can be read on white (WCAG 2.2 AA). */
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: '#7a1fa2' },
  { tag: [tags.string, tags.special(tags.string)], color: '#8f1515' },
  { tag: [tags.regexp, tags.escape], color: '#a33b00' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: '#116644' },
  { tag: tags.comment, color: '#5c636a', fontStyle: 'italic' },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName)], color: '#00489c' },
  { tag: [tags.propertyName, tags.typeName, tags.className], color: '#1b4b80' },
  { tag: tags.invalid, color: '#c00000' },
]);

/** How JavaScript looks in the console, wherever it is shown. */
export const scriptLook = [
  javascript(),
  syntaxHighlighting(colours),
  EditorView.lineWrapping,
  EditorView.cspNonce.of(styleNonce()),
  typeOver,
];

/** Where code is written: what it can know is offered and told, and a fault is marked where it is. */
export function ScriptEditor({
  label,
  value,
  edition,
  members,
  error,
  readOnly = false,
  onChange,
}: {
  label: string;
  value: string;
  /** Another one: the value was put there rather than typed here. */
  edition: number;
  /** What the code finds. */
  members: Members;
  error: string | undefined;
  readOnly?: boolean;
  onChange?: (value: string) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const tell = useRef(onChange);
  const described = useId();
  tell.current = onChange;
  const find = useMemo(() => membersAt(members), [members]);
  const found = useRef(find);
  found.current = find;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what is typed is its own
  useEffect(() => {
    if (!place.current) return undefined;
    // Keys and secrets may come while the editor is there.
    const now: MemberFinder = {
      below: (...typed) => found.current.below(...typed),
      named: (...typed) => found.current.named(...typed),
    };
    const made = new EditorView({
      parent: place.current,
      doc: value,
      extensions: [
        scriptLook,
        basicSetup,
        autocompletion({ positionInfo: besideList }),
        javascriptLanguage.data.of({ autocomplete: memberCompletions(now) }),
        memberHints(now),
        lintGutter(),
        EditorView.editable.of(!readOnly),
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': described, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) tell.current?.(update.state.doc.toString());
        }),
      ],
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  // What was put back, or is somebody else's, replaces what stands there; see the editor of mails.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another edition replaces it, not each letter that is typed
  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === value) return;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [edition]);

  useEffect(() => {
    const made = view.current;
    if (!made) return;
    if (error === undefined) made.contentDOM.removeAttribute('aria-invalid');
    else made.contentDOM.setAttribute('aria-invalid', 'true');
    const fault = error === undefined ? undefined : faultIn(error, made.state.doc);
    made.dispatch(setDiagnostics(made.state, fault ? [{ ...fault, severity: 'error', message: error ?? '' }] : []));
    if (fault) made.dispatch({ selection: { anchor: fault.from }, scrollIntoView: true });
  }, [error]);

  return (
    <div>
      <div ref={place} className="code-editor" data-wrong={error === undefined ? undefined : true} />
      <Input.Error id={described} role={error === undefined ? undefined : 'alert'} mt={4}>
        {error}
      </Input.Error>
    </div>
  );
}
