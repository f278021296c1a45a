// `npm exec -c 'node bench/questions.ts'`: what deciding what to ask adds to a sign-in with 100 questions, and how long
// "who would see this?" takes over 1,000,000 customers. 10 minutes and 4 GB of disk, most of it to make them.
import { loadavg } from 'node:os';
import { addCrowd } from './crowd.ts';
import { addAsks, askFor, conditions } from './question-asks.ts';
import { timeAudiences, timeDecisions } from './question-times.ts';
import { startRegulars } from './regulars.ts';

const many = Number(process.argv[2] ?? 1_000_000);
const others = 100 - Object.keys(conditions).length;

const regulars = await startRegulars(1);
try {
  const began = performance.now();
  await addCrowd(regulars, many, { searchable: false });
  const questions = new Map<string, string>();
  for (const [name, when] of Object.entries(conditions)) {
    questions.set(name, await askFor(regulars, name, 'user_metadata.interest', when));
  }
  for (let number = 0; number < others; number += 1) {
    const when = {
      all: [conditions['country and brand'] ?? {}, { attribute: 'given_name', is: 'equals', value: `N${number}` }],
    };
    await askFor(regulars, `Question ${number}`, `user_metadata.answer_${number}`, when);
  }
  await addAsks(regulars, [...questions.values()]);
  process.stderr.write(`${many} customers made in ${Math.round((performance.now() - began) / 1000)} s\n`);
  const load = () => (loadavg()[0] ?? Number.NaN).toFixed(1);
  const rows = await timeDecisions(regulars);
  process.stdout.write(
    [
      `Load ${load()}`,
      '| what | measured | goal |',
      '|---|---|---|',
      ...rows.map(({ what, figure, goal }) => `| ${what} | ${figure} | ${goal} |`),
      '',
      `| who would see this? ${many.toLocaleString('en')} customers | estimate (goal: < 200 ms) | exactly (goal: < 1 s) |`,
      '|---|---|---|',
      ...(await timeAudiences(regulars, questions)),
      `Load ${load()}`,
      '',
    ].join('\n'),
  );
} finally {
  await regulars.stop();
}
