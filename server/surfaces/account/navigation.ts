/** The entry of a page in the navigation: keys of its name and of the half sentence that says what is to be done there. */
export type Entry = { readonly name: string; readonly hint: string };

/** Where a page stands: at `/account<path>`, in the navigation itself, or below the page at `under` that is. */
export type Place = { readonly path: string; readonly entry?: Entry; readonly under?: string };

/** As the layout shows it. */
export type Navigation = {
  readonly label: string;
  /** Where one came from, for phones: they show the list on the first page only. */
  readonly back?: { readonly href: string; readonly label: string } | undefined;
  readonly items: readonly {
    readonly href: string;
    readonly label: string;
    readonly hint: string;
    readonly here: boolean;
  }[];
  /** Back to the shop; a brand may have told no address. */
  readonly home?: { readonly href: string; readonly label: string } | undefined;
};

type Seen = {
  readonly places: readonly Place[];
  readonly place: Place;
  readonly brand: { readonly website: string | null };
  readonly say: (key: string) => string;
};

/** The navigation as it is seen from `place`, one of `places`. */
export function navigationOf({ say, places, place, brand }: Seen): Navigation {
  const here = place.under ?? place.path;
  const above = place.path === '' ? undefined : places.find(({ path }) => path === (place.under ?? ''));
  return {
    label: say('nav.label'),
    back: above?.entry && { href: `/account${above.path}`, label: say(above.entry.name) },
    items: places.flatMap(({ path, entry }) =>
      entry ? [{ href: `/account${path}`, label: say(entry.name), hint: say(entry.hint), here: path === here }] : [],
    ),
    home: brand.website === null ? undefined : { href: brand.website, label: say('nav.home') },
  };
}
