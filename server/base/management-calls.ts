import type { AnyNode } from 'acorn';
import { absentAtTop, absentOfUser, likelyNeededBy, type Need, neededBy } from './management-absent.ts';
import { nameOf, pathOf } from './syntax-tree.ts';
import { type WrittenTexts, writtenTexts } from './written-texts.ts';

/** Something that code wants of the Management API. */
export type ManagementCall = { readonly need: Need; readonly line: number | null };

/** Names behind which a method stands: Auth0's client has no more. */
const mostNames = 6;

/** How often names are followed to other names of the same client. */
const mostRounds = 3;

/**
 * What code asks of Auth0's Management API and is not there, or is (`others`) more than the customer who signs in: by
 * Auth0's client, or by paths as far as they are written out. What may be another service's does not count.
 *
 * @param nodes all of a program; the whole comes before its parts
 */
export function managementCalls(nodes: readonly AnyNode[]): ManagementCall[] {
  const texts = writtenTexts(nodes);
  const found: (ManagementCall | undefined)[] = [];
  for (const [node, text] of texts.all()) found.push(callOf(node, needOfText(text)));
  const isBelow = nodes.some((node) => isBaseOfOthers(node, texts));
  for (const node of nodes) {
    if (isBelow) found.push(callOf(node, needOfRelative(node, texts)));
    if (searches(node, texts)) found.push(callOf(node, 'others'));
  }
  return [...found.flatMap((one) => one ?? []), ...callsOfClient(nodes)];
}

/** What is said of a path that is not there. */
export function noSuchPath(path: string): string {
  const kind = /roles$/.test(path) ? 'roles' : /permissions$/.test(path) ? 'permissions' : undefined;
  const instead = kind === undefined ? '' : `: keep ${kind} in app_metadata.${kind}`;
  return `There is no /api/v2${path} here, so what asks for it fails${instead}.`;
}

/**
 * Does code call the Management API by the token that rules are handed (`auth0.accessToken`)? A client of its own with a
 * secret has powers of its own.
 */
export function usesHandedToken(nodes: readonly AnyNode[]): boolean {
  return nodes.some((node) => {
    if (pathOf(node) === 'auth0.accessToken') return true;
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'ObjectPattern' || !node.init) return false;
    return pathOf(node.init) === 'auth0' && propertyOf(node.id.properties, ['accessToken']) !== undefined;
  });
}

function callOf({ loc }: AnyNode, need: Need | undefined): ManagementCall | undefined {
  return need && { need, line: loc?.start.line ?? null };
}

// Others have an /api/v2 with users, roles and organizations, too.
const others = /zendesk|freshdesk|freshservice|freshworks|freshsales|pipedrive|datadog/i;

/** What stands behind the base of the Management API, and whether that is surely ours. */
function pathIn(text: string): { readonly path: string; readonly isSure: boolean } | undefined {
  const [, before = '', base, path = ''] = /^([^\s?]*?)(\/api\/v2|\{auth0\.baseUrl\})(.*)$/s.exec(text) ?? [];
  if (base === undefined || others.test(before)) return undefined;
  return { path, isSure: base !== '/api/v2' || /auth0/i.test(before) };
}

function needOfText(text: string): Need | undefined {
  const { path, isSure } = pathIn(text) ?? {};
  if (path === undefined) return undefined;
  const [, first = '', second, third = ''] = segmentsOf(path);
  if (/^\/(users\?|jobs\/verification-email$)/.test(path)) return 'others';
  // Of what hosts we do not know have, too, only what is likely meant.
  if (isSure ? absentAtTop.has(first) : ['roles', 'organizations'].includes(first)) return { absent: `/${first}` };
  return first === 'users' && second ? needOfUser(third) : undefined;
}

function needOfUser(part: string): Need | undefined {
  return absentOfUser.has(part) ? { absent: `/users/{id}/${part}` } : undefined;
}

/** `/users/{}/roles`: parts between slashes, without the query. */
function segmentsOf(path: string): string[] {
  return path.replace(/[?#].*$/s, '').split('/');
}

/** `baseURL: auth0.baseUrl`, below which paths of others stand. */
function isBaseOfOthers(node: AnyNode, { textAt }: WrittenTexts): boolean {
  if (node.type !== 'ObjectExpression') return false;
  const base = propertyOf(node.properties, ['baseURL', 'baseUrl', 'prefixUrl']);
  return base !== undefined && /^\/?$/.test(pathIn(textAt(base))?.path ?? 'none');
}

/** `client.get('/users/' + id + '/roles')`, below such a base. */
function needOfRelative(node: AnyNode, { textAt }: WrittenTexts): Need | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'ObjectExpression') return undefined;
  const address = node.type === 'CallExpression' ? node.arguments[0] : propertyOf(node.properties, ['url', 'uri']);
  const [, first = '', second, third = ''] = address ? segmentsOf(textAt(address).replace(/^\/?/, '/')) : [];
  if (first === 'users' && second) return needOfUser(third);
  return ['roles', 'organizations'].includes(first) && node.type === 'ObjectExpression'
    ? { absent: `/${first}` }
    : undefined;
}

