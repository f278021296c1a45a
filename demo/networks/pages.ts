import type { Agreement } from './agreements.ts';
import type { Ask } from './ask.ts';
import type { NetworkDefinition } from './definition.ts';
import type { Fields } from './fields.ts';
import { pageStyle } from './page-style.ts';
import type { Person } from './people.ts';

/** Pages are plain documents; only the Apple-style answer has a script, and a button for those without. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const;

/** Text made safe for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (sign) => names[sign] ?? sign);
}

function frame(network: NetworkDefinition, title: string, body: string): string {
  const name = escapeHtml(network.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} - ${name} (simulated)</title>
<style>${pageStyle}:root { --brand: ${network.colour}; }</style>
</head>
<body>
<main data-network="${escapeHtml(network.name)}">
<header><strong>${name}</strong><span>simulated</span></header>
<section>
${body}
</section>
<footer>This page plays ${name} for demonstrations and tests. It is not ${name}, and nothing you do here leaves
this computer.</footer>
</main>
</body>
</html>
`;
}

function showPerson(person: Person): string {
  const second = person.email ?? (person.username === undefined ? 'No e-mail address' : `@${person.username}`);
  const names = `<b>${escapeHtml(person.name)}</b><small>${escapeHtml(second)}</small>`;
  return `<img src="/pictures/${encodeURIComponent(person.id)}.png" alt="" width="48" height="48"><span>${names}</span>`;
}

function personButton(person: Person): string {
  const id = escapeHtml(person.id);
  return `<li><button class="person" name="person" value="${id}">${showPerson(person)}</button></li>`;
}

function appName(ask: Ask): string {
  return escapeHtml(ask.client.name ?? ask.client.clientId);
}

/** "Choose who you are": one button for each person. */
export function choosePage(network: NetworkDefinition, ask: Ask, people: readonly Person[], handle: string): string {
  const body = `<h1>Choose who you are</h1>
<p>to continue to <strong>${appName(ask)}</strong></p>
<form method="post" action="/simulated/choose">
<input type="hidden" name="request" value="${handle}">
<ul>
${people.map(personButton).join('\n')}
</ul>
<div class="acts"><button id="cancel" name="cancel" value="yes">Cancel</button></div>
</form>`;
  return frame(network, 'Choose who you are', body);
}

/** "I agree": what the app asks for; what may be left out has a checkbox. */
export function agreePage(
  network: NetworkDefinition,
  ask: Ask,
  person: Person,
  before: Agreement | undefined,
  handle: string,
): string {
  const body = `<h1>${appName(ask)} asks for your data</h1>
<div class="who">${showPerson(person)}</div>
<form method="post" action="/simulated/agree">
<input type="hidden" name="request" value="${handle}">
<p>If you agree, <strong>${appName(ask)}</strong> will learn:</p>
<ul class="asked">
${ask.scopes.map((scope, index) => askedItem(network, scope, index)).join('\n')}
</ul>
${network.offersHiddenEmail && ask.scopes.includes('email') ? emailChoice(person, before) : ''}
<div class="acts">
<button id="agree" class="main" name="agree" value="yes">I agree</button>
<button id="cancel" name="cancel" value="yes">Cancel</button>
</div>
<button class="plain" id="switch" name="switch" value="yes">This is not me</button>
</form>`;
  return frame(network, `${ask.client.name ?? ask.client.clientId} asks for your data`, body);
}

function askedItem(network: NetworkDefinition, scope: string, index: number): string {
  const known = network.scopes[scope];
  const words = escapeHtml(known?.words ?? scope);
  if (!known?.optional) return `<li><span class="tick" aria-hidden="true">&#10003;</span><span>${words}</span></li>`;
  const id = `scope-${index}`;
  return `<li><input type="checkbox" id="${id}" name="scope" value="${escapeHtml(scope)}" checked>
<label for="${id}">${words}</label></li>`;
}

function emailChoice(person: Person, before: Agreement | undefined): string {
  const hides = before?.hidesEmail ?? person.hidesEmail ?? false;
  const option = (value: string, words: string, chosen: boolean) =>
    `<div><input type="radio" id="email-${value}" name="email_choice" value="${value}"${chosen ? ' checked' : ''}>
<label for="email-${value}">${words}</label></div>`;
  return `<fieldset><legend>E-mail</legend>
${option('share', `Share my e-mail (${escapeHtml(person.email ?? 'none')})`, !hides)}
${option('hide', 'Hide my e-mail: mails are passed on to me', hides)}
</fieldset>`;
}

/** What people see when the app's request cannot be answered. */
export function refusalPage(network: NetworkDefinition, headline: string, words: string): string {
  const body = `<h1>${escapeHtml(headline)}</h1>
<p role="alert">${escapeHtml(words)}</p>
<p>Go back to the app you came from and start again there.</p>`;
  return frame(network, headline, body);
}

/** The network's own front page: who is signed in here, and a way out. */
export function homePage(network: NetworkDefinition, person: Person | undefined): string {
  const body = person
    ? `<h1>You are signed in</h1>
<div class="who">${showPerson(person)}</div>
<form method="post" action="/simulated/sign-out">
<div class="acts"><button id="sign-out">Sign out of ${escapeHtml(network.title)}</button></div>
</form>`
    : '<h1>Nobody is signed in</h1>\n<p>Start at an app that uses this network.</p>';
  return frame(network, 'Home', body);
}

/** OAuth 2.0 Form Post Response Mode: posts by itself with JavaScript, by a button without. */
export function formPostPage(network: NetworkDefinition, ask: Ask, fields: Fields): string {
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const body = `<h1>Back to ${appName(ask)}</h1>
<form id="answer" method="post" action="${escapeHtml(ask.redirectUri)}">
${hidden.join('\n')}
<div class="acts"><button id="continue" class="main">Continue</button></div>
</form>
<script>document.getElementById('answer').submit();</script>`;
  return frame(network, 'Continue', body);
}
