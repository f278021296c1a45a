import { useQuery } from '@tanstack/react-query';
import type { LibraryRule, RuleRunning } from '../../../contract/rules.ts';
import { libraryQuery } from '../../ui/rules-library.ts';
import { useMay, useMayWriteCode } from '../../ui/session.ts';

/** May they do this with this rule of the library? Telling somebody outside or keeping somebody out is as good as code. */
export function useMayFillIn(): (scope: string, rule: Pick<LibraryRule, 'needs_code'>) => boolean {
  const may = useMay();
  const mayCode = useMayWriteCode();
  return (scope, rule) => mayCode(scope) || (may(scope) && !rule.needs_code);
}

/** The same of a rule that is here: its code may be the umbrella's own, and its failure may refuse the sign-in. */
export function useMayChange(): (scope: string, rule: Pick<RuleRunning, 'library' | 'on_failure'>) => boolean {
  const may = useMay();
  const mayCode = useMayWriteCode();
  const mayFillIn = useMayFillIn();
  // Only who may change some of the rules has to know which.
  const { data } = useQuery({ ...libraryQuery, enabled: may('update:rules') && !mayCode('update:rules') });
  return (scope, { library, on_failure: onFailure }) => {
    const ready = data?.find(({ id }) => id === library);
    return mayCode(scope) || (onFailure === 'go_on' && ready !== undefined && mayFillIn(scope, ready));
  };
}
