import { existsSync } from 'node:fs';
import * as read from './config-values.ts';

/** What an operator sets. Everything that staff can change while it runs lives in the database instead. */
export type Config = {
  port: number;
  /** Address to listen on. */
  host: string;
  /** The public origin, without slash at its end: `http://localhost:4000`. */
  url: string;
  /** `url` with a slash: the `iss` of our tokens. */
  issuer: string;
  /** Addresses and CIDR ranges whose `X-Forwarded-*` count. */
  trustedProxies: string[];
  /** The PostgreSQL to use; none: the embedded one. */
  databaseUrl?: string | undefined;
  /** The same database without a pooler in between. */
  databaseDirectUrl?: string | undefined;
  /** Absolute path of the folder of the embedded database and its key. */
  dataFolder: string;
  /** Absolute path of an .mmdb file. */
  geoip?: string | undefined;
  /** 32-byte keys, the newest first; none: kept in the data folder. */
  secrets?: [Buffer, ...Buffer[]] | undefined;
  /** PEM texts: serve HTTPS directly. */
  tls?: { cert: string; key: string } | undefined;
  admin?: { email: string; password: string } | undefined;
  managementClient?: { id: string; secret: string } | undefined;
  smtpUrl?: string | undefined;
  /** Sender of mails whose brand has none. */
  mailFrom: string;
  metricsPort?: number | undefined;
  /** Memory of the processes that run the umbrella's own code, all together, in MB. */
  rulesMemoryMb: number;
};

/** A setting that cannot be used. Its message is one sentence that names the variable; the program ends with code 2. */
export class ConfigError extends Error {}

/** Every variable that is read: its meaning and, in words, its default. `docs/config.md` is made of this. */
export const variables = {
  PORT: ['Port to listen on', '4000'],
  HOST: ['IP address to listen on', '0.0.0.0, all; of the demo 127.0.0.1'],
  REGULARS_URL: ['Public address; the issuer is it plus `/`', 'http://localhost:PORT'],
  REGULARS_TRUSTED_PROXIES: ['Addresses or CIDR ranges of proxies whose `X-Forwarded-*` headers count', 'none'],
  DATABASE_URL: ['PostgreSQL (15 or newer) to use', 'an embedded one'],
  DATABASE_DIRECT_URL: [
    'The same database unpooled, for LISTEN, jobs, migrations and locks; required behind a transaction pooler',
    'DATABASE_URL',
  ],
  REGULARS_DATA: ['Folder of the embedded database and its key', './data'],
  REGULARS_GEOIP: ['`.mmdb` file of cities or countries of IP addresses, read at the start', 'none: no places'],
  REGULARS_SECRET: [
    'Key of 32 bytes in base64, or `new,old` while it is being changed; required with DATABASE_URL',
    'made in REGULARS_DATA',
  ],
  REGULARS_TLS_CERT: ['PEM file of a certificate: serve HTTPS directly', 'none: HTTP'],
  REGULARS_TLS_KEY: ['PEM file of its private key', 'none'],
  REGULARS_ADMIN_EMAIL: ['E-mail address of the first staff administrator', 'none'],
  REGULARS_ADMIN_PASSWORD: ['Their password, at least 8 characters', 'none'],
  REGULARS_MANAGEMENT_CLIENT_ID: ['Id of the first machine client, which has all scopes', 'random, printed once'],
  REGULARS_MANAGEMENT_CLIENT_SECRET: ['Its secret, at least 16 characters', 'random, printed once'],
  SMTP_URL: ['Mail server, `smtp://user:password@host:587`', 'none: mails are kept in the outbox'],
  MAIL_FROM: ['Sender of mails whose brand has none', 'no-reply@ the host of REGULARS_URL'],
  METRICS_PORT: ['Port of the Prometheus `/metrics`', 'off'],
  REGULARS_RULES_MEMORY: ['Memory in MB that the processes of rules and actions take at most, all together', '1536'],
} as const satisfies Record<string, readonly [meaning: string, otherwise: string]>;

type Name = keyof typeof variables;
type Environment = Record<string, string | undefined>;

/** The environment of this process, with what a file `.env` in the current folder adds to it. */
export function environment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/**
 * Reads and checks all settings; an empty variable counts as not set. Touches nothing.
 *
 * @throws ConfigError for a wrong value, half of a pair, or a `REGULARS_*` that does not exist
 */
