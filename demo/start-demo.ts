import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Base } from '../server/base/base.ts';
import { type Config, ConfigError } from '../server/base/config.ts';
import { openGround } from '../server/base/ground.ts';
import type { Logger } from '../server/base/log.ts';
import { startServer } from '../server/start.ts';
import { openFrontProxy } from './arrivals/front-proxy.ts';
import { loadInventedIncomes, writePlaces } from './arrivals/tables.ts';
import { makeCustomers } from './customers/make-customers.ts';
import { claimDatabase, type DemoMark, writeMark } from './demo-mark.ts';
import { type DemoSecrets, demoSecrets } from './demo-secrets.ts';
import { type Networks, startNetworks } from './networks/networks.ts';
import { createOutbox } from './outbox/outbox.ts';
import type { BrandSlug, Places, Ports } from './places.ts';
import { lumiere, northtrail } from './shops/brands.ts';
import { createShop } from './shops/shop.ts';
import { askConsents } from './umbrella/consents.ts';
import { networkClient, networkNames } from './umbrella/networks.ts';
import { askQuestions } from './umbrella/questions.ts';
import { switchRulesOn } from './umbrella/rules.ts';
import { openConsole } from './umbrella/staff.ts';
import { portalIds, wireUmbrella } from './umbrella/umbrella.ts';

export type Demo = {
  readonly places: Places;
  readonly networks: Networks;
  readonly base: Base;
  readonly machine: { readonly id: string; readonly secret: string };
  /** The password of all staff of the demo. */
  readonly staffPassword: string;
  /** Lets both brands ask for what customers may allow, unless they do already. */
  askConsents(): Promise<void>;
  /** Lets Lumière ask its customers a question now and then, unless somebody does already. */
  askQuestions(): Promise<void>;
  /** Makes the synthetic customers that are still missing; false when the signal stopped it. */
  makeCustomers(count: number, progress: (count: number) => void, signal: AbortSignal): Promise<boolean>;
  stop(): Promise<void>;
};

const host = '127.0.0.1';
const machineId = 'demo-machine';
const shopBrands = { lumiere, northtrail };

/**
 * Starts the server with the demo umbrella in it, the simulated networks, the storefronts and the outbox.
 *
 * @throws ConfigError when a setting cannot be used or a port is taken; then nothing is left running
 */
export async function startDemo(config: Config, log: Logger, ports: Ports): Promise<Demo> {
  await using opened = new AsyncDisposableStack();
  const { base, mark, secrets } = await openServer(config, log, ports.server, opened);

  const networks = await startNetworks({ host, ports: ports.networks }).catch(refused);
  opened.defer(() => networks.close());
  for (const name of networkNames) {
    networks[name].register(networkClient(name, `${config.issuer}login/callback`, secrets.networks[name]));
  }

  const neighbours: { name: string; href: string }[] = [];
  const outbox = await createOutbox(base.db, neighbours);
  const outboxAt = await listen(outbox, ports.outbox, opened);
  const shops = {
    lumiere: await openShop('lumiere', { config, ports, secrets, neighbours, log, opened }),
    northtrail: await openShop('northtrail', { config, ports, secrets, neighbours, log, opened }),
  };
  const places: Places = {
    server: config.url,
    shops,
    outbox: outboxAt,
    networks: {
      google: networks.google.origin,
      facebook: networks.facebook.origin,
      apple: networks.apple.origin,
      x: networks.x.origin,
      github: networks.github.origin,
    },
  };
  neighbours.push(
    { name: 'Lumière', href: shops.lumiere },
    { name: 'Northtrail', href: shops.northtrail },
    { name: 'Mail outbox', href: outboxAt },
  );
  const wiring = JSON.stringify([places, base.vault.fingerprint]);
  if (mark.wiring !== wiring) {
    await wireUmbrella(base, places, secrets);
    mark.wiring = wiring;
    await writeMark(base.db, mark);
  }
  if (!mark.rules) {
    await loadInventedIncomes(base);
    await switchRulesOn(base);
    mark.rules = true;
    await writeMark(base.db, mark);
  }
  if (!mark.staff) {
    await openConsole(base, secrets.staff);
    mark.staff = true;
    await writeMark(base.db, mark);
  }

  const closing = opened.move();
  return {
    places,
    networks,
    base,
    machine: { id: machineId, secret: secrets.machine },
    staffPassword: secrets.staff,
    askConsents: () => askConsents(base, places.shops),
    askQuestions: () => askQuestions(base, places.shops.lumiere),
    async makeCustomers(count, progress, signal) {
      if (mark.customers >= count) return true;
      const done = await makeCustomers(base, { from: mark.customers, to: count }, progress, signal);
      if (done) {
        mark.customers = count;
        await writeMark(base.db, mark);
      }
      return done;
    },
    stop: () => closing.disposeAsync(),
  };
}

/** The server on a database that is the demo's own, behind a proxy that says from where visitors come. */
async function openServer(
  config: Config,
  log: Logger,
  port: number,
  opened: AsyncDisposableStack,
): Promise<{ base: Base; mark: DemoMark; secrets: DemoSecrets }> {
  await using looking = new AsyncDisposableStack();
  const ground = await openGround(config, log);
  looking.defer(() => ground.close());
  const mark = await claimDatabase(ground.base.db, config);
  const secrets = demoSecrets(ground.base.vault);
  const managementClient = { id: machineId, secret: secrets.machine };
  // Where the server itself speaks TLS nobody can stand in between.
  const behind = config.tls ? {} : await standBehind(config, port, opened);
  const portSetting = config.tls ? 'PORT' : '--ports';
  const server = await startServer({ ...config, ...behind, managementClient }, log, { portSetting });
  opened.defer(() => server.stop());
  if (!config.tls) await openFrontProxy(config, server.app, opened);
  return { base: server.base, mark, secrets };
}

async function standBehind(config: Config, port: number, opened: AsyncDisposableStack): Promise<Partial<Config>> {
  const places = await writePlaces();
  opened.defer(() => places.remove());
  return { host, port, trustedProxies: [host], geoip: config.geoip ?? places.path };
}

type ShopParts = {
  config: Config;
  ports: Ports;
  secrets: DemoSecrets;
  neighbours: readonly { name: string; href: string }[];
  log: Logger;
  opened: AsyncDisposableStack;
};

async function openShop(slug: BrandSlug, parts: ShopParts): Promise<string> {
  const { config, ports, secrets, neighbours, log, opened } = parts;
  // It has to know its own address before it listens, also where any free port will do.
  const place = { origin: '' };
  const shop = await createShop({
    brand: shopBrands[slug],
    issuer: config.issuer,
    clientId: portalIds[slug],
    clientSecret: secrets.shops[slug],
    place,
    neighbours,
    log,
  });
  place.origin = await listen(shop, ports.shops[slug], opened);
  return place.origin;
}

/** @returns the address, `http://localhost:<port>` */
async function listen(app: FastifyInstance, port: number, opened: AsyncDisposableStack): Promise<string> {
  opened.defer(() => app.close());
  await app.listen({ host, port }).catch(refused);
  const address: string | AddressInfo | null = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the page does not listen on a port');
  return `http://localhost:${address.port}`;
}

function refused(error: unknown): never {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!isTaken) throw error;
  const port = 'port' in error ? String(error.port) : 'one of them';
  throw new ConfigError(`--ports must name other ports for the demo's shops and networks, for ${port} is in use.`);
}
