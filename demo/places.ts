import type { NetworkName } from './networks/networks.ts';
import type { ShopBrand } from './shops/brands.ts';

export type BrandSlug = ShopBrand['slug'];

/** Where everything of the demo beside the server listens, on 127.0.0.1 (0: any free port). */
export type Ports = {
  /** Of the server behind its proxy, which listens where the server itself would. */
  readonly server: number;
  readonly shops: Readonly<Record<BrandSlug, number>>;
  readonly outbox: number;
  readonly networks: Readonly<Record<NetworkName, number>>;
};

/** The ports of the demo: 4010 to 4014 and 4020 to 4023, or the same above another thousand. */
export function demoPorts(first = 4000): Ports {
  return {
    server: first + 20,
    networks: { google: first + 10, facebook: first + 11, apple: first + 12, x: first + 13, github: first + 14 },
    shops: { lumiere: first + 21, northtrail: first + 22 },
    outbox: first + 23,
  };
}

/** Addresses of what runs, without slash at their ends. */
export type Places = {
  readonly server: string;
  readonly shops: Readonly<Record<BrandSlug, string>>;
  readonly outbox: string;
  readonly networks: Readonly<Record<NetworkName, string>>;
};
