// What people have of Auth0: a folder of rules, an export of the deploy tool (folders, or tenant.yaml), or answers of
// its Management API.
import { isRecord, type Json, parseJson, recordsIn } from './export-json.ts';
import { leftBehind, whyNoRule } from './left-behind.ts';
import { codeTooLarge, scriptTooLarge } from './too-large.ts';

/** A file that was chosen: its path below the folder. */
export type ExportFile = { readonly path: string; readonly text: string };

/** A value of the configuration or a secret; an export tells its key only. */
export type FoundConfig = { readonly key: string; readonly value: string | undefined };
export type FoundRule = {
  readonly name: string;
  readonly script: string;
  readonly enabled: boolean;
  readonly order: number;
};
export type FoundAction = {
  readonly name: string;
  readonly trigger: string;
  readonly code: string;
  readonly dependencies: readonly {
    readonly name: string;
    readonly version: string;
    /** Of a registry of their own. */
    readonly registry_url?: string;
  }[];
  readonly secrets: readonly FoundConfig[];
  readonly deployed: boolean;
};

/** What was found, in the order in which it runs. */
export type Found = {
  readonly rules: readonly FoundRule[];
  readonly configs: readonly FoundConfig[];
  readonly actions: readonly FoundAction[];
  /** Names of actions at each trigger, in their order. */
  readonly bindings: Readonly<Record<string, readonly string[]>>;
  /** What could not be read. */
  readonly problems: readonly string[];
};

/** A file with what it holds; `part`: which part of an export that is, as its place tells. */
type Item = { readonly path: string; readonly part: string; readonly value: Json };

const lists = ['rules', 'rulesConfigs', 'actions'] as const;