/** A list of users that is asked for by a query: `{ url: auth0.baseUrl + '/users', qs: { q } }`, `get(url, { params })`. */
function searches(node: AnyNode, { textAt, givenTo }: WrittenTexts): boolean {
  const isUsers = (address: AnyNode | undefined) => {
    return address !== undefined && /^\/users\/?$/.test(pathIn(textAt(address))?.path ?? '');
  };
  const asksFor = (options: AnyNode | undefined) => {
    const written = options && givenTo(options);
    if (written?.type !== 'ObjectExpression') return false;
    const query = propertyOf(written.properties, ['qs', 'params', 'query', 'searchParams']);
    const asked = query && givenTo(query);
    return asked?.type === 'ObjectExpression' && propertyOf(asked.properties, ['q', 'search_engine']) !== undefined;
  };
  if (node.type === 'ObjectExpression') return isUsers(propertyOf(node.properties, ['url', 'uri'])) && asksFor(node);
  return node.type === 'CallExpression' && isUsers(node.arguments[0]) && asksFor(node.arguments[1]);
}

/** What stands for the first property of one of these names. */
function propertyOf(properties: readonly AnyNode[], names: readonly string[]): AnyNode | undefined {
  for (const one of properties) {
    if (one.type === 'Property' && !one.computed && names.includes(nameOf(one.key) ?? '')) return one.value;
  }
  return undefined;
}

function callsOfClient(nodes: readonly AnyNode[]): ManagementCall[] {
  const classes = new Set(['ManagementClient', ...nodes.flatMap(otherNameOfClass)]);
  if (!nodes.some((node) => node.type === 'Identifier' && node.name === 'ManagementClient')) return [];
  const isClient = clientsIn(nodes, classes);
  const found = nodes.flatMap((node) => {
    if (node.type !== 'CallExpression') return [];
    const { names, isKnown } = methodOf(node.callee, isClient);
    return callOf(node, isKnown ? neededBy(names) : likelyNeededBy(names)) ?? [];
  });
  return hasOwnPowers(nodes, classes) ? found.filter(({ need }) => need !== 'others') : found;
}

/** `const { ManagementClient: Other } = …`, `const Other = require('auth0').ManagementClient`. */
function otherNameOfClass(node: AnyNode): string[] {
  if (node.type === 'Property' && nameOf(node.key) === 'ManagementClient' && node.value.type === 'Identifier') {
    return [node.value.name];
  }
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return [];
  return node.init.type === 'MemberExpression' && nameOf(node.init.property) === 'ManagementClient'
    ? [node.id.name]
    : [];
}

function isMade(node: AnyNode, classes: ReadonlySet<string>): boolean {
  return node.type === 'NewExpression' && classes.has(lastName(node.callee) ?? '');
}

/** Every client is made with a secret of its own. */
function hasOwnPowers(nodes: readonly AnyNode[], classes: ReadonlySet<string>): boolean {
  const made = nodes.filter((node) => isMade(node, classes));
  return (
    made.length > 0 &&
    made.every((node) => {
      const [options] = node.type === 'NewExpression' ? node.arguments : [];
      return options?.type === 'ObjectExpression' && propertyOf(options.properties, ['clientSecret']) !== undefined;
    })
  );
}

/** Tells whether a part of the code is such a client: made there, or a name that is given nothing else. */
function clientsIn(nodes: readonly AnyNode[], classes: ReadonlySet<string>): (node: AnyNode) => boolean {
  let names = new Set<string>();
  const isClient = (node: AnyNode): boolean => {
    return clientOrNot(node).some((one) => isMade(one, classes) || names.has(lastName(one) ?? ''));
  };
  const given = nodes.flatMap(namesAndValues);
  for (let round = 0; round < mostRounds; round++) {
    const next = new Set(given.filter(([, value]) => isClient(value)).map(([name]) => name));
    for (const [name, value] of given) if (!isClient(value) && !isNothing(value)) next.delete(name);
    if (next.size === names.size) break;
    names = next;
  }
  return isClient;
}

function namesAndValues(node: AnyNode): [name: string, value: AnyNode][] {
  if (node.type === 'VariableDeclarator') {
    return node.id.type === 'Identifier' && node.init ? [[node.id.name, node.init]] : [];
  }
  if (node.type === 'AssignmentExpression') {
    const name = lastName(node.left);
    return name === undefined ? [] : [[name, node.right]];
  }
  return [];
}

/** What may stand for a value: either side of `||`. */
function clientOrNot(node: AnyNode): AnyNode[] {
  if (node.type === 'LogicalExpression') return [node.left, node.right];
  return node.type === 'ConditionalExpression' ? [node.consequent, node.alternate] : [node];
}

function isNothing(node: AnyNode): boolean {
  return (node.type === 'Literal' && node.value === null) || (node.type === 'Identifier' && node.name === 'undefined');
}

/** `management` of `management` and of `global.management`. */
function lastName(node: AnyNode): string | undefined {
  if (node.type === 'MemberExpression') return node.computed ? undefined : nameOf(node.property);
  return node.type === 'Identifier' ? node.name : undefined;
}

/** The names of a method: behind the client, or all that are written where it is not known to be one. */
function methodOf(callee: AnyNode, isClient: (node: AnyNode) => boolean): { names: string[]; isKnown: boolean } {
  const names: string[] = [];
  let at = callee;
  while (at.type === 'MemberExpression' && names.length < mostNames) {
    const name = lastName(at);
    if (name === undefined) break;
    names.unshift(name);
    at = at.object;
    if (isClient(at)) return { names, isKnown: true };
  }
  // A function of its own is nobody's method.
  return { names: names.length > 0 && at.type === 'Identifier' ? [at.name, ...names] : names, isKnown: false };
}
