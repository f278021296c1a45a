import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, readConfig, variables } from './config.ts';

const folder = await mkdtemp(join(tmpdir(), 'regulars-config-'));
after(() => rm(folder, { recursive: true }));
const file = join(folder, 'file');
await writeFile(file, 'not a certificate');
const missing = join(folder, 'missing');

const secret = randomBytes(32).toString('base64');
const database = { DATABASE_URL: 'postgresql://u:p4ss@db.example:5432/regulars', REGULARS_SECRET: secret };

type Row = [wrong: Record<string, string>, named: string];
const wrong: Row[] = [
  [{ PORT: 'abc' }, 'PORT'],
  [{ PORT: '0' }, 'PORT'],
  [{ PORT: '65536' }, 'PORT'],
  [{ PORT: '-1' }, 'PORT'],
  [{ PORT: '1e3' }, 'PORT'],
  [{ HOST: 'localhost' }, 'HOST'],
  [{ METRICS_PORT: 'x' }, 'METRICS_PORT'],
  [{ METRICS_PORT: '4000' }, 'METRICS_PORT'],
  [{ REGULARS_RULES_MEMORY: '100' }, 'REGULARS_RULES_MEMORY'],
  [{ REGULARS_RULES_MEMORY: '1 GB' }, 'REGULARS_RULES_MEMORY'],
  [{ REGULARS_URL: 'login.example.com' }, 'REGULARS_URL'],
  [{ REGULARS_URL: 'ftp://login.example.com' }, 'REGULARS_URL'],
  [{ REGULARS_URL: 'https://login.example.com/path' }, 'REGULARS_URL'],
  [{ REGULARS_URL: 'https://login.example.com/?' }, 'REGULARS_URL'],
  [{ REGULARS_URL: 'https://u:p@login.example.com' }, 'REGULARS_URL'],
  [{ REGULARS_TRUSTED_PROXIES: '10.0.0.0/33' }, 'REGULARS_TRUSTED_PROXIES'],
  [{ REGULARS_TRUSTED_PROXIES: '10.0.0.1,' }, 'REGULARS_TRUSTED_PROXIES'],
  [{ REGULARS_TRUSTED_PROXIES: 'loopback' }, 'REGULARS_TRUSTED_PROXIES'],
  [{ REGULARS_TRUSTED_PROXIES: 'fd00::/129' }, 'REGULARS_TRUSTED_PROXIES'],
  [{ ...database, DATABASE_URL: 'mysql://u@h/d' }, 'DATABASE_URL'],
  [{ ...database, DATABASE_URL: 'postgresql://u@h' }, 'DATABASE_URL'],
  [{ ...database, DATABASE_URL: 'somewhere' }, 'DATABASE_URL'],
  [{ ...database, DATABASE_DIRECT_URL: 'somewhere' }, 'DATABASE_DIRECT_URL'],
  [{ DATABASE_DIRECT_URL: 'postgresql://u@h/d' }, 'DATABASE_URL'],
  [{ DATABASE_URL: database.DATABASE_URL }, 'REGULARS_SECRET'],
  [{ REGULARS_DATA: file }, 'REGULARS_DATA'],
  [{ REGULARS_GEOIP: missing }, 'REGULARS_GEOIP'],
  [{ REGULARS_GEOIP: file }, 'REGULARS_GEOIP'],
  [{ REGULARS_SECRET: 'short' }, 'REGULARS_SECRET'],
  [{ REGULARS_SECRET: randomBytes(31).toString('base64') }, 'REGULARS_SECRET'],
  [{ REGULARS_SECRET: randomBytes(33).toString('base64') }, 'REGULARS_SECRET'],
  [{ REGULARS_SECRET: `${secret},` }, 'REGULARS_SECRET'],
  [{ REGULARS_TLS_CERT: missing, REGULARS_TLS_KEY: missing }, 'REGULARS_TLS_CERT'],
  [{ REGULARS_TLS_CERT: file, REGULARS_TLS_KEY: file }, 'REGULARS_TLS_CERT'],
  [{ REGULARS_TLS_KEY: file }, 'REGULARS_TLS_KEY'],
  [{ REGULARS_ADMIN_EMAIL: 'nobody', REGULARS_ADMIN_PASSWORD: 'long enough' }, 'REGULARS_ADMIN_EMAIL'],
  [{ REGULARS_ADMIN_EMAIL: 'a@example.com', REGULARS_ADMIN_PASSWORD: 'short' }, 'REGULARS_ADMIN_PASSWORD'],
  [{ REGULARS_ADMIN_EMAIL: 'a@example.com' }, 'REGULARS_ADMIN_PASSWORD'],
  [{ REGULARS_ADMIN_PASSWORD: 'long enough' }, 'REGULARS_ADMIN_EMAIL'],
  [{ REGULARS_MANAGEMENT_CLIENT_ID: 'a b c d e f' }, 'REGULARS_MANAGEMENT_CLIENT_ID'],
  [{ REGULARS_MANAGEMENT_CLIENT_ID: 'management' }, 'REGULARS_MANAGEMENT_CLIENT_SECRET'],
  [
    { REGULARS_MANAGEMENT_CLIENT_ID: 'management', REGULARS_MANAGEMENT_CLIENT_SECRET: 'short' },
    'REGULARS_MANAGEMENT_CLIENT_SECRET',
  ],
  [{ SMTP_URL: 'mail.example.com' }, 'SMTP_URL'],
  [{ SMTP_URL: 'http://mail.example.com' }, 'SMTP_URL'],
  [{ MAIL_FROM: 'Shop' }, 'MAIL_FROM'],
  [{ MAIL_FROM: 'a@example.com, b@example.com' }, 'MAIL_FROM'],
  [{ MAIL_FROM: 'Shop <a@example.com>\nBcc: x@example.com' }, 'MAIL_FROM'],
  [{ REGULARS_PORT: '4000' }, 'REGULARS_PORT'],
  [{ REGULARS_SECRETS: secret }, 'REGULARS_SECRETS'],
];

