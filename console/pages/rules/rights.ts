import { useQuery } from '@tanstack/react-query';
import type { LibraryRule } from '../../../contract/rules.ts';
import { libraryQuery } from '../../ui/rules-library.ts';
import { useMay, useMayWriteCode } from '../../ui/session.ts';

/** May they do this with this rule of the library? Sending something outside or keeping somebody out is as good as code. */
export function useMayFillIn(): (scope: string, rule: Pick<LibraryRule, 'calls_outside' | 'on_failure'>) => boolean {
  const may = useMay();
  const mayCode = useMayWriteCode();
  return (scope, rule) => mayCode(scope) || (may(scope) && !rule.calls_outside && rule.on_failure === 'go_on');
}

/** The same of a rule that is here, whose code may be the umbrella's own. */
export function useMayChange(): (scope: string, rule: { readonly library: string | null }) => boolean {
  const may = useMay();
  const mayCode = useMayWriteCode();
  const mayFillIn = useMayFillIn();
  // Only who may change some of the rules has to know which.
  const { data } = useQuery({ ...libraryQuery, enabled: may('update:rules') && !mayCode('update:rules') });
  return (scope, { library }) => {
    const ready = data?.find(({ id }) => id === library);
    return mayCode(scope) || (ready !== undefined && mayFillIn(scope, ready));
  };
}
