// How many password verifications a second these cores give when they do nothing else; prints one JSON line.
import { availableParallelism } from 'node:os';
import { createPasswordHasher } from '../server/base/credentials/password-hash.ts';
import { measure } from './load.ts';

const hasher = createPasswordHasher();
const hash = await hasher.hash('Password of the bench');
const before = process.cpuUsage();
const measured = await measure(
  availableParallelism(),
  5,
  async () => {
    const { ok } = await hasher.verify(hash, 'Password of the bench');
    if (!ok) throw new Error('the right password was refused');
  },
  0,
);
const { user, system } = process.cpuUsage(before);
const cpuMs = (user + system) / 1000 / measured.count;
process.stdout.write(`${JSON.stringify({ perSecond: measured.perSecond, cpuMs })}\n`);