export function readConfig(env: Environment = environment()): Config {
  refuseUnknown(env);

  function value<T>(name: Name, parse: (text: string) => T): T | undefined {
    const text = env[name]?.trim();
    if (!text) return undefined;
    try {
      return parse(text);
    } catch (error) {
      throw new ConfigError(`${name} ${error instanceof Error ? error.message : 'is wrong'}.`);
    }
  }
  function pair<A, B>(one: Name, a: A | undefined, other: Name, b: B | undefined): [A, B] | undefined {
    if (a !== undefined && b !== undefined) return [a, b];
    if (a === undefined && b === undefined) return undefined;
    const [given, missing] = a === undefined ? [other, one] : [one, other];
    throw new ConfigError(`${missing} must be set too when ${given} is.`);
  }

  const port = value('PORT', read.port) ?? 4000;
  const metricsPort = value('METRICS_PORT', read.port);
  if (metricsPort === port) throw new ConfigError('METRICS_PORT must be another port than PORT.');
  const cert = value('REGULARS_TLS_CERT', read.certificate);
  const key = value('REGULARS_TLS_KEY', read.keyOf(cert ?? ''));
  const tls = pair('REGULARS_TLS_CERT', cert, 'REGULARS_TLS_KEY', key);
  const url = value('REGULARS_URL', read.origin) ?? `${tls ? 'https' : 'http'}://localhost:${port}`;
  if (tls && !url.startsWith('https:')) {
    throw new ConfigError('REGULARS_URL must start with https:// when REGULARS_TLS_CERT is set.');
  }
  const databaseUrl = value('DATABASE_URL', read.databaseUrl);
  const databaseDirectUrl = value('DATABASE_DIRECT_URL', read.databaseUrl);
  if (databaseDirectUrl && !databaseUrl) {
    throw new ConfigError('DATABASE_URL must be set too when DATABASE_DIRECT_URL is.');
  }
  const secrets = value('REGULARS_SECRET', read.secrets);
  if (databaseUrl && !secrets) {
    throw new ConfigError(
      'REGULARS_SECRET must be set when DATABASE_URL is: `openssl rand -base64 32` makes one; keep it as safe as the database.',
    );
  }
  const admin = pair(
    'REGULARS_ADMIN_EMAIL',
    value('REGULARS_ADMIN_EMAIL', read.email),
    'REGULARS_ADMIN_PASSWORD',
    value('REGULARS_ADMIN_PASSWORD', read.passphrase(8)),
  );
  const client = pair(
    'REGULARS_MANAGEMENT_CLIENT_ID',
    value('REGULARS_MANAGEMENT_CLIENT_ID', read.identifier),
    'REGULARS_MANAGEMENT_CLIENT_SECRET',
    value('REGULARS_MANAGEMENT_CLIENT_SECRET', read.passphrase(16)),
  );
  return {
    port,
    host: value('HOST', read.address) ?? '0.0.0.0',
    url,
    issuer: `${url}/`,
    trustedProxies: value('REGULARS_TRUSTED_PROXIES', read.cidrs) ?? [],
    databaseUrl,
    databaseDirectUrl: databaseDirectUrl ?? databaseUrl,
    dataFolder: value('REGULARS_DATA', read.folder) ?? read.folder('data'),
    geoip: value('REGULARS_GEOIP', read.placesFile),
    secrets,
    tls: tls && { cert: tls[0], key: tls[1] },
    admin: admin && { email: admin[0], password: admin[1] },
    managementClient: client && { id: client[0], secret: client[1] },
    smtpUrl: value('SMTP_URL', read.smtpUrl),
    mailFrom: value('MAIL_FROM', read.sender) ?? `no-reply@${new URL(url).hostname}`,
    metricsPort,
    rulesMemoryMb: value('REGULARS_RULES_MEMORY', read.megabytes(256)) ?? 1536,
  };
}

/** A misspelt variable would silently do nothing, so our own prefix is refused when nothing is called so. */
function refuseUnknown(env: Environment): void {
  for (const name of Object.keys(env)) {
    if (name.startsWith('REGULARS_') && !(name in variables)) {
      throw new ConfigError(`${name} is not a setting of Regulars: see docs/config.md for those there are.`);
    }
  }
}
