import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { type EditorView, hoverTooltip, type Rect } from '@codemirror/view';
import { type Member, type MemberFinder, nameOf } from './script-members.ts';

const word = /[A-Za-z_$][\w$]*(?:\.[\w$]*)*$/;

/** Offers members while one types. */
export function memberCompletions(find: MemberFinder) {
  return (context: CompletionContext): CompletionResult | null => {
    const typed = context.matchBefore(word);
    if (!typed) return null;
    const { members, own } = find.below(typed.text, context.state.doc.toString());
    if (members.length === 0) return null;
    return {
      from: context.pos - own.length,
      options: members.map((member) => ({
        ...writtenAs(nameOf(member)),
        detail: member.type,
        info: member.about,
        type: member.type.includes('=>') ? 'function' : 'property',
        boost: 10,
      })),
      validFor: /^[\w$]*$/,
    };
  };
}

/** How it is called in the list, and put into the code: brackets stand in place of the dot. */
function writtenAs(label: string): Pick<Completion, 'label' | 'apply'> {
  if (!label.startsWith('[')) return { label };
  return {
    label,
    apply: (view, _, from, to) =>
      view.dispatch({
        changes: { from: from - 1, to, insert: label },
        selection: { anchor: from - 1 + label.length },
        userEvent: 'input.complete',
      }),
  };
}

const widest = 400;

/**
 * Where it stands what the chosen one is about: beside the list of what is offered, or, where that has no room, as on a
 * phone, past its end, away from the line that is typed. It covers none of the list.
 */
export function besideList(
  view: EditorView,
  list: Rect,
  option: Rect,
  info: Rect,
  space: Rect,
): { style: string; class: string } {
  const [width, height] = [info.right - info.left, info.bottom - info.top];
  const room = { left: list.left - space.left, right: space.right - list.right };
  const side = room.right >= Math.min(width, room.left) ? 'right' : 'left';
  if (width <= room[side]) {
    const top = Math.max(space.top, Math.min(option.top, space.bottom - height)) - list.top;
    return {
      style: `top: ${top}px; max-width: ${Math.min(widest, room[side])}px`,
      class: `cm-completionInfo-${side}`,
    };
  }
  const [above, below] = [list.top - space.top, space.bottom - list.bottom];
  const typed = view.coordsAtPos(view.state.selection.main.head);
  const isAbove =
    typed && list.bottom <= typed.bottom ? above >= height || above > below : below < height && above > below;
  const most = Math.min(widest, space.right - space.left);
  // Counted from within the list's border.
  const left = Math.min(0, space.right - list.left - Math.min(width, most) - 2);
  return { style: `${isAbove ? 'bottom' : 'top'}: 100%; left: ${left}px; max-width: ${most}px`, class: '' };
}

/** Tells what a member is when the pointer rests on it. */
export function memberHints(find: MemberFinder) {
  return hoverTooltip((view, pos) => {
    const { from, text } = view.state.doc.lineAt(pos);
    for (const match of text.matchAll(/[A-Za-z_$][\w$]*(?:\.[\w$]+)*/g)) {
      const start = from + match.index;
      if (pos < start || pos > start + match[0].length) continue;
      const behind = /^[\w$]*/.exec(match[0].slice(pos - start))?.[0].length ?? 0;
      const member = find.named(match[0].slice(0, pos - start + behind), view.state.doc.toString());
      if (!member) return null;
      return { pos: start, end: pos + behind, above: true, create: () => ({ dom: hintOf(member) }) };
    }
    return null;
  });
}

function hintOf({ path, type, about }: Member): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'script-hint';
  const name = document.createElement('code');
  name.textContent = `${path}: ${type}`;
  const words = document.createElement('div');
  words.textContent = about;
  dom.append(name, words);
  return dom;
}
