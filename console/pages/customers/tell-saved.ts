import { tellWithUndo } from '../../ui/tell-with-undo.tsx';

/**
 * Says that a value was saved, with the way back.
 *
 * @param isAsked does the profile show what was asked for? Other sources may be believed more.
 */
export function tellSaved({
  label,
  isAsked,
  undo,
}: {
  label: string;
  isAsked: boolean;
  undo: () => Promise<void>;
}): void {
  const otherwise = 'but the profile shows otherwise: the customer objected, or another source is believed more here';
  tellWithUndo({
    message: `“${label}” is saved${isAsked ? '' : `, ${otherwise}`}.`,
    color: isAsked ? 'regulars' : 'yellow',
    undo,
    undone: `“${label}” is as it was.`,
    failed: `“${label}” could not be put back; was it changed since?`,
  });
}
