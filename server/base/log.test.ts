import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import { openLog } from './log.ts';

/** A log that is kept in memory. */
function openTestLog() {
  const lines: string[] = [];
  const log = openLog({ write: (line: string) => lines.push(line) });
  return { log, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

const planted = 'pl4nted-s3cret';

test('nothing planted under a secret name gets into the log, however deep', () => {
  const { log, text } = openTestLog();
  const names = [
    ...['password', 'new_password', 'access_token', 'refreshToken', 'id_token_hint', 'client_secret', 'code'],
    ...['authorization', 'Set-Cookie', 'cookie', 'code_verifier', 'client_assertion', 'state', 'nonce', 'ticket'],
    ...['secret', 'token', 'DPoP', 'private_key', 'otp', 'user_code', 'device_code', 'api-key'],
  ];
  for (const name of names) {
    log.info({ [name]: planted }, 'flat');
    log.warn({ body_of: { headers: [{ [name]: planted }] } }, 'deep');
    log.info({ [name]: { inside: [planted] } }, 'object');
    log.child({ part: 'x' }).info({ [name]: planted });
  }
  log.info({ many: { a: { b: { c: { d: { e: { f: { g: { password: planted } } } } } } } } });
  assert.ok(text().includes('[hidden]'));
  assert.ok(!text().includes(planted), text());
});

test('addresses are written without their query, connection strings without password', () => {
  const { log, text, last } = openTestLog();
  log.info({ url: `/login/callback?code=${planted}&state=${planted}` }, `GET /authorize?state=${planted} done`);
  assert.equal(last().url, '/login/callback?…');
  log.info(`could not reach https://example.com/x?token=${planted}`);
  log.info({ address: new URL(`https://example.com/path?token=${planted}`) });
  assert.equal(last().address, 'https://example.com/path');
  log.error(new Error(`connect postgresql://regulars:${planted}@127.0.0.1:5432/db failed`));
  log.info({ header: `Bearer ${planted}` }, `Authorization: Basic ${planted}`);
  log.info({ jwt_in_text: 1, said: `got eyJhbGciOiJSUzI1NiJ9.${planted}.${planted}` });
  assert.ok(!text().includes(planted), text());
});

test('an error keeps what helps and loses requests, answers and causes full of secrets', () => {
  const { log, text, last } = openTestLog();
  const cause = Object.assign(new Error('inner'), { response: { body: planted }, code: 'ECONNREFUSED' });
  const error = Object.assign(new TypeError('outer', { cause }), {
    config: { headers: planted },
    parameters: [planted],
  });
  log.error({ err: error, job: 'send_mail' }, 'job failed');
  assert.equal(last().err.type, 'TypeError');
  assert.equal(last().err.cause.code, 'ECONNREFUSED');
  assert.match(last().err.stack, /log\.test\.ts/);
  assert.equal(last().job, 'send_mail');
  assert.ok(!text().includes(planted), text());
});

test('what Fastify itself logs of a request carries no query, header or body', async () => {
  const { log, text } = openTestLog();
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({ loggerInstance });
  app.post('/token', (request) => {
    request.log.info({ req: request }, 'seen');
    request.log.info({ request }, 'seen too');
    throw Object.assign(new Error('broken'), { request });
  });
  await app.inject({
    method: 'POST',
    url: `/token?code=${planted}`,
    headers: { authorization: `Bearer ${planted}`, cookie: `sid=${planted}` },
    payload: { password: planted },
  });
  await app.close();
  assert.match(text(), /"url":"\/token"/);
  assert.ok(!text().includes(planted), text());
});

test('a line is one JSON object with time, level and text', () => {
  const { log, text, last } = openTestLog();
  log.info({ port: 4000 }, 'listening');
  assert.equal(text().split('\n').length, 2);
  assert.equal(last().level, 'info');
  assert.equal(last().msg, 'listening');
  assert.ok(!Number.isNaN(Date.parse(last().time)));
});
