// Code of an export that is no rule and no action: somebody must know that it does not come along.
import { isRecord, type Json, recordsIn } from './export-json.ts';

/** The folders that Auth0's deploy tool writes, as folders or beside a tenant.yaml, but for that of the rules. */
const others = [
  ...['action-modules', 'actions', 'agents', 'attack-protection', 'branding', 'branding_templates', 'clients'],
  ...['client-profiles', 'connection-profiles', 'connections', 'custom-domains', 'database-connections', 'databases'],
  ...['emailTemplates', 'emails', 'event-streams', 'flow-vault-connections', 'flows', 'forms'],
  ...['grants', 'guardian', 'hooks', 'log-streams', 'network-acls', 'organizations', 'pages', 'partials'],
  ...['phone-providers', 'phone-templates', 'prompts', 'rate-limit-policies', 'resource-servers'],
  ...['risk-assessment', 'roles', 'rules-configs', 'screenRenderSettings', 'self-service-profiles'],
  ...['supplemental-signals', 'themes', 'token-exchange-profiles', 'triggers', 'user-attribute-profiles'],
] as const;
const known: ReadonlySet<string> = new Set<string>(['rules', ...others]);

const noDatabase = 'who signs in by a password is a customer here, and no other database is asked.';
const reasons: Readonly<Record<string, string>> = {
  actions: 'no file among these says of which action it is.',
  'database-connections': `it is of a database: ${noDatabase}`,
  databases: `it is of a database: ${noDatabase}`,
  hooks: 'it is of a hook: write what it does as an action.',
};

/**
 * Why a script of which no other file tells is no rule: it lies in a folder of an export that has others. Undefined: it
 * is one.
 */
export function whyNoRule(path: string): string | undefined {
  const folder = folderOf(path);
  if (folder === undefined || folder === 'rules') return undefined;
  const why = reasons[folder] ?? `in a folder ${folder} of an export there are no rules.`;
  return `${path} stays behind: ${why} If it is a rule, put it into a folder rules.`;
}

/** In which folder of an export it lies: the innermost counts, but for databases, which are called as one likes. */
function folderOf(path: string): string | undefined {
  const [, database] = /(?:^|\/)(database-connections|databases)\/[^/]+\/[^/]+$/.exec(path) ?? [];
  const folders = path.split('/').slice(0, -1);
  return database ?? folders.findLast((folder) => known.has(folder));
}

/** What stays behind, and what of the files it takes along with it. */
type Behind = {
  readonly told: string;
  /** Its scripts as it has them: their texts, or the names of their files. */
  readonly scripts: readonly unknown[];
  /** Whatever lies in this folder is its own; undefined: only its scripts are. */
  readonly folder: string | undefined;
};

/** Code of other kinds in a file, of which there is none here. */
export function leftBehind(path: string, value: unknown): Behind[] {
  if (!isRecord(value)) return [];
  const hooks = /(^|\/)hooks\/[^/]+\.json$/.test(path) ? [value] : recordsIn(value.hooks);
  // The file of one database lies among its scripts, in a folder that has its name.
  const isOne = /(^|\/)database\.json$/.test(path);
  const databases = isOne ? [value] : recordsIn(value.databases);
  return [
    ...hooks.map(({ name, script }) => ({
      told: `The hook ${name ?? path} stays behind: write what it does as an action.`,
      scripts: [script],
      folder: undefined,
    })),
    ...databases.flatMap((database) => {
      const scripts = Object.values(customScriptsOf(database));
      const told = `The scripts of the database ${database.name ?? path} stay behind: ${noDatabase}`;
      const folder = isOne && path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : undefined;
      return scripts.length === 0 ? [] : [{ told, scripts, folder }];
    }),
  ];
}

function customScriptsOf({ options, customScripts }: Json): Json {
  const within = isRecord(options) ? options.customScripts : undefined;
  return [within, customScripts].find(isRecord) ?? {};
}
