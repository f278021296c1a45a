// A thread of its own for judging passwords: its dictionaries take a moment to load, and a mean password a moment to
// judge, in which the server must go on.
import { parentPort } from 'node:worker_threads';
import { type MatchExtended, ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
  // Of the many ways to read `4@8(` these are enough; each costs time.
  l33tMaxSubstitutions: 10,
});

type Question = { readonly id: number; readonly password: string; readonly personal: string[] };

parentPort?.on('message', ({ id, password, personal }: Question) => {
  const { score, feedback, sequence } = zxcvbn.check(password, personal);
  parentPort?.postMessage({ id, score, warning: feedback.warning, isCommon: isCommon(sequence, password) });
});

/** Is it, as a whole, one of the passwords that are tried first? */
function isCommon([first, second]: readonly MatchExtended[], password: string): boolean {
  return second === undefined && first?.dictionaryName === 'passwords-common' && first.token === password;
}
