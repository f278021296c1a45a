import type { AnyNode, AssignmentExpression } from 'acorn';
import { managementCalls, noSuchPath, usesHandedToken } from '../../base/management-calls.ts';
import { insteadOfGlobal, refusalOf, refusedGlobals } from '../../base/sandbox/world-names.ts';
import { nameOf, pathOf, textOf } from '../../base/syntax-tree.ts';

/** What a piece of a script does otherwise than at Auth0. */
export type Difference = {
  readonly message: string;
  readonly stops: boolean;
  /** Until a setting of the umbrella is changed it fails, and refuses whoever signs in. */
  readonly waits?: true;
};

const members = ['users', 'users.updateUserMetadata', 'users.updateAppMetadata', 'accessToken', 'domain', 'baseUrl'];

/** Names of second factors that the customer's own may stand for. */
const providers = ['any', 'none', 'guardian', 'google-authenticator'];

const untilEverybody = 'until the umbrella lets code reach everybody ("Whom code may reach", code_reaches).';
const onlyThisCustomer: Difference = {
  message: `auth0.accessToken reads and changes the customer who signs in, and nobody else, ${untilEverybody}`,
  stops: false,
};
const noOthers: Difference = {
  message: `Finding others (users-by-email, a search over users), joining accounts (identities) and mailing links that prove an address (verification-email) is refused ${untilEverybody}`,
  stops: false,
  waits: true,
};
const saml: Difference = {
  message: 'Portals do not come by SAML here: what is set in context.samlConfiguration does nothing.',
  stops: false,
};
const oldScopes: Difference = {
  message:
    'What is set in context.jwtConfiguration.scopes does nothing: claims are added to context.idToken and context.accessToken.',
  stops: false,
};
const computedModule: Difference = {
  message:
    "A module whose name is made up while the script runs is found only if a require('name') of it is written out elsewhere in the script.",
  stops: false,
};

const dynamicImport: Difference = { message: "import() does not work here: use require('name').", stops: true };

const byPath: Readonly<Record<string, Difference>> = {
  'context.samlConfiguration': saml,
  'context.jwtConfiguration.scopes': oldScopes,
  'context.ip': oldPlace('ip'),
  'context.userAgent': oldPlace('userAgent'),
};

/**
 * What this node does otherwise; undefined: nothing that is known.
 *
 * @param own names that the script itself gives to something
 * @param reachesAll whether code may read and change everybody
 */
export function differenceOf(node: AnyNode, own: ReadonlySet<string>, reachesAll: boolean): Difference | undefined {
  const used = nameUsed(node);
  if (used !== undefined && !own.has(used)) {
    if (refusedGlobals.includes(used)) return { message: refusalOf(used), stops: true };
    const message = insteadOfGlobal(used);
    if (message !== undefined) return { message, stops: false };
  }
  if (node.type === 'ImportExpression') return dynamicImport;
  if (node.type === 'AssignmentExpression') return otherFactor(node);
  const path = pathOf(node);
  if (path === 'auth0.accessToken') return reachesAll ? undefined : onlyThisCustomer;
  if (path !== undefined) return notOfAuth0(path) ?? (Object.hasOwn(byPath, path) ? byPath[path] : undefined);
  const text = textIn(node);
  if (!reachesAll && text !== undefined && /\/users-by-email|\/identities\b/.test(text)) return noOthers;
  if (node.type !== 'CallExpression') return undefined;
  const { callee, arguments: given } = node;
  if (callee.type !== 'Identifier' || callee.name !== 'require') return undefined;
  return given[0] && textOf(given[0]) !== undefined ? undefined : computedModule;
}

/**
 * What a script asks of the Management API that is not there, or not for code that reaches the customer alone.
 *
 * @param nodes all of the script; the whole comes before its parts
 */
export function managementDifferences(
  nodes: readonly AnyNode[],
  reachesAll: boolean,
): (Difference & { readonly line: number | null })[] {
  const isRefused = !reachesAll && usesHandedToken(nodes);
  return managementCalls(nodes).flatMap(({ need, line }) => {
    if (need !== 'others') return { message: noSuchPath(need.absent), stops: true, line };
    return isRefused ? { ...noOthers, line } : [];
  });
}

/** A provider of second factors that is not here, given to `context.multifactor` or its `provider`. */
function otherFactor({ left, right }: AssignmentExpression): Difference | undefined {
  const path = pathOf(left);
  if (path === 'context.multifactor.provider') return factorBy(right);
  if (path !== 'context.multifactor' || right.type !== 'ObjectExpression') return undefined;
  const provider = right.properties.find((one) => {
    return one.type === 'Property' && !one.computed && nameOf(one.key) === 'provider';
  });
  return provider?.type === 'Property' ? factorBy(provider.value) : undefined;
}

function factorBy(value: AnyNode): Difference | undefined {
  const provider = textOf(value);
  if (provider === undefined || providers.includes(provider)) return undefined;
  const message = `Second factors of ${provider.slice(0, 50)} are not here: with context.multifactor the customer passes any second factor of theirs instead.`;
  return { message, stops: false };
}

/** What is called here, or of which a member is taken, by its name. */
function nameUsed(node: AnyNode): string | undefined {
  const isMade = node.type === 'CallExpression' || node.type === 'NewExpression';
  const ofMember = node.type === 'MemberExpression' ? node.object : undefined;
  const used = isMade ? node.callee : ofMember;
  return used?.type === 'Identifier' ? used.name : undefined;
}

/** The first part that is not there: what stands below it is not told once more. */
function notOfAuth0(path: string): Difference | undefined {
  const [, member] = /^auth0\.((?:users\.)?\w+)$/.exec(path) ?? [];
  if (member === undefined || members.includes(member)) return undefined;
  const message = `${path} is not there: auth0 has users.updateUserMetadata, users.updateAppMetadata, accessToken, domain and baseUrl. What else it did is a call of the Management API.`;
  return { message, stops: true };
}

function oldPlace(name: string): Difference {
  return { message: `context.${name} is not there: it is context.request.${name}.`, stops: false };
}

function textIn(node: AnyNode): string | undefined {
  return node.type === 'TemplateElement' ? node.value.raw : textOf(node);
}
