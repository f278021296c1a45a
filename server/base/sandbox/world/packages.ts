// The published packages that scripts may ask for: those which package.json has under names that start with `rules-`.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const prefix = 'rules-';
/** The folder in which `npm install` put them. */
export const root = new URL('../../../../', import.meta.url);

/** A package that is there: what scripts call it, and the folder of node_modules in which it is. */
export type Package = {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** Its files are the operator's own: they may change while its version stays. */
  readonly isOwn?: true;
};

/** What a script asks for. */
export type Asked = { readonly name: string; readonly version: string | undefined; readonly path: string };

// Which version code gets that asks for none: what Auth0 gave, or the last that has its interface. Else the newest.
const unversioned: Record<string, string> = {
  auth0: '2.30.0',
  axios: '0.21.1',
  async: '2.6.4',
  'ipaddr.js': '1.9.1',
  'slack-notify': '0.1.7',
  uuid: '3.4.0',
};

// What stands in for a package or for one of its versions, and why.
const inPlaceOf: Readonly<Record<string, { readonly by: string; readonly why: string }>> = {
  bcrypt: { by: 'bcryptjs', why: 'has native code, which cannot run here' },
  '@onfido/api@1.5.1': { by: '@onfido/api@1.5.4', why: 'could not be had from npm' },
};

// Rules of Auth0's collection ask for them, and npm's registry did not have them when it was asked, in November 2026.
const notOnNpm = ['@auth0/rule-utilities', '@incognia/api'];

let all: readonly Package[] | undefined;

/** All packages that are there, newest first. */
export function packages(): readonly Package[] {
  all ??= readPackages(root);
  return all;
}

/** Those that this folder's package.json names, newest first: of npm, or from files of the operator's own. */
export function readPackages(at: URL): Package[] {
  const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(new URL('package.json', at), 'utf8'),
  );
  return Object.entries(dependencies)
    .flatMap(([folder, spec]): Package[] => {
      if (!folder.startsWith(prefix)) return [];
      if (spec.startsWith('file:')) return ownPackage(at, folder);
      const [, name, version] = /^npm:(.+)@([^@]+)$/.exec(spec) ?? [];
      return name && version ? [{ name, version, folder }] : [];
    })
    .sort((one, other) => other.version.localeCompare(one.version, 'en', { numeric: true }));
}

/** What it is, its own package.json says; none where that is not to be read. */
function ownPackage(at: URL, folder: string): Package[] {
  try {
    const text = readFileSync(new URL(`node_modules/${folder}/package.json`, at), 'utf8');
    const { name, version } = manifest.parse(JSON.parse(text));
    return [{ name, version, folder, isOwn: true }];
  } catch {
    return [];
  }
}
const manifest = z.object({ name: z.string(), version: z.string() });

/** Takes apart what stands in `require()`: `name`, `name@version`, `name/path`; undefined if it is none of them. */
export function readName(text: string): Asked | undefined {
  const found = /^((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)(?:@(\d[\w.+-]*))?((?:\/[\w-][\w.-]*)*)$/i.exec(text);
  const [, name, version, path = ''] = found ?? [];
  return name ? { name, version, path } : undefined;
}

/** The package for it. A part of a version (`4`, `4.17`) means the newest of these. */
export function findPackage(asked: Asked): Package | undefined {
  const instead = readName(standIn(asked)?.by ?? '');
  if (instead) return findPackage(instead);
  const { name, version } = asked;
  const wanted = version ?? unversioned[name];
  const named = packages().filter((one) => one.name === name);
  return (
    named.find((one) => wanted === undefined || one.version === wanted) ??
    named.find((one) => one.version.startsWith(`${wanted}.`))
  );
}

/** What stands in for it; for a version, unless that was added. */
function standIn({ name, version }: Asked): (typeof inPlaceOf)[string] | undefined {
  const isThere = packages().some((one) => one.name === name && one.version === version);
  return inPlaceOf[name] ?? (isThere ? undefined : inPlaceOf[`${name}@${version}`]);
}

/** A sentence about what code gets in place of what it asks for; undefined: it gets that, or nothing. */
export function insteadOf(text: string): string | undefined {
  const asked = readName(text);
  const instead = asked && standIn(asked);
  const found = asked && instead && findPackage(asked);
  if (!found) return undefined;
  const isOther = found.name !== asked.name;
  const what = isOther ? asked.name : `${asked.name} ${asked.version}`;
  return `${what} ${instead.why}; ${isOther ? `${found.name} ` : ''}${found.version} runs instead.`;
}

/** The newest version of a package, whatever code gets that asks for none; undefined: the package is not there. */
export function newestVersion(name: string): string | undefined {
  return packages().find((one) => one.name === name)?.version;
}

const ofDatabases = [
  'mongodb',
  'mongoose',
  'mongojs',
  'tedious',
  'mssql',
  'pg',
  'mysql',
  'mysql2',
  'redis',
  'ioredis',
  'knex',
  'sequelize',
  'couchbase',
  'cassandra-driver',
  'oracledb',
  'sqlserver',
  'azure-storage',
];
const ofConnections = ['nodemailer', 'ldapjs', 'amqplib', 'kafkajs', 'ws', 'socket.io-client', 'ssh2'];

/** Why a script does not get what it asks for, and what an operator can do. */
export function whyMissing(text: string): string {
  const asked = readName(text);
  const ofRange = /^(.[^@]*)@.+$/.exec(text)?.[1];
  if (!asked && ofRange !== undefined && readName(ofRange)?.path === '') {
    const there = versionsThere(ofRange) || ' Of this package there is none.';
    return `Cannot find module '${text}': name an exact version, such as '${ofRange}@1.2.3'.${there}`;
  }
  if (!asked)
    return `Cannot find module '${text}': code of rules and actions can ask for packages and for Node's own modules, not for files.`;
  const { name, version } = asked;
  if (ofDatabases.includes(name)) {
    return `Cannot find module '${text}': it opens connections to a database, and code of rules and actions has only HTTP. Put a small HTTP service in front of the database and call it with fetch, axios or request.`;
  }
  if (ofConnections.includes(name)) {
    return `Cannot find module '${text}': it opens connections of its own, and code of rules and actions has only HTTP. Use the HTTP API of that service with fetch, axios or request.`;
  }
  const wanted = version ?? '<version>';
  const folder = `${prefix}${name.replace('@', '').replace('/', '-')}-${wanted}`;
  if (notOnNpm.includes(name)) {
    return `Cannot find module '${text}'.${versionsThere(name)} npm's public registry did not have this package when it was asked (November 2026). An operator who has its files adds them on the server, in the folder of Regulars, by: npm install --save-exact ${folder}@file:<what npm pack makes of them> and a restart. Otherwise write what is needed of it into the code.`;
  }
  return `Cannot find module '${text}'.${versionsThere(name)} An operator adds it on the server, in the folder of Regulars, by: npm install --save-exact ${folder}@npm:${name}@${wanted} and a restart.`;
}

/** A sentence, or nothing where there are none. */
function versionsThere(name: string): string {
  const there = packages().filter((one) => one.name === name);
  return there.length > 0 ? ` Of this package there are: ${there.map((one) => one.version).join(', ')}.` : '';
}
