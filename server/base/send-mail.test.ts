import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { testBase } from '../../test/base.ts';
import type { Base } from './base.ts';
import { transact } from './db.ts';
import { type Mail, queueMail } from './mail.ts';
import { sendMail } from './send-mail.ts';

type Received = { from: string; to: string[]; raw: string };

const received: Received[] = [];
/** Answers the next recipients with this SMTP code instead of taking the mail. */
let refusal: number | undefined;
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo(_address, _session, done) {
    done(refusal ? Object.assign(new Error('no'), { responseCode: refusal }) : undefined);
  },
  onData(stream, session, done) {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      received.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map((to) => to.address),
        raw: Buffer.concat(parts).toString('utf8'),
      });
      done();
    });
  },
});

let base: Base;
const brand = { id: null, name: 'Lumière', mail_from: null, mail_reply_to: 'care@lumiere.example' };
const mail: Mail = {
  brand,
  kind: 'sign_in_code',
  to: 'ada@example.com',
  subject: 'Your code',
  text: 'Your code is 123456.\n',
  html: '<p>Your code is <b>123456</b>.</p>',
  language: 'en',
  secrets: ['123456'],
};

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  base = await testBase({ smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: 'no-reply@shop.example' });
});
after(async () => {
  await base.close();
  server.close();
});

const row = (id: string) => base.db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
async function jobOf(id: string) {
  const { rows } = await base.pool.query(
    `select payload from graphile_worker._private_jobs where payload->>'id' = $1`,
    [id],
  );
  return rows[0]?.payload;
}
/** The header block with folded lines joined, and what is encoded in it decoded (RFC 2047, base64 and Q). */
function headersOf(raw: string): string[] {
  const head = raw.split('\r\n\r\n')[0] ?? '';
  return head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
}

test('a queued mail is sent with sender, reply address and both parts, and its secret is blotted out', async () => {
  const id = await queueMail(base, base.db, mail);
  assert.equal((await row(id)).status, 'queued');
  assert.ok((await row(id)).body_text.includes('123456'));
  await sendMail(base, await jobOf(id));
  const [got] = received.splice(0);
  assert.equal(got?.from, 'no-reply@shop.example');
  assert.deepEqual(got?.to, ['ada@example.com']);
  const headers = headersOf(got?.raw ?? '');
  assert.ok(headers.includes('From: =?UTF-8?Q?Lumi=C3=A8re?= <no-reply@shop.example>'), headers.join('\n'));
  assert.ok(headers.includes('Reply-To: care@lumiere.example'));
  assert.ok(headers.includes(`Message-ID: <${id}@shop.example>`));
  assert.ok(headers.includes('Auto-Submitted: auto-generated'));
  assert.ok(got?.raw.includes('Your code is 123456.') && got.raw.includes('<b>123456</b>'));
  const kept = await row(id);
  assert.equal(kept.status, 'sent');
  assert.ok(kept.sent_at);
  assert.ok(!`${kept.body_text}${kept.body_html}`.includes('123456') && kept.body_text.includes('••••••'));
  await sendMail(base, { id, reply_to: null, secrets: [], until: new Date().toISOString() });
  assert.equal(received.length, 0, 'a job that is repeated sends nothing again');
});

test('no header can be injected through names, addresses and subjects', async () => {
  const evil = 'x\r\nBcc: victim@example.com\r\n\r\nbody';
  const id = await queueMail(base, base.db, {
    ...mail,
    brand: {
      id: null,
      name: `Shop${evil}`,
      mail_from: `A${evil} <a@shop.example>`,
      mail_reply_to: `r@x.example${evil}`,
    },
    subject: `Hello${evil}\u2028X-Evil: 1`,
    to: 'ada@example.com\r\nRCPT TO:<victim@example.com>',
  });
  await sendMail(base, await jobOf(id)).catch(() => undefined);
  const named = await queueMail(base, base.db, {
    ...mail,
    brand: { id: null, name: `"Shop" <evil@x.example>,${evil}`, mail_from: null, mail_reply_to: null },
    subject: `Hello${evil}`,
  });
  await sendMail(base, await jobOf(named));
  assert.ok(received.length >= 1);
  for (const { raw, to, from } of received.splice(0)) {
    assert.ok(!to.includes('victim@example.com') && to.length === 1, to.join());
    assert.match(from, /^(a|no-reply)@shop\.example$/);
    for (const header of headersOf(raw)) assert.doesNotMatch(header, /^(bcc|x-evil|body)/i);
    assert.equal(headersOf(raw).filter((header) => /^From:/.test(header)).length, 1);
  }
});

test('what is refused for good is marked as failed, what fails in passing is thrown for another try', async () => {
  const refused = await queueMail(base, base.db, mail);
  refusal = 550;
  await sendMail(base, await jobOf(refused));
  assert.equal((await row(refused)).status, 'failed');
  assert.ok((await row(refused)).error);
  assert.ok(!(await row(refused)).body_text.includes('123456'));

  const late = await queueMail(base, base.db, mail);
  refusal = 451;
  await assert.rejects(sendMail(base, await jobOf(late)));
  assert.equal((await row(late)).status, 'queued');
  assert.ok((await row(late)).error);
  refusal = undefined;
  await sendMail(base, await jobOf(late));
  assert.equal((await row(late)).status, 'sent');
  received.splice(0);
});

test('a mail that would come too late is given up', async () => {
  const id = await queueMail(base, base.db, { ...mail, until: new Date(Date.now() - 1000) });
  await sendMail(base, await jobOf(id));
  assert.equal((await row(id)).status, 'failed');
  assert.equal(received.length, 0);
});

test('the row exists exactly if the transaction commits', async () => {
  let id = '';
  await assert.rejects(
    transact(base.db, async (tx) => {
      id = await queueMail(base, tx, mail);
      throw new Error('no');
    }),
  );
  assert.equal(await base.db.selectFrom('outbox').select('id').where('id', '=', id).executeTakeFirst(), undefined);
  assert.equal(await jobOf(id), undefined);
});

test('without a mail server mails are kept, readable', async () => {
  const offline = { ...base, config: { ...base.config, smtpUrl: undefined } };
  const id = await queueMail(offline, base.db, mail);
  assert.equal((await row(id)).status, 'kept');
  assert.ok((await row(id)).body_text.includes('123456'));
  assert.equal(await jobOf(id), undefined);
});

test('a mail server that says nothing is left after the deadline', async (t) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const id = await queueMail(base, base.db, mail);
  const start = Date.now();
  const stuck = { ...base, config: { ...base.config, smtpUrl: `smtp://127.0.0.1:${port}` } };
  await assert.rejects(sendMail(stuck, await jobOf(id), 300), /timeout|greeting/i);
  const took = Date.now() - start;
  assert.ok(took > 250 && took < 3000, `${took} ms`);
});
