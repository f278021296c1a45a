/** Code that never ends, each in another way. */
export const loops = {
  'a loop': 'while (true);',
  'a loop after an await': 'await host.wait(1); while (true);',
  'a loop of microtasks': 'for (;;) await null;',
  'a loop of timers': 'for (;;) await host.wait(1);',
  'a pattern that tracks back': '/^(a+)+$/.test("a".repeat(60) + "b");',
  'a promise that never ends': 'await new Promise(() => {});',
  'a call that is never answered': 'await host.call("never", "1"); await new Promise(() => {});',
  'a generator that never ends': 'const own = (function* () { for (;;) yield 1; })(); for (const one of own);',
  'a getter that never ends': 'throw { get message() { while (true); } };',
  'a thenable that calls itself': 'const own = { then(done) { done(own) } }; await own;',
  'a builtin that V8 does not interrupt': '[].indexOf.call({ length: 2 ** 53 - 1 }, 1);',
} as const;

/** Code that takes all it can get. */
export const hostile = {
  'unbounded lists': 'const all = []; for (;;) all.push([all.length]);',
  'unbounded maps': 'const all = new Map(); for (let at = 0; ; at += 1) all.set(at, {});',
  'unbounded texts': 'const all = []; for (;;) all.push("x".repeat(1e5) + Math.random());',
  'a text that doubles': 'let all = "x"; for (;;) all += all;',
  'endless recursion': 'const own = () => own() + 1; return own();',
  'unbounded buffers': 'const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1));',
  'buffers that grow':
    'const all = []; for (;;) { const one = new ArrayBuffer(1e7, { maxByteLength: 1e8 }); new Uint8Array(one).fill(1); all.push(one); }',
  'buffers that grow, by a subclass':
    'class Own extends ArrayBuffer { constructor() { super(1e7, { maxByteLength: 1e8 }) } } const all = []; for (;;) all.push(new Own());',
  'buffers that grow, by the constructor of another':
    'const Own = new Uint8Array(1).buffer.constructor; const all = []; for (;;) all.push(new Own(1e7, { maxByteLength: 1e8 }));',
  'a list of a billion': 'return new Array(1e9).fill(0).length;',
  'a huge number': 'let own = 3n; for (;;) own *= own;',
  'texts of a language, which V8 does not count':
    'const all = []; for (;;) all.push(new Intl.DateTimeFormat("de", { month: "long" }));',
  'unbounded closures': 'let own = () => 0; for (;;) { const before = own; own = () => before; }',
  'an error with an endless text':
    'const error = new Error("x".repeat(2 ** 28)); for (;;) error.message += error.message;',
  'an output without end': 'const own = {}; own.own = own; return own;',
} as const;