for (const [env, named] of wrong) {
  test(`${Object.keys(env).join(', ')} wrong: one sentence that names ${named}`, () => {
    assert.throws(
      () => readConfig(env),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, new RegExp(`^${named} [^\\n]+\\.$`));
        for (const value of ['p4ss', secret, 'short', 'long enough']) {
          assert.ok(!error.message.includes(value), 'the sentence repeats no value');
        }
        return true;
      },
    );
  });
}

test('nothing set: the embedded database, http on port 4000', () => {
  const config = readConfig({});
  assert.equal(config.url, 'http://localhost:4000');
  assert.equal(config.issuer, 'http://localhost:4000/');
  assert.equal(config.databaseUrl, undefined);
  assert.equal(config.secrets, undefined);
  assert.equal(config.mailFrom, 'no-reply@localhost');
  assert.match(config.dataFolder, /\/data$/);
});

test('everything set is read, and an empty variable is as good as none', () => {
  const config = readConfig({
    ...database,
    PORT: ' 8080 ',
    HOST: '::',
    METRICS_PORT: '9090',
    REGULARS_URL: 'https://Login.Example.com:443/',
    REGULARS_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1,fd00::/8',
    REGULARS_SECRET: `${secret},${randomBytes(32).toString('base64url')}`,
    REGULARS_MANAGEMENT_CLIENT_ID: 'management',
    REGULARS_MANAGEMENT_CLIENT_SECRET: 'sixteen characters',
    REGULARS_GEOIP: '',
    SMTP_URL: 'smtps://u:p@mail.example.com:465',
    MAIL_FROM: 'Lumière <hello@lumiere.example>',
    SOMETHING_ELSE: 'is not ours',
  });
  assert.equal(config.port, 8080);
  assert.equal(config.issuer, 'https://login.example.com/');
  assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', '192.0.2.1', 'fd00::/8']);
  assert.deepEqual(
    config.secrets?.map((key) => key.length),
    [32, 32],
  );
  assert.equal(config.databaseDirectUrl, database.DATABASE_URL);
  assert.deepEqual(config.managementClient, { id: 'management', secret: 'sixteen characters' });
  assert.equal(config.geoip, undefined);
});

test('every variable of the table is used, and wrong ones are told apart from unknown ones', () => {
  for (const name of Object.keys(variables).filter((key) => key.startsWith('REGULARS_'))) {
    try {
      readConfig({ [name]: '\u0000' });
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      assert.ok(!error.message.includes('is not a setting'), name);
    }
  }
});
