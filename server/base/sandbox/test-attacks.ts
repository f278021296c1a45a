/** Tells `found` of a value that leads to another realm's globals; part of what runs the escapes. */
export const foreign = `(value) => {
  try {
    return value.constructor.constructor('return globalThis')() === globalThis ? null : 'found';
  } catch {
    return null;
  }
}`;

// An error that V8 itself makes, since a symbol is no text.
const byV8 = 'const own = new Error(); own.name = Symbol(); return own.stack + own.name;';
const fails = `(async () => { ${byV8} })`;
const builtIns = `[
  () => require('child_process').execSync('id'),
  () => require('process').binding('fs'),
  () => require('process').getBuiltinModule('child_process').execSync('id'),
  () => new (require('inspector/promises').Session)().connect(),
  () => require('module')._load('child_process').execSync('id'),
  () => new (require('worker_threads').Worker)('0', { eval: true }),
  () => require('cluster').fork(),
  () => require('repl').start(),
  () => require('fs').readFileSync('/etc/passwd'),
]`;

/**
 * Public ways out of other sandboxes, by what each goes through: expressions that give nothing here. `host` calls,
 * waits and prints; its call `refused` fails, with something of the outside as the cause.
 */
export const publicEscapes: Readonly<Record<string, string>> = {
  'CVE-2022-36067 (vm2, Error.prepareStackTrace of another Error)':
    '(() => { let seen = null; const Own = Error; globalThis.Error = { prepareStackTrace(_, sites) { for (const site of sites) seen ??= foreign(site) ?? foreign(site.getThis()) ?? foreign(site.getFunction()); return "" } }; try { void new Own().stack; null.own } catch (error) { void error.stack } finally { globalThis.Error = Own } return seen })()',
  'CVE-2022-39266 (isolated-vm, cached data from code)':
    '[typeof ivm, typeof Isolate, typeof Script, typeof ExternalCopy].every((type) => type === "undefined") ? null : "found"',
  'CVE-2023-37466 (vm2, species of a promise)': `await (async () => { let seen = null; for (const one of [${fails}(), host.call("refused", "1")]) { one.constructor = { [Symbol.species]: class { constructor(run) { run((value) => { seen ??= foreign(value) }, (error) => { seen ??= foreign(error) }) } } }; one.then() } await host.wait(20); return seen })()`,
  'CVE-2026-22686 (enclave-vm, constructor chain of an error of a call)':
    'await host.call("refused", "1").catch((error) => { for (let at = error; at; at = Object.getPrototypeOf(at)) if (foreign(at)) return "found"; return foreign(error.stack) })',
  'CVE-2026-22709 (vm2, catch of an async function)': `await ${fails}().then(foreign, foreign)`,
  'CVE-2026-26332 (vm2, SuppressedError)': `(() => { if (typeof DisposableStack === "undefined") return null; const all = new DisposableStack(); all.defer(() => { throw null }); all.defer(() => { ${byV8} }); try { all.dispose() } catch (error) { return foreign(error) ?? foreign(error.error) ?? foreign(error.suppressed) } })()`,
  'CVE-2026-26956 (vm2, an error caught by WebAssembly)': `typeof WebAssembly === "undefined" ? (() => { try { ${byV8} } catch (error) { return foreign(error) } })() : "found"`,
  'CVE-2026-43997 (vm2, Object of the outside by its symbols)':
    '(() => { const held = [host, ...Object.values(host), globalThis]; for (const one of held) for (let at = one; at; at = Object.getPrototypeOf(at)) for (const key of Reflect.ownKeys(at)) { let value; try { value = at[key] } catch { continue } if (foreign(value)) return "found"; } return null })()',
  'CVE-2026-44006 (vm2, a handler that util.inspect lets out)':
    '(() => { if (typeof require === "undefined") return null; let seen = null; const { inspect } = require("util"); const own = { [inspect.custom](...given) { for (const one of [this, ...given]) seen ??= foreign(one); return "" } }; for (const one of [own, host, Buffer.from("own")]) for (const shown of [new Proxy(one, {}), { one, own }]) try { inspect(shown, { showProxy: true, showHidden: true }) } catch (error) { seen ??= foreign(error) } return seen })()',
  'CVE-2026-44008 (vm2, a setter on Array.prototype)':
    'await (async () => { let seen = null; let waits; for (let at = 0; at < 9; at += 1) Object.defineProperty(Array.prototype, at, { configurable: true, set(value) { seen ??= foreign(value) ?? foreign(this) } }); try { waits = host.call("a", "1").catch(() => null) } catch {} for (let at = 0; at < 9; at += 1) delete Array.prototype[at]; await Promise.race([waits, host.wait(200)]); return seen })()',
  'CVE-2026-45411 (vm2, return of an async generator that delegates)': `await (async () => { async function* own() { yield* { [Symbol.asyncIterator]: () => ({ next: () => ({ value: 1, done: false }) }) } } const one = own(); await one.next(); return one.return({ then() { ${byV8} } }).then(({ value }) => foreign(value), foreign) })()`,
  'CVE-2026-47140 (vm2, modules that a list forgot)': `(() => { if (typeof require === "undefined") return null; for (const reach of ${builtIns}) { try { reach() } catch { continue } return "found " + reach } return null })()`,
  'CVE-2026-47686 (vm2, cause of an error)':
    'await host.call("refused", "1").catch((error) => { for (let at = error; at; at = at.cause) if (foreign(at) || at.mainModule) return "found"; return null })',
};

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
  'unbounded lists of lists': 'const all = []; for (;;) all.push(new Array(1000));',
  'unbounded lists that are filled': 'const all = []; for (;;) all.push(new Array(300).fill("x"));',
  'unbounded lists of what is spread': 'const all = []; for (;;) all.push([...Array(1000)]);',
  'one list that is made by a builtin': 'return Array.from({ length: 1e9 }).length;',
  'a text that is split': 'return "x".repeat(2 ** 28).split("").length;',
  'a text of what stands in itself twice':
    'let own = ["x"]; for (let at = 0; at < 40; at += 1) own = [own, own]; return JSON.stringify(own);',
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