/** @param parseYaml reads YAML; it is fetched only when there is some */
export function readExport(files: readonly ExportFile[], parseYaml: (text: string) => unknown): Found {
  const problems: string[] = [];
  const used = new Set<string>();
  const texts = new Map(files.map(({ path, text }) => [tidy(path), text]));
  const items: Item[] = [];
  const bindings: Record<string, readonly string[]> = {};
  const codeOf = (path: string, code: unknown) => {
    const found = findCode(texts, path, code);
    if (found?.path !== undefined) used.add(found.path);
    return found;
  };
  for (const [path, text] of texts) {
    if (!/\.(json|ya?ml)$/.test(path) || /(^|\/)package(-lock)?\.json$/.test(path)) continue;
    try {
      const value = /\.json$/.test(path) ? parseJson(text) : parseYaml(text);
      items.push(...itemsOf(path, value));
      for (const { told, scripts, folder } of leftBehind(path, value)) {
        problems.push(told);
        for (const script of scripts) codeOf(path, script);
        for (const one of texts.keys()) if (one.slice(0, one.lastIndexOf('/') + 1) === folder) used.add(one);
      }
      Object.assign(bindings, bindingsOf(path, value));
    } catch (error) {
      problems.push(unreadable(path, error));
    }
  }
  const rules: FoundRule[] = [];
  const actions: FoundAction[] = [];
  for (const { path, part, value } of items) {
    if (part !== 'rules' && part !== 'actions') continue;
    const name = String(value.name ?? (part === 'rules' ? ruleNameOf(path) : baseOf(path)));
    const code = codeOf(path, value.script ?? value.code) ?? codeOf(path, `./${baseOf(path)}.js`);
    if (code === undefined) {
      problems.push(`${path}: the script of ${name} is not among the files`);
      continue;
    }
    const large = part === 'rules' ? scriptTooLarge(code.text) : codeTooLarge(code.text);
    if (large !== undefined) {
      problems.push(`${code.path ?? `${path}: the script of ${name}`} is left out: ${large}`);
    } else if (part === 'rules') rules.push(toRule(name, code.text, value));
    else actions.push(toAction(name, code.text, value));
  }
  // Scripts without a word about them: each is a rule, in the order of their names, unless its folder is of others.
  for (const [path, text] of texts) {
    if (!/\.js$/.test(path) || used.has(path) || /(^|\/)node_modules\//.test(path)) continue;
    const large = scriptTooLarge(text);
    const why = whyNoRule(path) ?? (large === undefined ? undefined : `${path} is left out: ${large}`);
    if (why === undefined) {
      rules.push({ name: ruleNameOf(path), script: text, enabled: true, order: Number.POSITIVE_INFINITY });
    } else problems.push(why);
  }
  return {
    rules: rules.toSorted((a, b) => (a.order === b.order ? byName(a, b) : a.order - b.order)),
    configs: items.flatMap(({ part, value }) => (part === 'rulesConfigs' ? toConfig(value) : [])),
    actions: actions.toSorted(byName),
    bindings,
    problems,
  };
}

/** The parts of a file: one thing, a list of things, or a whole tenant. */
function itemsOf(path: string, value: unknown): Item[] {
  if (Array.isArray(value)) {
    const part = partOf(path) ?? (value.every((one) => isRecord(one) && 'script' in one) ? 'rules' : undefined);
    return part === undefined ? [] : value.filter(isRecord).map((one) => ({ path, part, value: one }));
  }
  if (!isRecord(value)) return [];
  // A flow of a form has actions of another kind, and a hook a script.
  if (/(^|\/)(flows|hooks)\//.test(path)) return [];
  const whole = lists.flatMap((part) => {
    const list = value[part];
    return Array.isArray(list) ? list.filter(isRecord).map((one) => ({ path, part, value: one })) : [];
  });
  if (whole.length > 0) return whole;
  const part = partOf(path) ?? ('stage' in value || 'script' in value ? 'rules' : undefined);
  return part === undefined ? [] : [{ path, part, value }];
}

/** `rules/one.json`, `actions/one.json`, `rulesConfigs.json`, `rules-configs/KEY.json`. */
function partOf(path: string): string | undefined {
  if (/(^|\/)(rulesConfigs\.json|rules-configs\/[^/]+)$/.test(path)) return 'rulesConfigs';
  const [, folder] = /(?:^|\/)(rules|actions)(?:\/[^/]+\.json|\.json)$/.exec(path) ?? [];
  return folder;
}

function bindingsOf(path: string, value: unknown): Record<string, readonly string[]> {
  const isTriggers = /(^|\/)triggers\/triggers\.json$/.test(path);
  const triggers = isRecord(value) ? (isTriggers ? value : value.triggers) : undefined;
  if (!isRecord(triggers)) return {};
  return Object.fromEntries(
    Object.entries(triggers).map(([trigger, bound]) => [
      trigger,
      Array.isArray(bound) ? bound.filter(isRecord).map((one) => String(one.action_name ?? '')) : [],
    ]),
  );
}

/** Code that stands there itself, or the file that is named: beside the file that names it, or below the folder. */
function findCode(
  texts: ReadonlyMap<string, string>,
  path: string,
  code: unknown,
): { readonly text: string; readonly path: string | undefined } | undefined {
  if (typeof code !== 'string') return undefined;
  if (!/^[^\n{}]+\.c?js$/.test(code)) return { text: code, path: undefined };
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const named = tidy(code);
  const folders = folder.split('/').map((_, place, parts) => parts.slice(0, parts.length - place).join('/'));
  for (const one of folders) {
    const at = tidy(one === '' ? named : `${one}/${named}`);
    const text = texts.get(at);
    if (text !== undefined) return { text, path: at };
  }
  // A name may have parentheses, and code may end like a name; none begins like a path.
  return /[()]/.test(code) && !/^\.{1,2}\//.test(code) ? { text: code, path: undefined } : undefined;
}

/** What a rule may be called, from the name of its file: letters, digits, and spaces or “-” between them. */
function ruleNameOf(path: string): string {
  const plain = baseOf(path).normalize('NFD').replace(/\p{M}/gu, '');
  const words = plain.replace(/[^a-zA-Z0-9-]+/g, ' ');
  return words.replace(/^[ -]+|[ -]+$/g, '') || 'Rule';
}

function toRule(name: string, script: string, { enabled, order }: Json): FoundRule {
  return {
    name,
    script,
    enabled: enabled !== false,
    order: typeof order === 'number' ? order : Number.POSITIVE_INFINITY,
  };
}

function toAction(name: string, code: string, value: Json): FoundAction {
  const [trigger] = recordsIn(value.supported_triggers);
  return {
    ...{ name, code },
    trigger: String(trigger?.id ?? 'post-login'),
    dependencies: recordsIn(value.dependencies).map((one) => ({
      name: String(one.name),
      version: String(one.version ?? 'latest'),
      ...(typeof one.registry_url === 'string' && { registry_url: one.registry_url }),
    })),
    secrets: recordsIn(value.secrets).flatMap((one) => toConfig({ key: one.name, value: one.value })),
    deployed: value.deployed === true || value.all_changes_deployed === true,
  };
}

/** Values are not in an export, unless somebody has written them there; what stands there instead is none. */
function toConfig({ key, value }: Json): FoundConfig[] {
  if (typeof key !== 'string') return [];
  const isValue = typeof value === 'string' && value !== '' && !/^(\*+|_?VALUE_NOT_SHOWN_?|@@.*@@|##.*##)$/.test(value);
  return [{ key, value: isValue ? value : undefined }];
}

/** A file that is none of what its name says, and where, if whoever read it tells. */
function unreadable(path: string, error: unknown): string {
  const [, line, column] = /line (\d+),? column (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  const where = line === undefined ? '' : ` Line ${line}, column ${column} is the first that does not fit.`;
  return `${path} is left out: it is no ${/\.json$/.test(path) ? 'JSON' : 'YAML'}.${where} Export it anew, or mend it.`;
}

function tidy(path: string): string {
  return path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '.' && part !== '')
    .join('/');
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
