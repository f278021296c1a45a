import { EditorView } from '@codemirror/view';

/**
 * Typing over what is marked, done by the editor. Left to it, Chromium would keep the look of what goes by a `style` of its
 * own, which the page's policy refuses, and complain of itself.
 */
export const typeOver = EditorView.domEventHandlers({
  beforeinput({ inputType, isComposing, data }, view) {
    const { state } = view;
    const { from, to, empty } = state.selection.main;
    if (inputType !== 'insertText' || isComposing || data === null || empty || state.readOnly) return false;
    const insert = () => state.update(state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    // As for whatever else is typed: a bracket is put around what is marked.
    const isHandled = state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert));
    if (!isHandled) view.dispatch(insert());
    return true;
  },
});
