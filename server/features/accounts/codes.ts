import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { hashesOf, makeCode, readCode } from '../../base/credentials/one-time-code.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { queueText } from '../../base/text-message.ts';
import { appendTimeline } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { type CodeRow, deleteOpenCodes, insertCode, readOpenCode, tryCode } from './code-store.ts';
import { composeText } from './compose-mail.ts';
import { hasFactor } from './factors/factors.ts';
import { type GuessStep, guess } from './guess.ts';
import type { CodeMail } from './mail-content.ts';
import { post } from './post.ts';
import { happened, nobody } from './timeline-names.ts';

/** A code that was mailed: its id goes into the flow's state, the (normalised) address on the page. */
export type MailedCode = { readonly code: string; readonly address: string };

/** What came back: `code` is the id from `MailedCode`, `typed` what the person typed in the same flow. */
export type TypedCode = { readonly code: string; readonly typed: string; readonly flow: string; readonly asked: Asked };

export type CodePurpose =
  | 'sign_up'
  | 'sign_in'
  | 'sign_in_phone'
  | 'prove_account'
  | 'change_email'
  | 'second_factor'
  | 'enrol_factor';

const goodForSeconds = 600;

/**
 * Mails (or sends to a phone) a code that is good for ten minutes, five tries, and only in this flow and for what `about` names; what was
 * mailed before in this flow for the same purpose is dead. Bounds on mails are counted by the caller.
 */
export async function sendCode(
  base: Pick<Base, 'config' | 'vault'>,
  tx: Db,
  letter: {
    purpose: CodePurpose;
    mail: CodeMail;
    /** An e-mail address; with `channel` a phone number. */
    address: string;
    channel?: 'sms' | 'voice' | undefined;
    flow: string;
    about?: string | undefined;
    /** Whose account it opens, when that is known already. */
    customer?: string | undefined;
    subject?: string | undefined;
    /** Kept as JSON. */
    data?: Readonly<Record<string, unknown>> | undefined;
    asked: Asked;
  },
): Promise<MailedCode> {
  const { purpose, mail, address, channel, flow, about, customer, subject, data = {}, asked } = letter;
  const at = now();
  const expiresAt = inSeconds(goodForSeconds);
  const { id, secret, hash } = makeCode(base.vault, { purpose, flow, about });
  await deleteOpenCodes(tx, { flow, purpose });
  await insertCode(tx, {
    id,
    purpose,
    flow,
    customer: customer ?? null,
    subject: subject ?? null,
    address,
    data,
    secretHash: hash,
    at,
    expiresAt,
  });
  if (channel) {
    const text = composeText(asked.brand, asked.language, channel, secret);
    const { brand, language } = asked;
    const common = { brand: brand.id, language, whose: subject, until: expiresAt, purpose, asked };
    await queueText(tx, { ...common, channel, to: address, text: text.body, secrets: text.secrets });
  } else {
    const content = { kind: mail, code: secret } as const;
    await post(base, tx, { to: address, asked, content, whose: subject, until: expiresAt });
  }
  await appendTimeline(tx, [
    happened('code_sent', subject ?? nobody, asked, { occurredAt: at, data: { purpose, ...(channel && { channel }) } }),
  ]);
  return { code: id, address };
}

/**
 * Uses a code up. A wrong one counts against the code (five tries) and against the customer or address (ten failures
 * from one place, whatever the way in). Always commits by itself, so that no failure is forgotten by a rollback.
 *
 * @throws Problem code_wrong (extra: remaining), code_expired, too_many_attempts, busy
 */
export async function redeemCode(
  base: Pick<Base, 'db' | 'vault'>,
  purpose: CodePurpose,
  { code, typed, flow, asked }: TypedCode,
  about?: string,
  step: GuessStep = 'first',
): Promise<CodeRow & { address: string }> {
  const open = await readOpenCode(base.db, { id: code, purpose, flow }, now());
  if (!open?.address) throw new Problem('code_expired');
  // What cannot be a code is a slip, not a guess.
  const digits = readCode(typed);
  if (!digits) throw new Problem('code_wrong');
  const { address } = open;
  const who = open.customer ? { customer: open.customer } : { identifier: address };
  const hashes = hashesOf(base.vault, code, digits, { purpose, flow, about });
  // Where a second factor follows, the mailbox is half of the sign-in; see `signInWithPassword`.
  const isHalf = step === 'first' && open.customer !== null && (await hasFactor(base.db, open.customer));
  let remaining = 0;
  const result = await guess(
    base,
    who,
    asked,
    async () => {
      const tried = await tryCode(base.db, { id: code, purpose, flow, hashes }, now());
      if (!tried) throw new Problem('code_expired');
      remaining = tried.triesLeft;
      return tried.right ? tried.row : undefined;
    },
    { step, forgives: () => !isHalf },
  );
  if (result.right) return { ...result.value, address };
  await appendTimeline(base.db, [
    happened(step === 'factor' ? 'wrong_factor' : 'wrong_code', open.subject ?? nobody, asked, { occurredAt: now() }),
  ]);
  throw remaining > 0 ? new Problem('code_wrong', undefined, { remaining }) : new Problem('code_expired');
}
