// What rules of the library may call beyond what every sign-in answers.
import { z } from 'zod';
import { librarySources } from '../rules-library/library.ts';
import type { Base } from './base/base.ts';
import { Problem } from './base/errors.ts';
import { parsedObject } from './base/json.ts';
import { areaIncome, ask } from './features/enrichment/enrichment.ts';
import { libraryInUse } from './features/rules/rules.ts';
import type { LibraryCalls } from './surfaces/login/login.ts';

const where = z.object({
  country: z.string().optional(),
  postal_code: z.string().optional(),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
});

/** Answers them by the features that they belong to. A rule asks the service of its own, with its own settings. */
export function libraryCalls(base: Base): LibraryCalls {
  return {
    async area_income(_about, argument) {
      const { data } = where.safeParse(argument);
      if (!data) throw new Problem('invalid_body', 'This is no place.');
      return areaIncome(base, data);
    },
    async enrichment_ask({ subject, brand }, argument, { source: rule }) {
      const id = rule.slice('library:'.length);
      const source = librarySources.find((one) => one.id === id);
      const inUse = await libraryInUse(base, id);
      const { data } = parsedObject.safeParse(argument);
      if (!source || !inUse || !data) throw new Problem('not_found', 'This rule has no service to ask.');
      // An identity that joins a customer only now is asked about at its next sign-in.
      if (subject === undefined) return { status: 'later' };
      return ask(base, { source, settings: inUse.settings, brand, subject, question: data });
    },
  };
}
