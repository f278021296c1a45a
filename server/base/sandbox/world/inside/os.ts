// `os`: what a machine without anything of its own says of itself.
import { parts } from './parts.ts';

/** The module `os`. */
export function makeOs(): Record<string, unknown> {
  return {
    EOL: '\n',
    devNull: '/dev/null',
    constants: parts.numbers.constants.os,
    arch: () => 'x64',
    platform: () => 'linux',
    type: () => 'Linux',
    release: () => '',
    version: () => '',
    machine: () => 'x86_64',
    hostname: () => 'localhost',
    homedir: () => '/',
    tmpdir: () => '/tmp',
    endianness: () => 'LE',
    uptime: () => 0,
    loadavg: () => [0, 0, 0],
    totalmem: () => 32 * 2 ** 20,
    freemem: () => 16 * 2 ** 20,
    availableParallelism: () => 1,
    cpus: () => [],
    networkInterfaces: () => ({}),
    userInfo: () => ({ username: 'node', uid: 1000, gid: 1000, shell: null, homedir: '/' }),
  };
}
