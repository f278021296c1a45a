import type { Liquid, Template } from 'liquidjs';
import type { MailKind } from '../mail-content.ts';
import { fault, type Part } from './fault.ts';
import { commonValues, mailKinds, mustShow } from './kinds.ts';
import { htmlLiquid, textLiquid } from './liquid.ts';
import { outputsOf } from './pieces.ts';
import { readHtml } from './read-html.ts';

/** What replaces a mail of ours: three pieces of Liquid. */
export type TemplateDraft = { readonly subject: string; readonly html: string; readonly text: string };

/**
 * Refuses a template that could not be sent, shows what this mail does not know, loses the code or link that the mail is
 * for, or could do anything but show text.
 *
 * @throws Problem `invalid_body` naming the part, and what to do
 */
export function checkTemplate(kind: MailKind, draft: TemplateDraft): void {
  const known = new Set([...Object.keys(commonValues), ...(mailKinds.get(kind)?.values ?? [])]);
  for (const part of ['subject', 'html', 'text'] as const) {
    const liquid = part === 'html' ? htmlLiquid : textLiquid;
    checkValues(part, liquid, parse(part, liquid, draft[part]), known);
    checkOutputs(part, liquid, draft[part]);
  }
  const secret = textLiquid.variablesSync(draft.subject).find((name) => name === 'code' || name === 'link');
  if (secret) {
    throw fault('subject', `{{ ${secret} }} cannot stand in the subject: that is shown on locked screens and kept`);
  }
  const { inText, inLinks } = readHtml(draft.html);
  for (const name of mustShow(kind)) {
    const isThere = name === 'link' ? inLinks.includes(name) : inText.includes(name);
    const way = name === 'link' ? '<a href="{{ link }}">' : '{{ code }}';
    if (!isThere) throw fault('html', `This mail is for its ${name}: put ${way} into it`);
    if (!outputsOf(draft.text).includes(name)) {
      throw fault('text', `This mail is for its ${name}: put {{ ${name} }} into it`);
    }
  }
}

/** The template, ready to be filled in. */
export function parse(part: Part, liquid: Liquid, source: string): Template[] {
  try {
    return liquid.parse(source);
  } catch (error) {
    throw fault(part, wordsOf(error));
  }
}

/** What Liquid says of a template that it cannot read or fill in. */
export function wordsOf(error: unknown): string {
  const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  if (/limit exceeded|call stack/.test(sentence)) return 'It is too long or too deep';
  const unknown = /^tag "?(\S+?)"? not found/.exec(sentence);
  if (unknown) return `{% ${unknown[1]} %} cannot be used in a mail${lineIn(sentence)}`;
  return sentence.replace(/, file:[^,]*/, '');
}

function lineIn(sentence: string): string {
  const line = /line:(\d+)/.exec(sentence)?.[1];
  return line === undefined ? '' : ` (line ${line})`;
}

function checkValues(part: Part, liquid: Liquid, template: Template[], known: ReadonlySet<string>): void {
  for (const name of liquid.fullVariablesSync(template)) {
    if (!known.has(name))
      throw fault(part, `There is no {{ ${name} }} in this mail. It knows: ${[...known].join(', ')}`);
  }
}

/** Code and link are put out as they are: what was changed could not be taken out of what is kept. */
function checkOutputs(part: Part, liquid: Liquid, source: string): void {
  for (const content of outputsOf(source)) {
    const secret = liquid.variablesSync(`{{ ${content} }}`).find((name) => name === 'code' || name === 'link');
    if (secret && content !== secret) throw fault(part, `Write {{ ${secret} }} by itself, without filters`);
  }
}
