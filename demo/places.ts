import { type NetworkName, usualPorts } from './networks/networks.ts';
import type { ShopBrand } from './shops/brands.ts';

export type BrandSlug = ShopBrand['slug'];

/** Where everything of the demo beside the server listens, on 127.0.0.1 (0: any free port). */
export type Ports = {
  readonly shops: Readonly<Record<BrandSlug, number>>;
  readonly outbox: number;
  readonly networks: Readonly<Record<NetworkName, number>>;
};

export const demoPorts: Ports = { shops: { lumiere: 4021, northtrail: 4022 }, outbox: 4023, networks: usualPorts };

/** Addresses of what runs, without slash at their ends. */
export type Places = {
  readonly server: string;
  readonly shops: Readonly<Record<BrandSlug, string>>;
  readonly outbox: string;
  readonly networks: Readonly<Record<NetworkName, string>>;
};
