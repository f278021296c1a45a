import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Consent, ConsentPurpose } from '../../contract/consents.ts';
import { brandNamesQuery } from './brand-names.ts';
import { consentName } from './consent-purposes.ts';
import { catalogueQuery } from './consents.ts';
import { useMay } from './session.ts';

/** What is needed: the purpose as a whole, or one topic of it. */
type Needed = { readonly purpose: ConsentPurpose; readonly topic: string | null };

/** Where the catalogue stands with a consent that something needs. */
type Standing = {
  /** At least one brand asks it. */
  readonly isAsked: boolean;
  readonly words: string;
  /** What there is of it: of what is asked, if there are several. */
  readonly entry: Consent | undefined;
};

/** Of each consent that is needed: is it asked, and where? Undefined as long as that is not known, or not to be known. */
export function useConsentStanding(): ((needed: Needed) => Standing) | undefined {
  const may = useMay();
  const { data } = useQuery({ ...catalogueQuery, enabled: may('read:consents') });
  const { data: brands = [] } = useQuery({ ...brandNamesQuery, enabled: may('read:consents') && may('read:brands') });
  if (!may('read:consents') || !data) return undefined;
  return ({ purpose, topic }) => {
    const found = data.filter((one) => one.purpose === purpose && one.topic === topic);
    const asked = found.filter(({ version }) => version !== null);
    const entry = asked[0] ?? found[0];
    if (!entry) return { isAsked: false, words: 'is not in the catalogue: nobody is asked.', entry };
    if (asked.length === 0) return { isAsked: false, words: 'has no published words: nobody is asked.', entry };
    if (asked.some(({ brand }) => brand === null)) return { isAsked: true, words: 'is asked at every brand.', entry };
    const names = asked.map(({ brand }) => brands.find(({ id }) => id === brand)?.name ?? 'one brand');
    const isEverywhere = brands.length > 0 && brands.every(({ id }) => asked.some(({ brand }) => brand === id));
    const where = isEverywhere ? 'every brand' : `${new Intl.ListFormat('en').format(names)}, and nowhere else`;
    return { isAsked: true, words: `is asked at ${where}.`, entry };
  };
}

/**
 * Beside what needs a consent, for who may read the catalogue: whether it is asked there, and the way to it.
 *
 * @param otherwise how a yes comes about all the same where the catalogue does not ask it
 */
export function ConsentStanding({ purpose, topic, otherwise }: Needed & { readonly otherwise?: string | undefined }) {
  const may = useMay();
  const standing = useConsentStanding()?.({ purpose, topic });
  if (!standing) return null;
  const { isAsked, words, entry } = standing;
  const name = consentName({ purpose, topic });
  const make = `/consents/new?${new URLSearchParams({ purpose, ...(topic !== null && { topic }) })}`;
  const to = entry ? `/consents/${entry.id}` : may('create:consents') ? make : `/consents?purpose=${purpose}`;
  const isMissing = !isAsked && otherwise === undefined;
  return (
    <Text size="sm" fw={isMissing ? 600 : undefined} className="value">
      {isMissing ? '⚠ ' : ''}
      The consent “
      <Anchor component={Link} to={to} size="sm" fw="inherit" underline="always">
        {name}
      </Anchor>
      ” {words}
      {!isAsked && otherwise !== undefined ? ` ${otherwise}` : ''}
    </Text>
  );
}
