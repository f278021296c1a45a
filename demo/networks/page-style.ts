/** The look that all simulated networks share; each brings its own `--brand` colour. */
export const pageStyle = `
:root { color-scheme: light; --brand: #333; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --ground: #f2f4f7; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { background: #fff; min-height: 100vh; display: flex; flex-direction: column; }
header { background: var(--brand); color: #fff; padding: 18px 24px; display: flex; align-items: center;
  justify-content: space-between; gap: 12px; }
header strong { font-size: 1.25rem; font-weight: 650; letter-spacing: -0.01em; }
header span { border: 1px solid currentColor; border-radius: 999px; padding: 2px 12px; font-size: 0.8125rem; }
section { padding: 28px 24px 12px; flex: 1; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.015em; margin: 0 0 6px; }
p { margin: 0 0 20px; color: var(--soft); }
p strong { color: var(--ink); }
ul { list-style: none; margin: 0 0 20px; padding: 0; display: grid; gap: 10px; }
button { font: inherit; cursor: pointer; border-radius: 12px; border: 1px solid var(--line); background: #fff;
  color: inherit; min-height: 48px; padding: 10px 18px; }
button:hover { border-color: var(--brand); background: #fafbfc; }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
button.person { width: 100%; display: flex; align-items: center; gap: 14px; text-align: left; padding: 10px 14px; }
button.person img, .who img { width: 48px; height: 48px; border-radius: 50%; flex: none; }
button.person b, .who b { display: block; font-weight: 600; }
button.person small, .who small { display: block; color: var(--soft); font-size: 0.875rem; overflow-wrap: anywhere; }
.who { display: flex; align-items: center; gap: 14px; margin: 18px 0 20px; }
#answer .acts { margin-top: 20px; }
.asked { border: 1px solid var(--line); border-radius: 12px; padding: 4px 16px; margin: 0 0 20px; gap: 0; }
.asked li, fieldset div { display: flex; gap: 12px; align-items: flex-start; padding: 12px 0; }
.asked li + li, fieldset div + div { border-top: 1px solid var(--line); }
.asked .tick { width: 20px; text-align: center; color: #1a7f37; font-weight: 700; flex: none; }
input[type=checkbox], input[type=radio] { width: 20px; height: 20px; margin: 2px 0 0; flex: none;
  accent-color: var(--brand); }
label { flex: 1; cursor: pointer; }
fieldset { border: 1px solid var(--line); border-radius: 12px; margin: 0 0 20px; padding: 4px 16px; }
legend { padding: 0 6px; font-weight: 600; }
.acts { display: flex; flex-wrap: wrap; gap: 10px; margin: 0 0 20px; }
.acts button { flex: 1 1 140px; font-weight: 600; }
button.main { background: var(--brand); border-color: var(--brand); color: #fff; }
button.main:hover { background: var(--brand); filter: brightness(1.15); }
button.plain { border: 0; background: none; padding: 10px 4px; min-height: 44px; text-decoration: underline; }
footer { padding: 16px 24px 24px; font-size: 0.8125rem; color: var(--soft); border-top: 1px solid var(--line); }
@media (min-width: 560px) {
  body { display: grid; place-items: center; padding: 40px 16px; }
  main { width: 100%; max-width: 480px; min-height: 0; border-radius: 20px; overflow: hidden;
    box-shadow: 0 1px 2px rgb(20 30 50 / 8%), 0 16px 48px rgb(20 30 50 / 12%); }
}
`;
